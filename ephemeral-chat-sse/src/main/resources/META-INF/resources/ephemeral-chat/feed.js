import { Connection, STEADY_MS } from "./connection.js";
import { sequenceOf } from "./common.js";
import { EventSources } from "./events.js";

// How long a live stream has to bring what is known to be stored.
const DELIVER_MS = 4_000;
const LEADER_SILENCE_MS = 30_000;
const LEADER_ANSWER_MS = 3_000;
// What has no place in the log.
const UNLOGGED = ["expiring", "cue", "presence"];

/**
 * A room's log as this tab follows it: each entry once and in order.
 *
 * Of all tabs with this seat, the one that holds a Web Lock leads: it keeps a connection and relays what comes, each
 * event with the id of the one before. A tab that has exactly that one takes the event; any doubt (a new tab, a gap, a
 * leader that is silent) is settled by a connection of its own, which lasts until it has caught up with the leader.
 * Where the browser lacks what that needs, every tab leads itself.
 */
export class Feed {
  #lastId = null;
  #lastSequence = 0;
  #connection;
  #sources;
  #handlers;
  #name;
  #lifetime = new AbortController();
  #channel = null;
  // Our place in the queue for the lock; aborted, it gives the lock or the place up.
  #place = null;
  #leading = false;
  // Where the leader is, as far as it has said so since we began to catch up.
  #leaderAt;
  #leaderState = "connecting";
  #shown = "connecting";
  #waiting;
  #expecting;
  #told = 0;
  // Who is connected, as it was told last.
  #presence = null;

