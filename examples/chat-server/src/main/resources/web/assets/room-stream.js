import { backoff } from "./backoff.js";

const OPEN_WITHIN_MS = 15_000;
const DELIVER_WITHIN_MS = 4_000;
const HOPELESS_REFUSALS = 6;
// More than the one break that an ended stream is: what happened meanwhile, nobody here can know.
const OUTAGE = Infinity;

/**
 * A room's entries, each once and in order, over any number of connections.
 *
 * Handlers: `onEntry(type, entry)` for message, joined and left; `onReset()`: drop what was shown; `onState(state)`:
 * live, connecting, offline, replaced; `onEnd(reason)`: the server said that the room is over; `onGone({sudden})`:
 * the seat or the room is gone and nobody said why, `sudden` when the connection was fine until that moment.
 * `probe()` resolves to whether the seat is still ours, and rejects (with `retryAfterMs`) when that can't be known now.
 */
export class RoomStream {
  #source = null;
  #lastId = null;
  #lastSequence = 0;
  // Questions in a row that got no answer; streams in a row that were refused; breaks since the stream was last open.
  #attempt = 0;
  #refusals = 0;
  #trouble = 0;
  // Tells a late answer to an old question from the answer to the present one.
  #round = 0;
  #retryTimer;
  #openTimer;
  #expectTimer;
  #state = null;

  constructor({ url, probe, handlers }) {
    this.url = url;
    this.probe = probe;
    this.handlers = handlers;
    this.onOffline = () => this.#lostNetwork();
    this.onOnline = () => this.wake();
  }

  get state() {
    return this.#state;
  }

  get lastSequence() {
    return this.#lastSequence;
  }

  start() {
    addEventListener("offline", this.onOffline);
    addEventListener("online", this.onOnline);
    this.#open();
  }

  /** Connects afresh now: the network is back, or this page takes over from the one that replaced it. */
  wake({ takeOver = false } = {}) {
    if (this.#state === "closed" || (this.#state === "replaced" && !takeOver)) return;
    this.#attempt = 0;
    this.#refusals = 0;
    this.#open();
  }

  /** The head is known to be at `sequence`: if the stream doesn't get there soon, it only looks alive. */
  expect(sequence) {
    if (sequence <= this.#lastSequence || this.#state !== "live" || this.#expectTimer) return;
    this.#expectTimer = setTimeout(() => {
      this.#expectTimer = undefined;
      if (this.#state === "live" && this.#lastSequence < sequence) this.#open();
    }, DELIVER_WITHIN_MS);
  }

  close() {
    removeEventListener("offline", this.onOffline);
    removeEventListener("online", this.onOnline);
    this.#disconnect();
    this.#state = "closed";
  }

  #open() {
    this.#disconnect();
    this.#enter("connecting");
    const resume = this.#lastId === null ? "" : `?lastEventId=${encodeURIComponent(this.#lastId)}`;
    const source = new EventSource(this.url + resume);
    this.#source = source;
    const on = (type, handle) =>
      source.addEventListener(type, (event) => {
        // A source that was given up may still have events queued.
        if (this.#source === source) handle(event);
      });
    on("open", () => this.#opened());
    on("error", () => (source.readyState === EventSource.CLOSED ? this.#refused() : this.#interrupted()));
    for (const type of ["message", "joined", "left"]) on(type, (event) => this.#entry(type, event));
    on("reset", (event) => this.#reset(parse(event)?.firstSequence));
    on("replaced", () => this.#replaced());
    on("destroyed", (event) => this.#ended(parse(event)?.reason));
    this.#openTimer = setTimeout(() => this.#refused(), OPEN_WITHIN_MS);
  }

  #opened() {
    clearTimeout(this.#openTimer);
    this.#refusals = 0;
    this.#trouble = 0;
    this.#enter("live");
  }

  #entry(type, event) {
    const entry = parse(event);
    if (!Number.isSafeInteger(entry?.sequence) || entry.sequence <= this.#lastSequence) return;
    this.#lastSequence = entry.sequence;
    this.#lastId = event.lastEventId;
    this.handlers.onEntry(type, entry);
  }

  #reset(firstSequence) {
    // The old position is worthless from here on; until an entry gives a new one, start from what is retained.
    this.#lastId = null;
    this.#lastSequence = Number.isSafeInteger(firstSequence) ? firstSequence - 1 : 0;
    this.handlers.onReset();
  }

  #replaced() {
    this.#disconnect();
    this.#enter("replaced");
  }

  #ended(reason) {
    this.close();
    this.handlers.onEnd(reason);
  }

  /** The browser tries again by itself, with the last id it saw. */
  #interrupted() {
    this.#trouble++;
    this.#enter(navigator.onLine ? "connecting" : "offline");
    clearTimeout(this.#openTimer);
    this.#openTimer = setTimeout(() => this.#refused(), OPEN_WITHIN_MS);
  }

  /** EventSource has given up for good, and does not say why: the room's own answer does. */
  #refused() {
    this.#refusals++;
    this.#disconnect();
    this.#enter(navigator.onLine ? "connecting" : "offline");
    this.#ask();
  }

  async #ask() {
    const round = ++this.#round;
    let mine;
    try {
      mine = await this.probe();
    } catch (error) {
      if (round === this.#round) this.#askAgain(error);
      return;
    }
    // Closed, or opened in another way, while the answer was under way.
    if (round !== this.#round) return;
    this.#attempt = 0;
    if (mine) this.#openAgain();
    else this.#gone();
  }

  #askAgain(error) {
    this.#trouble = OUTAGE;
    this.#refusals = 0;
    this.#enter(navigator.onLine ? "connecting" : "offline");
    this.#retryTimer = setTimeout(() => this.#ask(), backoff(this.#attempt++, { atLeast: error.retryAfterMs ?? 0 }));
  }

  #openAgain() {
    if (this.#refusals <= 1) {
      this.#open();
      return;
    }
    // The seat is ours and still there is no stream, again and again: perhaps the server can't read our position.
    if (this.#refusals === HOPELESS_REFUSALS && this.#lastId !== null) this.#reset(1);
    this.#retryTimer = setTimeout(() => this.#open(), backoff(this.#refusals));
  }

  #gone() {
    const sudden = this.#trouble <= 1;
    this.close();
    this.handlers.onGone({ sudden });
  }

  /** The system says that it is offline. It may be wrong (a server on this machine), so asking goes on. */
  #lostNetwork() {
    if (this.#state === "closed" || this.#state === "replaced") return;
    this.#disconnect();
    this.#trouble = OUTAGE;
    this.#enter("offline");
    this.#retryTimer = setTimeout(() => this.#ask(), backoff(this.#attempt++));
  }

  #disconnect() {
    clearTimeout(this.#openTimer);
    clearTimeout(this.#expectTimer);
    this.#expectTimer = undefined;
    clearTimeout(this.#retryTimer);
    this.#round++;
    this.#source?.close();
    this.#source = null;
  }

  #enter(state) {
    if (this.#state === state) return;
    this.#state = state;
    this.handlers.onState(state);
  }
}

function parse(event) {
  try {
    return JSON.parse(event.data);
  } catch {
    return null;
  }
}
