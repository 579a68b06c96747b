// Over HTTP/1.1 a browser opens six connections to a server, for all its tabs. Streams that took them all would leave none for
// messages, pictures, the next page.
const STREAMS = 4;

/** Takes a place for a stream to that origin; returns what gives it back, or null where all are taken. */
export async function takePlace(origin) {
  if (!globalThis.navigator?.locks || sharesConnections(origin)) return () => {};
  for (let place = 0; place < STREAMS; place++) {
    const giveBack = await tryLock(`ephemeral-chat stream ${place} ${origin}`);
    if (giveBack !== null) return giveBack;
  }
  return null;
}

function tryLock(name) {
  return new Promise((resolve) => {
    const held = (lock) => (lock === null ? resolve(null) : new Promise((giveBack) => resolve(giveBack)));
    // Where locks are forbidden, tabs cannot count together.
    navigator.locks.request(name, { ifAvailable: true }, held).catch(() => resolve(() => {}));
  });
}

/** HTTP/2 and later carry all requests to an origin over one connection. */
function sharesConnections(origin) {
  const known = ["navigation", "resource"].flatMap((type) => performance.getEntriesByType?.(type) ?? []);
  return known.some(({ name, nextHopProtocol }) => /^h[23]/.test(nextHopProtocol) && name.startsWith(`${origin}/`));
}