  constructor(api, path, me, handlers) {
    this.#handlers = handlers;
    this.#name = `ephemeral-chat ${api.url(path)} ${me}`;
    const sources = new EventSources(api, `${path}/events`);
    this.#sources = sources;
    this.#connection = new Connection(sources, {
      frames: (how) => sources.frames(this.#lastId, how),
      onStarved: () => sources.starved(path),
      onBytes: () => performance.now() - this.#told > STEADY_MS && this.#tellPosition(),
      onEvent: (event) => this.#received(event),
      onState: () => this.#settle(),
      onUnreadable: () => this.#lastId !== null && this.#take({ type: "reset", data: { reason: "forked", firstSequence: 1 } }),
      onGone: () => handlers.onGone(),
      behind: () => handlers.behind(),
    });
  }

  get state() {
    return this.#shown;
  }

  start() {
    // A worker has no document, and not every runtime tells of its network.
    const on = (target, type, action) => target?.addEventListener?.(type, action, { signal: this.#lifetime.signal });
    const { document } = globalThis;
    on(globalThis, "online", () => this.#otherNetwork());
    on(globalThis, "offline", () => this.#connection.lostNetwork());
    on(document, "visibilitychange", () => document.visibilityState === "visible" && this.wake());
    // A page that the browser puts aside hands over, and takes up the thread when it is brought back.
    on(globalThis, "pagehide", () => this.#pause());
    on(globalThis, "pageshow", (event) => event.persisted && this.#resume());
    on(document, "freeze", () => this.#pause());
    on(document, "resume", () => this.#resume());
    this.#resume();
  }

  close() {
    this.#lifetime.abort();
    this.#pause();
  }

  wake({ takeOver = false } = {}) {
    if (this.#connection.isOpen) {
      this.#connection.wake(takeOver);
    } else if (this.#channel) {
      this.#tell({ kind: "wake", takeOver });
      this.#ask();
    }
  }

  #otherNetwork() {
    this.#sources.forget();
    this.wake();
  }

  /** The log is known to reach `sequence`: if the stream doesn't bring it soon, it only looks alive. */
  expect(sequence) {
    if (sequence <= this.#lastSequence || this.#shown !== "live" || this.#expecting) return;
    const before = this.#lastSequence;
    this.#expecting = setTimeout(() => {
      this.#expecting = undefined;
      // A long history takes its time.
      if (this.#lastSequence > before) this.expect(sequence);
      else if (sequence > this.#lastSequence && this.#shown === "live") this.#catchUp();
    }, DELIVER_MS);
  }

  /** @param taken the mark of the seat that has ended, or whose room has */
  tellEnd(reason, taken) {
    this.#tell({ kind: "end", reason, taken });
  }

  #resume() {
    if (this.#lifetime.signal.aborted || this.#connection.isOpen || this.#channel) return;
    this.#leaderAt = undefined;
    this.#connection.open();
    this.#channel = globalThis.navigator?.locks ? channelOf(this.#name) : null;
    if (this.#channel === null) {
      this.#leading = true;
      return;
    }
    this.#channel.addEventListener("message", ({ data }) => this.#heard(data));
    this.#compete();
    this.#ask();
  }

  #pause() {
    clearTimeout(this.#waiting);
    clearTimeout(this.#expecting);
    this.#expecting = undefined;
    this.#leading = false;
    this.#place?.abort();
    this.#place = null;
    this.#channel?.close();
    this.#channel = null;
    this.#connection.close();
  }

  // ---- Who leads ----

  /** Waits for the lock, or takes it from a leader that does not answer. */
  async #compete({ steal = false } = {}) {
    this.#place?.abort();
    const place = (this.#place = new AbortController());
    const how = steal ? { steal } : { signal: place.signal };
    try {
      await navigator.locks.request(this.#name, how, () => this.#lead(place.signal));
    } catch (error) {
      // No locks here after all, for instance in a sandbox.
      if (error.name !== "AbortError") return this.#lead(place.signal);
    }
    if (this.#place !== place) return;
    // Somebody found us silent and took over.
    this.#leading = false;
    this.#compete();
    this.#catchUp();
  }

  /** Leads until the signal, or until the lock is taken away. */
  #lead(signal) {
    if (signal.aborted) return undefined;
    this.#leading = true;
    clearTimeout(this.#waiting);
    if (!this.#connection.isOpen) this.#connection.open();
    this.#tellPosition();
    return new Promise((resolve) => signal.addEventListener("abort", resolve));
  }

  #ask() {
    if (this.#leading || !this.#channel) return;
    this.#tell({ kind: "ask" });
    this.#wait(LEADER_ANSWER_MS * (1 + Math.random() / 4), () => this.#compete({ steal: true }));
  }

  #wait(ms, then) {
    clearTimeout(this.#waiting);
    if (!this.#leading) this.#waiting = setTimeout(then, ms);
  }

  // ---- What tabs tell each other ----

  #tell(word) {
    this.#channel?.postMessage(word);
  }

  #tellPosition() {
    if (!this.#leading) return;
    this.#told = performance.now();
    this.#tell({ kind: "at", id: this.#lastId, state: this.#shown });
  }

  #answer() {
    this.#tellPosition();
    if (this.#leading && this.#presence) this.#tell({ kind: "unlogged", type: "presence", data: this.#presence });
  }

  #heard({ kind, ...word }) {
    if (kind === "end") this.#handlers.onEndElsewhere(word.reason, word.taken);
    else if (kind === "ask") this.#answer();
    else if (kind === "wake") this.#leading && this.#connection.wake(word.takeOver);
    else if (!this.#leading) this.#heardLeader(kind, word);
  }

  #heardLeader(kind, word) {
    this.#wait(LEADER_SILENCE_MS, () => this.#ask());
    if (kind === "at") this.#leaderState = word.state;
    if (kind === "unlogged") {
      // Our own connection brings the same; but it may be closed before it has said who is connected.
      if (!this.#connection.isOpen || word.type === "presence") this.#takeUnlogged(word);
    } else if (this.#connection.isOpen) {
      // Our own connection brings the same: the leader only tells how far there is to go.
      this.#leaderAt = word.type === "reset" ? undefined : word.id;
      this.#settle();
    } else if (kind === "at") {
      if (word.id !== this.#lastId) this.#catchUp();
      this.#show();
    } else if (word.type === "reset" || word.after === this.#lastId) {
      this.#take(word);
    } else if (sequenceOf(word.id) > this.#lastSequence) {
      this.#catchUp();
    }
  }

  /** Reads on from where this tab is, whatever the leader does. */
  #catchUp() {
    this.#leaderAt = undefined;
    this.#connection.open();
    this.#ask();
  }

  /** Lets go of an own connection that is no longer needed. */
  #settle() {
    const { isOpen, state } = this.#connection;
    if (isOpen && !this.#leading && this.#leaderAt !== undefined) {
      const passed = state === "live" && sequenceOf(this.#leaderAt) <= this.#lastSequence;
      if (passed || this.#leaderAt === this.#lastId) this.#connection.close();
    }
    this.#show();
  }

  #show() {
    const state = this.#connection.isOpen ? this.#connection.state : this.#leaderState;
    // A connection that is just being made is no news: it mostly succeeds at once.
    if (state === "opening" || state === this.#shown || this.#lifetime.signal.aborted) return;
    this.#shown = state;
    this.#tellPosition();
    this.#handlers.onState(state);
  }

  // ---- What comes ----

  #received({ type, id, data }) {
    if (type === "destroyed") this.#handlers.onEnd(data.reason);
    else if (type === "replaced") this.#connection.rest();
    else if (UNLOGGED.includes(type) || isEndOfTime(type, id)) this.#takeUnlogged({ type, data });
    else if (type === "reset" || sequenceOf(id) > this.#lastSequence) this.#take({ type, id, data });
    this.#settle();
  }

  /** An event that has no place in the log goes on to the other tabs, too. */
  #takeUnlogged({ type, data }) {
    if (this.#leading) this.#tell({ kind: "unlogged", type, data });
    if (type === "presence") this.#presence = data;
    this.#handlers.onEvent(type, data);
  }

  #take({ type, id, data }) {
    if (this.#leading) this.#tell({ kind: "event", after: this.#lastId, type, id, data });
    if (type === "reset") {
      // The old position is worthless; until an entry gives a new one, what is retained comes from its beginning.
      this.#lastId = null;
      this.#lastSequence = data.firstSequence - 1;
    } else {
      this.#lastId = id;
      this.#lastSequence = sequenceOf(id);
    }
    this.#handlers.onEvent(type, data);
  }
}

/** That a text was deleted or claimed is an entry; that its time is over is none. */
function isEndOfTime(type, id) {
  return type === "forgotten" && id === undefined;
}

/** Null where there are no channels, or where they are forbidden as storage is. */
function channelOf(name) {
  try {
    return new BroadcastChannel(name);
  } catch {
    return null;
  }
}
