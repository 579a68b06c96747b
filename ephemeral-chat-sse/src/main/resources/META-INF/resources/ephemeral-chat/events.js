import { frames } from "./frames.js";
import { takePlace } from "./places.js";
import { ways } from "./store.js";

const WAIT_S = 20;
const POLL_MS = WAIT_S * 1_000 + 12_000;
const PAUSE_MS = 1_000;
// Without a place for a stream, news is asked for again and again: more often where somebody is looking.
const CROWDED_MS = { visible: 1_000, hidden: 4_000 };

// Some networks hold GET streams back and pass others; some hold back whatever does not end.
const GET = 0;
const POST = 1;
const POLL = 2;

/**
 * How the events of a room come: as a stream, or as one short answer after another. Each way that brings nothing, although
 * the server answers, makes place for the next one; the tab remembers what works.
 */
export class EventSources {
  #api;
  #path;
  #origin;
  #starved = 0;
  #crowded = false;
  // The way of the attempt that runs: another room of the tab may find another one meanwhile.
  #tried = GET;

  constructor(api, path) {
    this.#api = api;
    this.#path = path;
    this.#origin = new URL(api.url("")).origin;
  }

  get #way() {
    return ways.of(this.#origin);
  }

  /** Whether events come in answers that end by themselves. */
  get polls() {
    return this.#crowded || this.#way === POLL;
  }

  /** How long to wait after a poll. */
  pause(brought, lasted) {
    if (!this.#crowded) return brought ? 0 : Math.max(0, PAUSE_MS - lasted);
    return CROWDED_MS[globalThis.document?.visibilityState] ?? CROWDED_MS.hidden;
  }

  /** How long an answer may be silent: a poll is silent until something happens. */
  silence(ms) {
    return this.polls ? POLL_MS : ms;
  }

  /** The round trips of a slow network must not look like one that holds streams back. */
  timeout(ms) {
    return Math.max(ms, 3 * this.#api.roundTrip);
  }

  /** The frames after the entry `lastId`; a poll that is to answer `atOnce` does not wait for news. */
  async *frames(lastId, { atOnce, signal }) {
    this.#tried = this.#way;
    const giveBack = this.#tried === POLL ? () => {} : await takePlace(this.#origin);
    this.#crowded = giveBack === null;
    try {
      const query = this.polls ? `?wait=${atOnce || this.#crowded ? 0 : WAIT_S}` : "";
      const method = this.#way === POST && !this.polls ? "POST" : "GET";
      yield* frames(await this.#api.stream(this.#path + query, { method, lastId, signal }));
    } finally {
      giveBack?.();
    }
  }

  arrived() {
    this.#starved = 0;
  }

  /**
   * A stream brought no byte. If that happens twice in a row while the server answers otherwise, another way is taken.
   * (Once says little: a server may have come back just now.) Returns whether one is.
   */
  async starved(roomPath) {
    const tried = this.#tried;
    if (this.#crowded || tried === POLL) return false;
    try {
      await this.#api.call("GET", roomPath, { has: ["id", "now"], within: this.timeout(5_000) });
    } catch {
      this.#starved = 0;
      return false;
    }
    if (++this.#starved < 2) return false;
    this.#starved = 0;
    if (this.#way === tried) ways.found(this.#origin, tried + 1);
    return true;
  }

  /** Another network: what was found out is no longer true. */
  forget() {
    this.#starved = 0;
    ways.found(this.#origin, GET);
  }
}
