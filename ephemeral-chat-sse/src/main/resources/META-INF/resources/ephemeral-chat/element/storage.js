// What the element keeps in the browser: preferences in localStorage, and in sessionStorage, which ends with the tab, what
// somebody has written and not sent yet. Nothing that was said in a room, and no token.
const PREFIX = "ephemeral-chat:";
const DAY_MS = 86_400_000;
let sweeping;

/** A preference of the person's: null forgets it. */
export function remember(key, value) {
  put("localStorage", key, value);
}

export function recall(key) {
  return get("localStorage", key);
}

/** What is not sent yet in one room, for as long as the tab and the room live. */
export class Unsent {
  #key;
  #end;

  constructor(base, room) {
    sweep();
    this.#key = `unsent ${new URL(base, document.baseURI).href} ${room.code} ${room.me.id}`;
    // By the clock of this device, which may be wrong.
    this.#end = Date.now() + room.msLeft + (room.latestExpiresAt - room.expiresAt);
  }

  /** `{draft, waiting}`: a text, and messages as the outbox has them. */
  load() {
    const { draft = "", waiting = [] } = parsed(get("sessionStorage", this.#key)) ?? {};
    return { draft, waiting };
  }

  save({ draft, waiting }) {
    const nothing = draft === "" && waiting.length === 0;
    put("sessionStorage", this.#key, nothing ? null : JSON.stringify({ draft, waiting, end: this.#end }));
    sweep();
  }

  forget() {
    put("sessionStorage", this.#key, null);
  }
}

/** Of rooms that can't live any more nothing stays: now, and once the next one can't, whatever the element shows then. */
export function sweep() {
  clearTimeout(sweeping);
  const now = Date.now();
  let next = Infinity;
  try {
    for (const key of Object.keys(sessionStorage).filter((each) => each.startsWith(`${PREFIX}unsent `))) {
      const end = parsed(sessionStorage.getItem(key))?.end;
      if (!(end > now)) sessionStorage.removeItem(key);
      else if (end < next) next = end;
    }
  } catch {
    // Nothing is kept here.
  }
  if (next < Infinity) sweeping = setTimeout(sweep, Math.min(next - now, DAY_MS));
}

function get(storage, key) {
  try {
    return globalThis[storage].getItem(PREFIX + key);
  } catch {
    return null;
  }
}

function put(storage, key, value) {
  try {
    if (value === null) globalThis[storage].removeItem(PREFIX + key);
    else globalThis[storage].setItem(PREFIX + key, value);
  } catch {
    // Storage may be switched off or full: it is good for this page only.
  }
}

function parsed(json) {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}
