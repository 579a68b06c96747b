import { backoff } from "./backoff.js";
import { randomId } from "./text.js";

/**
 * Sends messages one after the other, so that they keep the order in which they were written. An attempt whose fate
 * is unknown is repeated with the same message id: the server stores an id once, so a repeat can never double it.
 *
 * An item is `{id, text, writtenAt, state, error}`; states: `sending`, `waiting` (tries again by itself), `failed` (only the
 * person can try again).
 */
export class Outbox {
  #items = [];
  #busy = false;
  #timer;
  #attempt = 0;
  #closed = false;

  constructor({ post, onChange, onSent, onRefused }) {
    this.post = post;
    this.onChange = onChange;
    this.onSent = onSent;
    this.onRefused = onRefused;
  }

  send(text) {
    const item = { id: randomId(), text, writtenAt: Date.now(), state: "sending", error: null };
    this.#items.push(item);
    this.onChange(item);
    this.#pump();
  }

  retry(id) {
    const item = this.#items.find((each) => each.id === id);
    if (!item) return;
    if (item.state === "failed") this.#set(item, "waiting", null);
    this.flush();
  }

  discard(id) {
    this.#remove(id);
    this.#pump();
  }

  /** The stream has shown this message: whatever became of the answer, it is sent. */
  confirm(id) {
    this.#remove(id);
  }

  /** Tries at once instead of waiting, for instance because the connection is back. */
  flush() {
    this.#attempt = 0;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#pump();
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#items = [];
  }

  async #pump() {
    if (this.#busy || this.#closed || this.#timer !== undefined) return;
    const item = this.#items.find((each) => each.state !== "failed");
    if (!item) return;
    this.#busy = true;
    this.#set(item, "sending", item.error);
    try {
      const { data } = await this.post({ id: item.id, text: item.text });
      this.#attempt = 0;
      this.#sent(item, data);
    } catch (error) {
      this.#notSent(item, error);
    } finally {
      this.#busy = false;
    }
    this.#pump();
  }

  #sent(item, message) {
    if (this.#closed) return;
    this.#remove(item.id);
    this.onSent(message);
  }

  #notSent(item, error) {
    // The person may have discarded it, or the stream may have shown it, while the attempt was under way.
    if (this.#closed || !this.#items.includes(item)) return;
    if (error.passing) {
      this.#set(item, "waiting", error);
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        this.#pump();
      }, backoff(this.#attempt++, { atLeast: error.retryAfterMs ?? 0 }));
    } else {
      this.#set(item, "failed", error);
      this.onRefused(error);
    }
  }

  #set(item, state, error) {
    item.state = state;
    item.error = error;
    this.onChange(item);
  }

  #remove(id) {
    this.#items = this.#items.filter((each) => each.id !== id);
  }
}
