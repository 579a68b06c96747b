import { backoff, newMessageId } from "./common.js";
import { Outbox } from "./outbox.js";

// Whoever has claimed a text may repeat that for 30 s.
const CLAIM_REPEATS_MS = 25_000;
// Of more than these only the server tells.
const MOST = 10_000;

/** What this tab posts (messages, and entries of the host's kinds), deletes and claims, and when texts end that end before their room. */
export class Messages {
  #call;
  #codec;
  #outbox;
  #tell;
  // When texts end, by the sequence of their messages.
  #ends = new Map();
  #told = new Set();
  // The same of texts that this tab has claimed: that a message was claimed takes it off all other screens only.
  #claimed = new Map();

  /**
   * @param on.stored a message of this tab is in the log up to this sequence
   * @param on.refused the server did not take one, for this reason
   * @param on.tell an event for the page
   */
  constructor(call, codec, on) {
    this.#call = call;
    this.#codec = codec;
    this.#tell = on.tell;
    this.#outbox = new Outbox({
      post: async (item) => {
        try {
          const data = await this.#post(item);
          on.stored(data.sequence);
          const message = await codec.posted(item.kind ?? "message", data);
          // The page shows it from now on, whether the stream brings it or not.
          if (!this.#told.has(message.sequence)) this.#noteEnd(message);
          return message;
        } catch (error) {
          on.refused(error);
          throw error;
        }
      },
      onDelay: ({ id, kind, text }, error) => on.tell("delayed", { id, kind, text, error }),
    });
  }

  post(text, { id = newMessageId(), ttlSeconds, claims, signal } = {}) {
    return this.#outbox.send({ id, text, ttlSeconds, claims, signal });
  }

  /** In one order with messages. */
  postEntry(kind, body, { id = newMessageId(), signal } = {}) {
    return this.#outbox.send({ id, kind, body, signal });
  }

  async #post({ signal, ...item }) {
    const [path, body] = item.kind === undefined ? ["/messages", await this.#message(item)] : ["/entries", await this.#entry(item)];
    const { data } = await this.#call("POST", path, { body, signal, has: ["id", "sequence"] });
    return data;
  }

  async #message({ id, text, ttlSeconds, claims }) {
    return { id, text: await this.#codec.sealMessage(text, id), ttlSeconds, claims };
  }

  async #entry({ id, kind, body }) {
    return { id, kind, body: await this.#codec.sealEntry(kind, body, id) };
  }

  async forget(sequence) {
    await this.#call("DELETE", `/messages/${sequence}`);
  }

  /** An answer may be lost, and the text with it: then it is asked for again, as long as the server gives it again. */
  async claim(sequence) {
    const end = this.#ends.get(sequence);
    const until = performance.now() + CLAIM_REPEATS_MS;
    for (let attempt = 0; ; attempt++) {
      try {
        const { data } = await this.#call("POST", `/messages/${sequence}/claim`, { has: ["id", "sequence", "text"] });
        const message = await this.#codec.posted("message", data);
        if (end !== undefined) keep(this.#claimed, sequence, end);
        return message;
      } catch (error) {
        const pause = backoff(attempt, error.retryAfterMs ?? 0);
        if (!error.temporary || performance.now() + pause > until) throw error;
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
  }

  flush() {
    this.#outbox.flush();
  }

  close() {
    this.#outbox.close();
    this.#ends.clear();
    this.#claimed.clear();
  }

  // ---- What comes ----

  came(type, message, own) {
    if (own) this.#outbox.confirm(message);
    this.#noteEnd(message);
    this.#tell(type, message);
  }

  #noteEnd({ sequence, expiresAt }) {
    if (expiresAt !== undefined) keep(this.#ends, sequence, expiresAt.getTime());
  }

  /** The server says so, this tab knows the time, or both. */
  forgotten({ of, reason }) {
    this.#ends.delete(of);
    if (reason !== "claimed") this.#claimed.delete(of);
    if (this.#told.has(of)) return;
    makeRoom(this.#told);
    this.#told.add(of);
    this.#tell("forgotten", { of, reason });
  }

  /** Texts whose time is over are told of, whether the server's word comes or not. */
  endThoseUpTo(now) {
    for (const [of, end] of this.#ends) {
      if (end <= now) this.forgotten({ of, reason: "expired" });
    }
    for (const [of, end] of this.#claimed) {
      if (end > now) continue;
      this.#claimed.delete(of);
      this.#tell("forgotten", { of, reason: "expired" });
    }
  }

  /** The history begins anew: what was told is told again. */
  reset() {
    this.#ends.clear();
    this.#told.clear();
    this.#claimed.clear();
  }
}

function keep(ends, sequence, end) {
  makeRoom(ends);
  ends.set(sequence, end);
}

/** The oldest gives way. */
function makeRoom(kept) {
  if (kept.size >= MOST) kept.delete(kept.keys().next().value);
}
