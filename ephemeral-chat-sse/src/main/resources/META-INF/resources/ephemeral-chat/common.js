/** An unguessable id for a message. (`crypto.randomUUID` is missing on plain http.) */
export function newMessageId() {
  return randomText(16);
}

export function randomText(bytes) {
  return base64url(crypto.getRandomValues(new Uint8Array(bytes)));
}

export function base64url(bytes) {
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Null unless it is exactly what base64url() makes of some bytes. */
export function bytesOf(text) {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) return null;
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  return base64url(bytes) === text ? bytes : null;
}

export function utf8(text) {
  return new TextEncoder().encode(text);
}

export function message(data) {
  return { ...data, sentAt: new Date(data.sentAt) };
}

/** Doubles from half a second to 15 s, half of it random; what the server asked for is never undercut. */
export function backoff(attempt, atLeast = 0) {
  const ceiling = Math.min(15_000, 500 * 2 ** Math.min(attempt, 10));
  return Math.max(ceiling * (0.5 + Math.random() / 2), atLeast + Math.random() * 250);
}

/** Rejects with the signal's reason if that comes first. */
export function pause(ms, signal) {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal?.addEventListener("abort", stop, { once: true });
  });
}

export function roomPath(code) {
  return `/rooms/${encodeURIComponent(code)}`;
}

/** An entry's id is `<sequence>-<nonce>`; not a number where there is none, and 0 before the first entry. */
export function sequenceOf(id) {
  return id === null ? 0 : Number.parseInt(id, 10);
}

/** Lets the page do something else for a moment. (Timers are slow in tabs that nobody sees.) */
export function breathe() {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
