import { message, roomPath } from "./common.js";
import { Cues } from "./cues.js";
import { CHANGES } from "./facts.js";
import { Feed } from "./feed.js";
import { Messages } from "./messages.js";
import { throughProxies } from "./proxies.js";
import { RoomState } from "./room-state.js";
import { Steering } from "./steering.js";
import { Timers } from "./timers.js";

const LAST_WORD_MS = 3_000;
const LAST_ANSWER_MS = 5_000;
/** What a request is refused with after its seat or its room is gone. */
const OVER = new Set(["unauthorized", "room_not_found"]);

/** One seat in one room, as one tab holds it. Made by EphemeralChat. */
export class Room extends EventTarget {
  #api;
  #path;
  #codec;
  #steering;
  #state;
  #messages;
  #cues;
  #feed;
  #lifetime = new AbortController();
  #timers = new Timers();
  #started = false;
  // What this tab asked for itself: "left" or "destroyed".
  #wanted = null;
  #end = null;
  // The mark of this taking of the seat: a login may have had another seat here before.
  #taken;
  #onEnd;

  constructor(api, answer, { codec, taken, onEnd }) {
    super();
    throughProxies(this);
    this.#taken = taken;
    this.#onEnd = onEnd;
    this.#api = api;
    this.#codec = codec;
    this.#path = roomPath(answer.data.id);
    const call = (method, path, how) => api.call(method, this.#path + path, how);
    const tell = (type, detail) => this.#emit(type, detail);
    this.#state = new RoomState(call, codec, this.#timers, {
      tell,
      head: (sequence) => this.#feed.expect(sequence),
      left: () => this.#finish("left", this.#wanted === "left"),
      gone: () => this.#gone(),
    });
    this.#state.learn(answer);
    this.#steering = new Steering(call, codec, {
      learn: (change) => this.#state.open(change),
      has: async (id) => (await this.#state.refresh(), this.#state.participant(id) !== undefined),
    });
    this.#cues = new Cues(call, codec, { tell, person: (id) => this.#state.participant(id) });
    this.#messages = new Messages(call, codec, {
      stored: (sequence) => this.#feed.expect(sequence),
      // The stream usually knows why the seat is gone; give it the time to say so.
      refused: ({ code }) => code === "unauthorized" && this.#timers.after(800, () => this.#state.insist()),
      tell,
    });
    this.#feed = new Feed(api, this.#path, this.#facts.me, {
      onEvent: (type, data) => codec.take(type, data, (...opened) => this.#entry(...opened)),
      behind: () => codec.behind,
      onState: (state) => this.#connection(state),
      onGone: () => this.#gone(),
      onEnd: (reason) => this.#finish(reason, this.#wanted === reason),
      onEndElsewhere: (reason, taken) => this.#endedElsewhere(reason, taken),
    });
  }

  get code() {
    return this.#facts.id;
  }

  get token() {
    return this.#api.token;
  }

  get me() {
    return this.#state.me;
  }

  get participants() {
    return this.#state.participants;
  }

  get maxParticipants() {
    return this.#facts.maxParticipants;
  }

  get createdAt() {
    return new Date(this.#facts.createdAt);
  }

  get expiresAt() {
    return new Date(this.#facts.expiresAt);
  }

  get latestExpiresAt() {
    return new Date(this.#facts.latestExpiresAt ?? this.#facts.expiresAt);
  }

  get locked() {
    return this.#facts.locked ?? false;
  }

  get proofRequired() {
    return this.#facts.proofRequired ?? false;
  }

  get encrypted() {
    return this.#codec.encrypted;
  }

  get messageTtlSeconds() {
    return this.#facts.messageTtlSeconds ?? null;
  }

  get ownerOnlyDestroy() {
    return this.#facts.ownerOnlyDestroy ?? false;
  }

  get signals() {
    return [...(this.#facts.signals ?? [])];
  }

  get presence() {
    return this.#state.presence;
  }

  get typing() {
    return this.#cues.typing;
  }

  get properties() {
    return { ...this.#facts.properties };
  }

  get msLeft() {
    return this.#state.msLeft;
  }

  get connection() {
    return this.#feed.state;
  }

  get ended() {
    return this.#end;
  }

  start() {
    if (this.#started || this.#closed) return;
    this.#started = true;
    this.#feed.start();
    globalThis.document?.addEventListener("visibilitychange", () => this.#visible(), { signal: this.#lifetime.signal });
    this.#state.insist();
    this.#tick();
  }

  link(page) {
    return this.#codec.link(page);
  }

  post(text, options) {
    this.#cues.posts();
    return this.#messages.post(text, options);
  }

  postEntry(kind, body, options) {
    return this.#messages.postEntry(kind, body, options);
  }

  cue(kind, body) {
    return this.#cues.send(kind, body);
  }

  keystroke() {
    if (this.signals.includes("typing") && this.me.role !== "reader") this.#cues.keystroke();
  }

  async forget(sequence) {
    await this.#messages.forget(sequence);
  }

  claim(sequence) {
    return this.#messages.claim(sequence);
  }

  reconnect() {
    this.#messages.flush();
    this.#feed.wake({ takeOver: true });
  }

  async leave() {
    await this.#finishBy("left", "/participants/me");
  }

  async destroy() {
    await this.#finishBy("destroyed", "");
  }

  async lock() {
    await this.admission({ locked: true });
  }

  async unlock() {
    await this.admission({ locked: false });
  }

  async admission(change) {
    await this.#steering.admission(change);
  }

  async endIn(ttlSeconds) {
    await this.#steering.endIn(ttlSeconds);
  }

  async assign(participantId, role) {
    await this.#steering.assign(participantId, role);
  }

  async setProperty(name, value) {
    await this.#steering.setProperty(name, value);
  }

  async remove(participantId, options) {
    await this.#steering.remove(participantId, options);
  }

  close() {
    this.#lifetime.abort();
    this.#timers.close();
    this.#feed.close();
    this.#messages.close();
    this.#cues.close();
    this.#codec.close();
    this.#state.close();
  }

  addEventListener(...given) {
    super.addEventListener(...given);
  }

  removeEventListener(...given) {
    super.removeEventListener(...given);
  }

  dispatchEvent(event) {
    return super.dispatchEvent(event);
  }

  get #facts() {
    return this.#state.facts;
  }

  get #closed() {
    return this.#lifetime.signal.aborted;
  }

  async #finishBy(reason, path) {
    this.#wanted = reason;
    try {
      await this.#delete(this.#path + path);
    } catch (error) {
      // Over already, which is what was wanted. Of a lost answer the stream may have said so.
      if (!OVER.has(error.code) && this.#end === null) {
        this.#wanted = null;
        throw error;
      }
    }
    this.#finish(reason, true);
  }

  /** Asks again if the answer was lost: only the second one says whether it is done. */
  async #delete(path) {
    try {
      await this.#api.call("DELETE", path);
    } catch (error) {
      if (error.code !== "network" || this.#end !== null) throw error;
      await this.#api.call("DELETE", path);
    }
  }

  #entry(type, data) {
    if (this.#closed) return;
    if (type === "message" || type === "notice" || type.startsWith("x-")) {
      this.#said(type.startsWith("x-") ? "entry" : type, message(data));
    } else if (type === "forgotten") {
      this.#messages.forgotten(data);
    } else if (type === "unreadable" || type === "claimed" || type === "renewed") {
      this.#emit(type, data);
    } else if (type === "cue") {
      this.#cues.came(data);
    } else if (type === "presence") {
      this.#state.connected(data);
    } else if (type in CHANGES) {
      this.#state.changed(type, data);
    } else if (type === "expiring") {
      this.#state.expiring(data);
    } else if (type === "joined" || type === "left") {
      this.#state.moved(type, data);
      if (type === "left") this.#cues.ended(data.participant.id);
    } else if (type === "reset") {
      this.#messages.reset();
      this.#emit(type, data);
      this.#state.reset(data.reason);
    }
  }

  #said(type, entry) {
    if (type === "message") this.#cues.spoke(entry.sender.id);
    this.#messages.came(type, entry, entry.sender.id === this.#facts.me);
  }

  #connection(state) {
    if (state === "live") {
      this.#messages.flush();
      this.#steering.goOn().catch(() => {});
    }
    this.#emit("connection", state);
  }

  /** A stream that gave way to another is not told of the end. */
  #visible() {
    if (document.visibilityState === "visible" && this.connection === "replaced") this.#state.insist();
  }

  #tick() {
    const left = this.msLeft;
    if (this.#state.hasSlept()) {
      this.#state.insist();
      this.#feed.wake();
    }
    this.#messages.endThoseUpTo(this.#state.now);
    this.#emit("tick", left);
    // Just after the next whole second, so that none is told twice or skipped.
    if (left > 0) this.#timers.after((left % 1_000 || 1_000) + 10, () => this.#tick());
    else this.#timers.after(this.connection === "live" ? LAST_WORD_MS : 0, () => this.#timeIsUp());
  }

  /** As far as this tab knows: without a stream it has not heard that the end was moved. */
  async #timeIsUp() {
    if (this.msLeft > 0) return this.#tick();
    const failure = await this.#state.refresh({ within: LAST_ANSWER_MS });
    if (this.#closed) return undefined;
    if (this.msLeft > 0) return this.#tick();
    // Where nobody answers, it is over for this tab; others may know better, and the seat may still be there.
    return this.#finish("expired", false, failure === null ? {} : { tell: false, keep: true });
  }

  /** The seat or the room is gone, and nobody says why. */
  #gone() {
    if (this.msLeft <= 1_500) this.#finish("expired", false);
    else if (this.#wanted !== null) this.#finish(this.#wanted, true);
    else this.#finish("gone", false);
  }

  /**
   * A tab to which the seat is gone may have lost its cookies, and one that has left an earlier seat of the same login: this one, which
   * may have the token or the present seat, asks for itself.
   */
  #endedElsewhere(reason, taken) {
    const asks = reason === "gone" || (reason === "left" && taken !== this.#taken);
    if (asks) this.#state.insist();
    else this.#finish(reason, this.#wanted === reason, { tell: false });
  }

  #finish(reason, own, { tell = true, keep = false } = {}) {
    if (this.#closed) return;
    if (tell) this.#feed.tellEnd(reason, this.#taken);
    this.#end = { reason, own };
    if (!keep) this.#onEnd();
    this.close();
    this.#emit("end", this.#end);
  }

  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

throughProxies.on(Room);
