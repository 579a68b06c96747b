import { backoff } from "./common.js";
import { ChatError } from "./error.js";

const MAX_WAITING = 100;
// An attempt without an answer for so long may be one over a network that is gone.
const OLD_MS = 2_000;

/** Sends messages one by one, in the order of the calls. An attempt whose fate is unknown is repeated with the same id. */
export class Outbox {
  #items = [];
  #busy = false;
  #closed = false;
  #attempt = 0;
  #goOn = () => {};
  #giveUpOld = () => {};
  #handlers;

  constructor(handlers) {
    this.#handlers = handlers;
  }

  async send(item) {
    item.signal?.throwIfAborted();
    if (this.#closed) throw new ChatError("ended");
    if (this.#items.length >= MAX_WAITING) throw new ChatError("too_many_waiting");
    const stored = new Promise((resolve, reject) => Object.assign(item, { resolve, reject }));
    const dropped = () => this.#settle(item, () => item.reject(item.signal.reason));
    item.signal?.addEventListener("abort", dropped);
    this.#items.push(item);
    this.#pump();
    return stored.finally(() => item.signal?.removeEventListener("abort", dropped));
  }

  /** The stream has shown this message: whatever becomes of the answer, it is stored. */
  confirm(message) {
    const item = this.#items.find(({ id }) => id === message.id);
    if (item) this.#settle(item, () => item.resolve(message));
  }

  /** Tries at once instead of waiting, for a pause or for an answer, for instance because the connection is back. */
  flush() {
    this.#attempt = 0;
    this.#goOn();
    this.#giveUpOld();
  }

  close() {
    this.#closed = true;
    for (const item of this.#items.splice(0)) item.reject(new ChatError("ended"));
    this.flush();
  }

  async #pump() {
    if (this.#busy) return;
    this.#busy = true;
    while (this.#items.length > 0) {
      const [item] = this.#items;
      try {
        const message = await this.#post(item);
        this.#attempt = 0;
        this.#settle(item, () => item.resolve(message));
      } catch (error) {
        await this.#failed(item, error);
      }
    }
    this.#busy = false;
  }

  async #post(item) {
    const since = performance.now();
    const attempt = new AbortController();
    const dropped = () => attempt.abort(item.signal.reason);
    item.signal?.addEventListener("abort", dropped);
    this.#giveUpOld = () => performance.now() - since > OLD_MS && attempt.abort(new ChatError("network"));
    try {
      return await this.#handlers.post({ ...item, signal: attempt.signal });
    } finally {
      this.#giveUpOld = () => {};
      item.signal?.removeEventListener("abort", dropped);
    }
  }

  async #failed(item, error) {
    if (!this.#items.includes(item)) return;
    if (!error.temporary) {
      this.#settle(item, () => item.reject(error));
      return;
    }
    const pause = new Promise((resolve) => (this.#goOn = resolve));
    const timer = setTimeout(this.#goOn, backoff(this.#attempt++, error.retryAfterMs ?? 0));
    this.#handlers.onDelay(item, error);
    await pause;
    clearTimeout(timer);
  }

  #settle(item, how) {
    this.#items = this.#items.filter((each) => each !== item);
    how();
    if (this.#items.length === 0) this.#goOn();
  }
}
