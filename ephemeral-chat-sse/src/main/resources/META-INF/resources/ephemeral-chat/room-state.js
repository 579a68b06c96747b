import { backoff } from "./common.js";
import { ServerClock } from "./clock.js";
import { Facts } from "./facts.js";
import { Roster } from "./roster.js";

/** How a room is and who has a seat in it, as far as this tab knows: what the server answers, and what entries have changed since. */
export class RoomState {
  #call;
  #codec;
  #timers;
  #on;
  #facts = new Facts();
  #clock = new ServerClock();
  #roster = new Roster();
  #closed = false;
  // An entry up to which this tab's seat is known to have existed: who left before was an earlier seat of the same login.
  #seatedAt = 0;
  #insisting = false;
  // When the log was found to be rewritten: what was asked for before may have sequences of the other history.
  #forkedAt = -Infinity;

  /**
   * @param on.tell an event for the page
   * @param on.head the log reaches that sequence
   * @param on.left this tab's seat was freed
   * @param on.gone the server says that there is no such seat, and not why
   */
  constructor(call, codec, timers, on) {
    this.#call = call;
    this.#codec = codec;
    this.#timers = timers;
    this.#on = on;
  }

  get facts() {
    return this.#facts.known;
  }

  get me() {
    const { me } = this.facts;
    return this.participant(me) ?? { id: me, name: "", owner: false, role: "member" };
  }

  get participants() {
    return this.#roster.all;
  }

  get presence() {
    return this.#roster.presence;
  }

  get now() {
    return this.#clock.now();
  }

  get msLeft() {
    return Math.max(0, Date.parse(this.facts.expiresAt) - this.now);
  }

  participant(id) {
    return this.#roster.get(id);
  }

  /** Whether this device has slept, or its clock was set: what was true before may not be any more. */
  hasSlept() {
    return this.#clock.hasJumped();
  }

  close() {
    this.#closed = true;
    this.#roster.clear();
  }

  // ---- What the server answers ----

  learn({ data, roundTrip, begun, at, partial = false }) {
    if (this.#closed || begun < this.#forkedAt) return;
    this.#facts.learn(data);
    this.#clock.sync(data.now, roundTrip, at);
    // The answer to a change says how the room is, and not who is here.
    if (data.participants) this.#roster.snapshot(data.participants, partial ? 0 : (data.lastSequence ?? 0));
    this.#seatedAt = this.facts.lastSequence ?? 0;
  }

  async open(answer) {
    if (answer.begun < this.#forkedAt) return;
    this.learn({ ...answer, data: await this.#codec.room(answer.data) });
  }

  /** Who is here and what time it is. Returns why that can't be known now; else null. */
  async refresh({ within } = {}) {
    this.#roster.asked();
    try {
      const answer = await this.#call("GET", "", { has: ["id", "now"], within });
      await this.open(answer);
      if (this.#closed) return null;
      this.#on.head(answer.data.lastSequence);
      this.#tellParticipants();
      return null;
    } catch (error) {
      if (error.code === "unauthorized") this.#on.gone();
      return error;
    } finally {
      this.#roster.answered();
    }
  }

  /** Asks until there is an answer. */
  async insist() {
    if (!this.#insisting) await this.#insist(0);
  }

  async #insist(attempt) {
    this.#insisting = true;
    const failure = await this.refresh();
    this.#insisting = failure !== null;
    if (failure !== null) this.#timers.after(backoff(attempt, failure.retryAfterMs ?? 0), () => this.#insist(attempt + 1));
  }

  // ---- What the stream says ----

  changed(type, data) {
    this.#facts.changed(type, data);
    // The answer to another change may know a later sequence, and says nothing of roles.
    if (type === "role" && this.#roster.assigned(data.sequence, data.participant)) this.#tellParticipants();
    this.#on.tell(type, data.expiresAt === undefined ? data : { ...data, expiresAt: new Date(data.expiresAt) });
  }

  expiring(data) {
    if (this.#facts.endIsNear(data)) this.#on.tell("expiring", { ...data, expiresAt: new Date(data.expiresAt) });
  }

  /** The history begins with what has happened before: it is told, and says nothing of who is here. */
  moved(type, data) {
    const { sequence, participant } = data;
    this.#on.tell(type, { ...data, at: new Date(data.at) });
    if (this.#closed) return;
    if (type === "left" && participant.id === this.facts.me) {
      if (sequence > this.#seatedAt) this.#on.left();
      return;
    }
    const owned = this.participant(participant.id)?.owner ?? false;
    if (!this.#roster[type](sequence, participant)) return;
    if (type === "left" && owned) this.#askForOwner();
    this.#tellParticipants();
  }

  /** Whoever is connected, all at once. */
  connected(presence) {
    if (this.#roster.connected(presence)) this.#on.tell("presence", this.presence);
  }

  /** Entries may be missing. If the log was rewritten, what is known of its sequences says nothing of the new ones. */
  reset(reason) {
    if (reason === "forked") {
      this.#forkedAt = performance.now();
      this.#facts.forgetSequences();
      // Until the answer comes, a seat that was freed may be an earlier one; if it is this one, the answer says so.
      this.#seatedAt = Infinity;
      this.#roster.forget();
    }
    this.#insist(0);
  }

  /** No entry says who it is. In a big room everybody learns at once that it is another one: spread the questions. */
  #askForOwner() {
    const spread = Math.min(4_000, 20 * this.participants.length);
    // Not insist(): an answer that is awaited already may be older.
    this.#timers.after(Math.random() * spread, () => this.#insist(0));
  }

  #tellParticipants() {
    this.#on.tell("participants", this.participants);
  }
}
