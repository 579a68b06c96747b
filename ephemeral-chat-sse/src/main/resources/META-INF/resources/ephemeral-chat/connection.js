import { backoff, breathe, pause } from "./common.js";
import { ChatError } from "./error.js";
import { parsed } from "./frames.js";

// How long a stream may take to bring its first byte.
const FIRST_BYTE_MS = 4_000;
// The server breaks every silence of a stream within 15 s, so a longer one is a dead connection.
const SILENCE_MS = 35_000;
export const STEADY_MS = 5_000;
// After a sleep sockets may be dead without knowing it, pooled ones too: each attempt is short, and uses up one.
const WAKING_MS = 1_500;
const WAKING_ATTEMPTS = 3;
const FRESH_MS = 2_000;
// How long a stream that is being replaced may take to say why the room is gone.
const LAST_WORD_MS = 1_000;
const SLICE_MS = 6;

/** One event stream (or poll) after another, each from where the last one stopped, until it is closed. */
export class Connection {
  #sources;
  #handlers;
  #run = null;
  // A stream that is being replaced: if it is alive after all, nothing of it is missed.
  #before = null;
  #timer;
  #attempt = 0;
  #waking = 0;
  #retryMs = 2_000;
  #heardAt = { steady: 0, wall: 0 };
  #state = "closed";

  constructor(sources, handlers) {
    this.#sources = sources;
    this.#handlers = handlers;
  }

  get state() {
    return this.#state;
  }

  get isOpen() {
    return this.#state !== "closed";
  }

  open() {
    this.#stop();
    this.#attempt = 0;
    this.#state = "opening";
    this.#read();
  }

  close() {
    this.#stop();
    this.#state = "closed";
  }

  /** Another stream of this seat took over: this one comes back when it is told to. */
  rest() {
    this.#stop();
    this.#enter("replaced");
  }

  /** Tries at once. A stream that looks alive may have died while this device or page was asleep: it is made anew. */
  wake(takeOver) {
    if (!this.isOpen || (this.#state === "replaced" && !takeOver)) return;
    if (this.#state === "live" && this.#isFresh) return;
    this.#waking = WAKING_ATTEMPTS;
    const before = this.#state === "live" ? this.#run : null;
    if (before) this.#run = null;
    this.open();
    this.#before = before;
  }

  /** By both clocks: some systems stop one of them while they sleep, and people change the other. */
  get #isFresh() {
    const { steady, wall } = this.#heardAt;
    return performance.now() - steady < FRESH_MS && Date.now() - wall < FRESH_MS;
  }

  /** The system says that it is offline. It may be wrong (a server on this machine), so trying goes on. */
  lostNetwork() {
    if (!this.isOpen || this.#state === "replaced") return;
    this.#stop();
    this.#again(backoff(this.#attempt++), "offline");
  }

  async #read() {
    const run = (this.#run = new AbortController());
    const current = () => this.#run === run;
    const tried = { begun: performance.now(), failure: null, heard: false, brought: false, waking: this.#waking-- > 0 };
    try {
      await this.#follow(run, tried);
      if (current() && this.#sources.polls) this.#live(tried);
    } catch (error) {
      tried.failure = error;
    }
    if (current() && !tried.waking && isStarved(tried)) {
      clearTimeout(this.#timer);
      // Another way need not wait.
      if (await this.#handlers.onStarved()) this.#attempt = 0;
    }
    if (current() && this.#before && tried.failure?.code === "unauthorized") await pause(LAST_WORD_MS);
    if (current()) this.#over(tried);
  }

  /** Takes what comes until the end of the stream, or until another one has taken its place. */
  async #follow(run, tried) {
    const atOnce = this.#state !== "live";
    const first = this.#sources.timeout(tried.waking ? WAKING_MS : FIRST_BYTE_MS);
    this.#watch(run, atOnce ? first : this.#sources.silence(first));
    let since = tried.begun;
    for await (const frame of this.#handlers.frames({ atOnce, signal: run.signal })) {
      if (performance.now() - since > SLICE_MS) {
        await breathe();
        since = performance.now();
      }
      await this.#handlers.behind();
      if (this.#run === run) {
        this.#watch(run, this.#sources.silence(SILENCE_MS));
        this.#live(tried);
        if (this.#take(frame)) tried.brought = true;
      } else if (this.#before !== run) {
        return;
      } else if (frame.type !== "replaced") {
        this.#take(frame);
      }
    }
  }

  #watch(run, ms) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => run.abort(), ms);
  }

  #live(tried) {
    this.#heardAt = { steady: performance.now(), wall: Date.now() };
    if (tried.heard) return;
    tried.heard = true;
    this.#waking = 0;
    this.#before?.abort();
    this.#before = null;
    this.#sources.arrived();
    this.#enter("live");
  }

  /** Returns whether it was an entry. */
  #take({ type = "message", id, data, retry }) {
    this.#handlers.onBytes();
    if (/^\d+$/.test(retry)) this.#retryMs = Math.min(Number(retry), 30_000);
    const value = data === undefined ? null : parsed(data);
    if (value !== null) this.#handlers.onEvent({ type, id, data: value });
    return value !== null && id !== undefined && type !== "ready";
  }

  #over({ begun, failure, heard, brought, waking }) {
    const lasted = performance.now() - begun;
    this.#stop();
    if (failure?.code === "unauthorized") {
      this.close();
      this.#handlers.onGone();
      return;
    }
    if (failure?.code === "invalid_request") this.#handlers.onUnreadable();
    if (failure === null && this.#sources.polls) {
      this.#attempt = 0;
      this.#again(this.#sources.pause(brought, lasted), "live");
      return;
    }
    if (lasted > STEADY_MS && heard) this.#attempt = 0;
    // A stream that the server ended has said when to come back; one that brought nothing was not the server's.
    const wait = failure === null && heard ? this.#retryMs : waking ? 0 : backoff(this.#attempt++, failure?.retryAfterMs ?? 0);
    const looksFine = waking && this.#waking > 0;
    this.#again(wait, looksFine ? "opening" : globalThis.navigator?.onLine === false ? "offline" : "connecting");
  }

  #again(wait, state) {
    this.#timer = setTimeout(() => this.#read(), wait);
    this.#enter(state);
  }

  #stop() {
    clearTimeout(this.#timer);
    const runs = [this.#run, this.#before];
    this.#run = this.#before = null;
    runs.forEach((run) => run?.abort());
  }

  #enter(state) {
    this.#state = state;
    this.#handlers.onState();
  }
}

/** Nothing came in time, or something else ended or answered it. What the server refuses is no trouble of the network's. */
function isStarved({ heard, failure }) {
  return !heard && !(failure instanceof ChatError && failure.code !== "unknown" && failure.code !== "network");
}
