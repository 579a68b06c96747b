// What the element keeps in the browser: preferences in localStorage, and in sessionStorage, which ends with the tab, what
// somebody has written and not sent yet. Nothing that was said in a room, and no token.
const PREFIX = "ephemeral-chat:";

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
    this.#end = room.latestExpiresAt.getTime();
  }

  /** `{draft, waiting}`: a text, and messages as the outbox has them. */
  load() {
    const { draft = "", waiting = [] } = parsed(get("sessionStorage", this.#key)) ?? {};
    return { draft, waiting };
  }

  save({ draft, waiting }) {
    const nothing = draft === "" && waiting.length === 0;
    put("sessionStorage", this.#key, nothing ? null : JSON.stringify({ draft, waiting, end: this.#end }));
  }

  forget() {
    put("sessionStorage", this.#key, null);
  }
}

/** Of rooms that have ended meanwhile nothing stays. */
function sweep() {
  try {
    for (const key of Object.keys(sessionStorage).filter((each) => each.startsWith(`${PREFIX}unsent `))) {
      if (!(parsed(sessionStorage.getItem(key))?.end > Date.now())) sessionStorage.removeItem(key);
    }
  } catch {
    // Nothing is kept here.
  }
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
