import { pause } from "./common.js";
import { ChatError } from "./error.js";

const TYPING = "typing";
// The server takes one cue of a kind in that time, and drops what comes sooner.
const PAUSE_MS = 1_000;
const MAX_KINDS = 16;
// Typing is said again as long as it goes on, and shown a little longer than that.
const AGAIN_MS = 3_000;
const SHOWN_MS = 6_000;
// What somebody typed before a message may be told after it. Who posts waits a little longer before typing is said again.
const LATE_MS = 1_000;
const AFTER_POST_MS = 1_500;

/** What people tell each other that is kept nowhere: cues of the host's own kinds, and who is typing. */
export class Cues {
  #call;
  #codec;
  #on;
  #lifetime = new AbortController();
  // By kind: the newest cue, when it may go out, the promise of it while it waits, and of the one before while it is sent.
  #kinds = new Map();
  #quietUntil = 0;
  // By participant: the timer that ends it.
  #typing = new Map();
  // When somebody posted last; the oldest first.
  #spoke = new Map();

  /**
   * @param on.tell an event for the page
   * @param on.person the participant with that id; undefined if there is none
   */
  constructor(call, codec, on) {
    this.#call = call;
    this.#codec = codec;
    this.#on = on;
  }

  /** Who is typing, the first one first. */
  get typing() {
    return [...this.#typing.keys()].map((id) => this.#on.person(id)).filter((person) => person !== undefined);
  }

  close() {
    this.#lifetime.abort(new ChatError("ended"));
    this.#typing.forEach(clearTimeout);
    this.#typing.clear();
    this.#spoke.clear();
  }

  // ---- What goes ----

  /** Resolves once it is sent, or a newer one of its kind in its place. */
  send(kind, body = "") {
    if (!this.#kinds.has(kind) && this.#kinds.size >= MAX_KINDS) this.#kinds.delete(this.#kinds.keys().next().value);
    const newest = this.#kinds.get(kind) ?? { dueAt: 0, waiting: null, before: null };
    this.#kinds.set(kind, newest);
    newest.body = body;
    newest.waiting ??= this.#sendWhenDue(kind, newest);
    return newest.waiting;
  }

  async #sendWhenDue(kind, newest) {
    const { signal } = this.#lifetime;
    try {
      await newest.before;
      await pause(Math.max(0, newest.dueAt - performance.now()), signal);
    } finally {
      newest.waiting = null;
    }
    signal.throwIfAborted();
    const sent = this.#send(kind, newest.body, signal);
    // From the answer on: whatever the network does, it is that long for the server, too.
    newest.before = sent.catch(() => {}).then(() => (newest.dueAt = performance.now() + PAUSE_MS));
    await sent;
  }

  async #send(kind, text, signal) {
    const body = await this.#codec.sealCue(kind, text);
    await this.#call("POST", "/cues", { body: { kind, body }, signal });
  }

  /** At each key; what is dropped by the network is said again soon. */
  keystroke() {
    if (performance.now() < this.#quietUntil) return;
    this.#quietUntil = performance.now() + AGAIN_MS;
    this.send(TYPING).catch(() => {});
  }

  /** This tab posts: whatever was typed is done. */
  posts() {
    this.#quietUntil = performance.now() + AFTER_POST_MS;
  }

  // ---- What comes ----

  came({ kind, sender, body }) {
    const { id, name = this.#on.person(id)?.name ?? "", mixedUp } = sender;
    if (kind !== TYPING) this.#on.tell("cue", { kind, sender: { id, name, ...(mixedUp && { mixedUp }) }, body });
    else if (!mixedUp) this.#types(id);
  }

  #types(id) {
    if (performance.now() - (this.#spoke.get(id) ?? -Infinity) < LATE_MS || this.#on.person(id) === undefined) return;
    const isNews = !this.#typing.has(id);
    clearTimeout(this.#typing.get(id));
    this.#typing.set(id, setTimeout(() => this.ended(id), SHOWN_MS));
    if (isNews) this.#tellTyping();
  }

  /** Somebody has posted, and types no more. */
  spoke(id) {
    const now = performance.now();
    for (const [other, at] of this.#spoke) {
      if (now - at < LATE_MS) break;
      this.#spoke.delete(other);
    }
    this.#spoke.delete(id);
    this.#spoke.set(id, now);
    this.ended(id);
  }

  /** Somebody types no more, or has left. */
  ended(id) {
    clearTimeout(this.#typing.get(id));
    if (this.#typing.delete(id)) this.#tellTyping();
  }

  #tellTyping() {
    this.#on.tell("typing", this.typing);
  }
}
