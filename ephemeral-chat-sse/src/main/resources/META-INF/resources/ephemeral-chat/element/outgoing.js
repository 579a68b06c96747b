import { newMessageId } from "../ephemeral-chat.js";

/**
 * What is written here and not stored yet. An item is `{id, text, writtenAt, state, error}`; states: `sending`, `waiting`
 * (tried again by itself), `failed` (only the person can try again).
 */
export class Outgoing {
  #items = new Map();
  #room;
  #onChange;
  #onStored;

  constructor(room, { onChange, onStored }) {
    this.#room = room;
    this.#onChange = onChange;
    this.#onStored = onStored;
    room.addEventListener("message", ({ detail: { id } }) => this.#items.delete(id));
    room.addEventListener("delayed", ({ detail: { id, error } }) => this.#set(id, "waiting", error));
  }

  get isEmpty() {
    return this.#items.size === 0;
  }

  /** What would be lost with the page. */
  get waiting() {
    return [...this.#items.values()].map(({ id, text, writtenAt }) => ({ id, text, writtenAt }));
  }

  send(text) {
    this.resume([{ id: newMessageId(), text, writtenAt: Date.now() }]);
  }

  /** Sends what waited when the page was left. The same ids again: the room stores each once. */
  resume(items) {
    for (const item of items) {
      this.#items.set(item.id, { ...item, state: "sending", error: null });
      this.#post(item.id);
    }
  }

  /** The same id again: whatever became of the earlier attempt, the room stores it once. */
  retry(id) {
    if (this.#items.get(id)?.state === "failed") this.#post(id);
    else this.#room.reconnect();
  }

  discard(id) {
    const item = this.#items.get(id);
    this.#items.delete(id);
    item?.abort.abort();
  }

  async #post(id) {
    const item = this.#items.get(id);
    item.abort = new AbortController();
    this.#set(id, "sending", item.error);
    try {
      const message = await this.#room.post(item.text, { id, signal: item.abort.signal });
      this.#items.delete(id);
      this.#onStored(message);
    } catch (error) {
      if (error.code !== "ended") this.#set(id, "failed", error);
    }
  }

  #set(id, state, error) {
    const item = this.#items.get(id);
    if (item) this.#onChange(Object.assign(item, { state, error }));
  }
}
