import { backoff, message, roomPath } from "./common.js";
import { ServerClock } from "./clock.js";
import { CHANGES, Facts } from "./facts.js";
import { Feed } from "./feed.js";
import { Messages } from "./messages.js";
import { throughProxies } from "./proxies.js";
import { Roster } from "./roster.js";
import { Steering } from "./steering.js";
import { Timers } from "./timers.js";

const LAST_WORD_MS = 3_000;
const LAST_ANSWER_MS = 5_000;

/** One seat in one room, as one tab holds it. Made by EphemeralChat. */
export class Room extends EventTarget {
  #api;
  #path;
  #codec;
  #steering;
  #knowledge = new Facts();
  #clock = new ServerClock();
  #roster = new Roster();
  #messages;
  #feed;
  #lifetime = new AbortController();
  #timers = new Timers();
  #started = false;
  // An entry up to which this tab's seat is known to have existed: who left before was an earlier seat of the same login.
  #seatedAt = 0;
  #insisting = false;
  // What this tab asked for itself: "left" or "destroyed".
  #wanted = null;
  #end = null;
  #onEnd;

  constructor(api, answer, { codec, onEnd }) {
    super();
    throughProxies(this);
    this.#onEnd = onEnd;
    this.#api = api;
    this.#codec = codec;
    this.#path = roomPath(answer.data.id);
    this.#learn(answer);
    const call = (method, path, how) => api.call(method, this.#path + path, how);
    this.#steering = new Steering(call, codec, {
      learn: (change) => this.#open(change),
      has: async (id) => (await this.#refresh(), this.#roster.get(id) !== undefined),
    });
    this.#messages = new Messages(call, codec, {
      stored: (sequence) => this.#feed.expect(sequence),
      // The stream usually knows why the seat is gone; give it the time to say so.
      refused: ({ code }) => code === "unauthorized" && this.#timers.after(800, () => this.#refresh()),
      tell: (type, detail) => this.#emit(type, detail),
    });
    this.#feed = new Feed(api, this.#path, this.#facts.me, {
      onEvent: (type, data) => codec.take(type, data, (...opened) => this.#entry(...opened)),
      behind: () => codec.behind,
      onState: (state) => this.#connection(state),
      onGone: () => this.#gone(),
      onEnd: (reason) => this.#finish(reason, this.#wanted === reason),
      onEndElsewhere: (reason) => this.#finish(reason, this.#wanted === reason, { tell: false }),
    });
  }

  get code() {
    return this.#facts.id;
  }

  get token() {
    return this.#api.token;
  }

  get me() {
    const { me } = this.#facts;
    return this.#roster.get(me) ?? { id: me, name: "", owner: false, role: "member" };
  }

  get participants() {
    return this.#roster.all;
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

  get properties() {
    return { ...this.#facts.properties };
  }

  get msLeft() {
    return Math.max(0, Date.parse(this.#facts.expiresAt) - this.#clock.now());
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
    this.#refresh();
    this.#tick();
  }

  link(page) {
    return this.#codec.link(page);
  }

  post(text, options) {
    return this.#messages.post(text, options);
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
    this.#codec.close();
    this.#roster.clear();
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
    return this.#knowledge.known;
  }

  get #closed() {
    return this.#lifetime.signal.aborted;
  }

  async #finishBy(reason, path) {
    this.#wanted = reason;
    try {
      await this.#api.call("DELETE", this.#path + path);
    } catch (error) {
      // Over already, which is what was wanted.
      if (error.code !== "unauthorized") {
        this.#wanted = null;
        throw error;
      }
    }
    this.#finish(reason, true);
  }

  /** Who is here and what time it is. Returns why that can't be known now; else null. */
  async #refresh({ within } = {}) {
    this.#roster.asked();
    try {
      const answer = await this.#api.call("GET", this.#path, { has: ["id", "now"], within });
      await this.#open(answer);
      if (this.#closed) return null;
      this.#feed.expect(answer.data.lastSequence);
      this.#emit("participants", this.participants);
      return null;
    } catch (error) {
      if (error.code === "unauthorized") this.#gone();
      return error;
    } finally {
      this.#roster.answered();
    }
  }

  /** Asks until there is an answer. */
  async #insist(attempt = 0) {
    this.#insisting = true;
    const failure = await this.#refresh();
    this.#insisting = failure !== null;
    if (failure !== null) this.#timers.after(backoff(attempt, failure.retryAfterMs ?? 0), () => this.#insist(attempt + 1));
  }

  async #open(answer) {
    this.#learn({ ...answer, data: await this.#codec.room(answer.data) });
  }

  #learn({ data, roundTrip, at, partial = false }) {
    if (this.#closed) return;
    this.#knowledge.learn(data);
    this.#clock.sync(data.now, roundTrip, at);
    // The answer to a change says how the room is, and not who is here.
    if (data.participants) this.#roster.snapshot(data.participants, partial ? 0 : (data.lastSequence ?? 0));
    this.#seatedAt = this.#facts.lastSequence ?? 0;
  }

  #entry(type, data) {
    if (this.#closed) return;
    if (type === "message" || type === "notice") {
      this.#messages.came(type, message(data), data.sender.id === this.#facts.me);
    } else if (type === "forgotten") {
      this.#messages.forgotten(data);
    } else if (type === "unreadable" || type === "claimed" || type === "renewed") {
      this.#emit(type, data);
    } else if (type in CHANGES) {
      this.#changed(type, data);
    } else if (type === "expiring") {
      if (this.#knowledge.endIsNear(data)) this.#emit(type, { ...data, expiresAt: new Date(data.expiresAt) });
    } else if (type === "joined" || type === "left") {
      this.#moved(type, { ...data, at: new Date(data.at) });
    } else if (type === "reset") {
      this.#messages.reset();
      this.#emit(type, data);
      if (data.reason === "forked") this.#forgetSequences();
      this.#insist();
    }
  }

  /** The log was rewritten: what is known of its sequences says nothing of the new ones. */
  #forgetSequences() {
    this.#knowledge.forgetSequences();
    // Until the answer comes, a seat that was freed may be an earlier one; if it is this one, the answer says so.
    this.#seatedAt = Infinity;
    this.#roster.forget();
  }

  #changed(type, data) {
    this.#knowledge.changed(type, data);
    // The answer to another change may know a later sequence, and says nothing of roles.
    if (type === "role" && this.#roster.assigned(data.sequence, data.participant)) this.#emit("participants", this.participants);
    this.#emit(type, data.expiresAt === undefined ? data : { ...data, expiresAt: new Date(data.expiresAt) });
  }

  /** The history begins with what has happened before: it is told, and says nothing of who is here. */
  #moved(type, detail) {
    const { sequence, participant } = detail;
    this.#emit(type, detail);
    if (this.#closed) return;
    if (type === "left" && participant.id === this.#facts.me) {
      if (sequence > this.#seatedAt) this.#finish("left", this.#wanted === "left");
      return;
    }
    const owned = this.#roster.get(participant.id)?.owner ?? false;
    if (!this.#roster[type](sequence, participant)) return;
    if (type === "left" && owned) this.#askForOwner();
    this.#emit("participants", this.participants);
  }

  /** In a big room everybody learns of a new owner at once: spread the questions. */
  #askForOwner() {
    const spread = Math.min(4_000, 20 * this.#roster.all.length);
    this.#timers.after(Math.random() * spread, () => this.#refresh());
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
    if (document.visibilityState === "visible" && this.connection === "replaced") this.#refresh();
  }

  #tick() {
    const left = this.msLeft;
    if (this.#clock.hasJumped()) {
      if (!this.#insisting) this.#insist();
      this.#feed.wake();
    }
    this.#messages.endThoseUpTo(this.#clock.now());
    this.#emit("tick", left);
    // Just after the next whole second, so that none is told twice or skipped.
    if (left > 0) this.#timers.after((left % 1_000 || 1_000) + 10, () => this.#tick());
    else this.#timers.after(this.connection === "live" ? LAST_WORD_MS : 0, () => this.#timeIsUp());
  }

  /** As far as this tab knows: without a stream it has not heard that the end was moved. */
  async #timeIsUp() {
    if (this.msLeft > 0) return this.#tick();
    const failure = await this.#refresh({ within: LAST_ANSWER_MS });
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

  #finish(reason, own, { tell = true, keep = false } = {}) {
    if (this.#closed) return;
    if (tell) this.#feed.tellEnd(reason);
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
