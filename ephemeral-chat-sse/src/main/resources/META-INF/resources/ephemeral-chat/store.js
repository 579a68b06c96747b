// What the browser keeps for this client: where it has a seat, and which way through the network works. Storage may be
// switched off, full or blocked: then this page's memory does.

import { randomText } from "./common.js";

const PREFIX = "ephemeral-chat:";
const DAY_MS = 86_400_000;

class Store {
  #name;
  #memory = new Map();

  constructor(name) {
    this.#name = name;
  }

  get(key) {
    try {
      const kept = globalThis[this.#name].getItem(PREFIX + key);
      if (kept !== null) return JSON.parse(kept);
    } catch {
      // Nothing is kept, or nothing that can be read.
    }
    return this.#memory.get(key) ?? null;
  }

  set(key, value) {
    this.#memory.set(key, value);
    try {
      globalThis[this.#name].setItem(PREFIX + key, JSON.stringify(value));
    } catch {
      // It is good for this page only.
    }
  }

  remove(key) {
    this.#memory.delete(key);
    try {
      globalThis[this.#name].removeItem(PREFIX + key);
    } catch {
      // It was never kept.
    }
  }

  keys(start) {
    try {
      const kept = Object.keys(globalThis[this.#name]).filter((key) => key.startsWith(PREFIX + start));
      return kept.map((key) => key.slice(PREFIX.length));
    } catch {
      return [...this.#memory.keys()].filter((key) => key.startsWith(start));
    }
  }
}

const forBrowser = new Store("localStorage");
const forTab = new Store("sessionStorage");
let sweeping;

/**
 * The seats that this browser has taken: room, participant and end, never a token. A cookie alone says nothing: whoever
 * has a name below the same domain can plant one. A login has the same participant id in a room each time, so each taking of
 * a seat has a mark of its own, `taken`: a tab of a former seat forgets nothing of the present one.
 */
export const seats = {
  of: (room) => forBrowser.get(`seat ${room}`),

  /** Notes the seat, and returns what is noted. */
  took(room, participant, end, sealed) {
    seats.sweep();
    // The record may be that of another tab's seat, where tabs go by tokens: then this tab's key knows the mark.
    const known = [seats.of(room), keys.of(room)].find((each) => each?.participant === participant);
    const seat = { participant, taken: known?.taken ?? randomText(8), end, ...(sealed && { sealed }) };
    forBrowser.set(`seat ${room}`, seat);
    return seat;
  },

  /** Rooms that ended while nobody was looking. The clock of this device may be wrong. */
  sweep() {
    const latest = Date.now() - DAY_MS;
    for (const key of forBrowser.keys("seat ")) {
      if (!(forBrowser.get(key)?.end > latest)) forBrowser.remove(key);
    }
  },

  lost: (room, taken) => seats.of(room)?.taken === taken && forBrowser.remove(`seat ${room}`),
};

// Rooms that are open in this page.
const inUse = new Map();

/** The keys of the encrypted rooms that this tab is in, each with the seat that it serves, until the room's latest end. */
export const keys = {
  of: (room) => forTab.get(`key ${room}`),
  lost: (room, taken) => keys.of(room)?.taken === taken && forTab.remove(`key ${room}`),

  keep(room, key) {
    forTab.set(`key ${room}`, key);
    keys.sweep();
  },

  /** Those of open rooms stay, however the clock of this device is set. Returns what ends the use. */
  use(room) {
    inUse.set(room, (inUse.get(room) ?? 0) + 1);
    return () => {
      const left = inUse.get(room) - 1;
      if (left > 0) inUse.set(room, left);
      else inUse.delete(room);
      keys.sweep();
    };
  },

  /** Those of rooms that can't live any more: now, and once the next one can't, whether anybody looks or not. */
  sweep() {
    clearTimeout(sweeping);
    const now = Date.now();
    let next = Infinity;
    for (const key of forTab.keys("key ")) {
      const end = forTab.get(key)?.end;
      if (end > now) next = Math.min(next, end);
      else if (!inUse.has(key.slice("key ".length))) forTab.remove(key);
    }
    if (next === Infinity) return;
    sweeping = setTimeout(keys.sweep, Math.min(next - now, DAY_MS));
    // Node waits for no timer like this.
    sweeping.unref?.();
  },
};

// Another tab has seen the end of the seat.
globalThis.addEventListener?.("storage", ({ key, oldValue, newValue }) => {
  const start = `${PREFIX}seat `;
  if (newValue === null && key?.startsWith(start)) keys.lost(key.slice(start.length), JSON.parse(oldValue).taken);
});

/** How events come through this network, as this tab has found out. */
export const ways = {
  of: (origin) => forTab.get(`way ${origin}`) ?? 0,
  found: (origin, way) => (way === 0 ? forTab.remove(`way ${origin}`) : forTab.set(`way ${origin}`, way)),
};
