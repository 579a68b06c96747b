import { backoff } from "./common.js";
import { frames, parsed } from "./frames.js";

const OPEN_MS = 15_000;
// The server breaks every silence of a stream within 15 s, so a longer one is a dead connection.
const SILENCE_MS = 35_000;
export const STEADY_MS = 5_000;

/** One event stream after another, each from where the last one stopped, until it is closed. */
export class Connection {
  #handlers;
  #run = null;
  #timer;
  #attempt = 0;
  #retryMs = 2_000;
  #state = "closed";

  constructor(handlers) {
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

  wake(takeOver) {
    if (this.#state === "connecting" || this.#state === "offline" || (this.#state === "replaced" && takeOver)) this.open();
  }

  /** The system says that it is offline. It may be wrong (a server on this machine), so trying goes on. */
  lostNetwork() {
    if (!this.isOpen || this.#state === "replaced") return;
    this.#stop();
    this.#again(backoff(this.#attempt++), "offline");
  }

  async #read() {
    const run = (this.#run = new AbortController());
    const watch = (ms) => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => run.abort(), ms);
    };
    const begun = performance.now();
    let failure = null;
    try {
      watch(OPEN_MS);
      const body = await this.#handlers.connect(run.signal);
      if (this.#run !== run) return;
      this.#enter("live");
      for await (const frame of frames(body)) {
        if (this.#run !== run) return;
        watch(SILENCE_MS);
        this.#take(frame);
      }
    } catch (error) {
      failure = error;
    }
    if (this.#run === run) this.#broken(failure, performance.now() - begun);
  }

  #take({ type = "message", id, data, retry }) {
    this.#handlers.onBytes();
    if (/^\d+$/.test(retry)) this.#retryMs = Math.min(Number(retry), 30_000);
    const value = data === undefined ? null : parsed(data);
    if (value !== null) this.#handlers.onEvent({ type, id, data: value });
  }

  #broken(failure, lasted) {
    this.#stop();
    if (failure?.status === 401) {
      this.close();
      this.#handlers.onGone();
      return;
    }
    if (failure?.status === 400) this.#handlers.onUnreadable();
    if (lasted > STEADY_MS) this.#attempt = 0;
    // A stream that the server ended has said when to come back.
    const wait = failure === null ? this.#retryMs : backoff(this.#attempt++, failure.retryAfterMs ?? 0);
    this.#again(wait, navigator.onLine ? "connecting" : "offline");
  }

  #again(wait, state) {
    this.#timer = setTimeout(() => this.#read(), wait);
    this.#enter(state);
  }

  #stop() {
    clearTimeout(this.#timer);
    const run = this.#run;
    this.#run = null;
    run?.abort();
  }

  #enter(state) {
    this.#state = state;
    this.#handlers.onState();
  }
}
