import { api } from "./api.js";
import { ServerClock } from "./clock.js";
import { Outbox } from "./outbox.js";
import { RoomStream } from "./room-stream.js";
import { Roster } from "./roster.js";

const CHECK_EVERY_MS = 50_000;
// How long a live stream has to say itself that the time is up (the server promises 2 s).
const LAST_WORD_MS = 3_000;

/**
 * One seat in one room while its page is open: stream, outbox, members and clock in one place, without any DOM.
 * A view gives its handlers to `start`: onEntry, onReset, onConnection, onRoster, onOutbox, onSent, onEnd(reason, how).
 * Nothing of it is kept after the end.
 */
export class RoomSession {
  roster = new Roster();
  #clock = new ServerClock();
  #timers = new Set();
  #leaving = false;
  #destroying = false;
  #ended = false;
  #view;

  constructor({ room, me, participants = [], roundTrip = 0 }) {
    this.code = room.id;
    this.me = me;
    this.room = room;
    this.#clock.sync(room.now, roundTrip);
    this.roster.snapshot(participants);
    this.outbox = new Outbox({
      post: (message) => api.post(this.code, message),
      onChange: (item) => this.#view?.onOutbox(item),
      onSent: (message) => this.#sent(message),
      onRefused: (error) => error.status === 401 && this.#checkSeat(),
    });
    this.stream = new RoomStream({
      url: api.streamUrl(this.code),
      probe: () => this.#probe(),
      handlers: {
        onEntry: (type, entry) => this.#entry(type, entry),
        onReset: () => this.#reset(),
        onState: (state) => this.#connection(state),
        onEnd: (reason) => this.#serverEnded(reason),
        onGone: (how) => this.#gone(how),
      },
    });
  }

  /** Milliseconds to the deadline, by the server's clock. */
  get left() {
    return Date.parse(this.room.expiresAt) - this.#clock.now();
  }

  get lifetime() {
    return Date.parse(this.room.expiresAt) - Date.parse(this.room.createdAt);
  }

  get iAmOwner() {
    return this.roster.get(this.me)?.owner ?? false;
  }

  start(view) {
    this.#view = view;
    this.onVisible = () => document.visibilityState === "visible" && this.#comeBack();
    document.addEventListener("visibilitychange", this.onVisible);
    this.stream.start();
    this.refresh();
    this.#everySoOften();
  }

  /** The page goes elsewhere; the seat stays. */
  close() {
    this.#ended = true;
    document.removeEventListener("visibilitychange", this.onVisible);
    this.#timers.forEach(clearTimeout);
    this.stream.close();
    this.outbox.close();
    this.roster.clear();
    this.#view = undefined;
  }

  /** Asks who is here and what time it is; a room that can't be reached now is asked again on the next occasion. */
  async refresh() {
    const mine = await this.#probe().catch(() => null);
    if (mine === false) this.#gone({ sudden: true });
  }

  async leave() {
    this.#leaving = true;
    try {
      await api.leave(this.code);
    } catch (error) {
      // 401: the seat is gone already, which is what was wanted.
      if (error.status !== 401) {
        this.#leaving = false;
        throw error;
      }
    }
    this.#end("left", "self");
  }

  async destroy() {
    this.#destroying = true;
    try {
      await api.destroy(this.code);
    } catch (error) {
      this.#destroying = false;
      if (error.status !== 401) throw error;
      this.#checkSeat();
      return;
    }
    this.#end("destroyed", "self");
  }

  async freeSeat(participantId) {
    try {
      await api.freeSeat(this.code, participantId);
    } catch (error) {
      // Somebody else was quicker, or we are not the owner any more: look again before saying anything.
      await this.refresh();
      if (this.roster.get(participantId)) throw error;
    }
  }

  timeIsUp() {
    if (this.stream.state === "live") this.#after(LAST_WORD_MS, () => this.#end("expired"));
    else this.#end("expired");
  }

  /** Whether the seat is still ours; takes the answer's members and time along. */
  async #probe() {
    this.roster.snapshotRequested();
    try {
      const { data, roundTrip } = await api.room(this.code);
      if (this.#ended) return true;
      this.room = data;
      this.#clock.sync(this.room.now, roundTrip);
      this.roster.snapshot(data.participants);
      this.#view?.onRoster();
      return true;
    } catch (error) {
      if (error.status === 401 || error.status === 404) return false;
      throw error;
    }
  }

  #checkSeat() {
    // The stream usually knows the reason; give it the time to say so.
    this.#after(800, () => this.refresh());
  }

  #entry(type, entry) {
    if (type === "message") {
      if (entry.sender.id === this.me) this.outbox.confirm(entry.id);
    } else if (type === "joined") {
      this.roster.joined(entry.participant);
      this.#view?.onRoster();
    } else {
      this.#someoneLeft(entry.participant.id);
    }
    this.#view?.onEntry(type, entry);
  }

  #someoneLeft(id) {
    if (id === this.me) {
      this.#end("left", this.#leaving ? "self" : "removed");
      return;
    }
    // In a big room everybody learns of a new owner at once: spread the questions.
    const ownerLeft = this.roster.left(id);
    const spread = Math.min(4_000, 20 * this.roster.members.length);
    if (ownerLeft) this.#after(Math.random() * spread, () => this.refresh());
    this.#view?.onRoster();
  }

  #sent(message) {
    this.#view?.onSent(message);
    this.stream.expect(message.sequence);
  }

  #reset() {
    this.#view?.onReset();
    this.refresh();
  }

  #connection(state) {
    if (state === "live") this.outbox.flush();
    this.#view?.onConnection(state);
  }

  #serverEnded(reason) {
    const known = ["expired", "destroyed", "lost"].includes(reason) ? reason : "lost";
    this.#end(known, this.#destroying && known === "destroyed" ? "self" : "told");
  }

  #gone({ sudden }) {
    if (this.left <= 1_500) this.#end("expired");
    else if (this.#leaving) this.#end("left", "self");
    else if (this.#destroying) this.#end("destroyed", "self");
    else this.#end(sudden ? "left" : "lost", "guess");
  }

  #end(reason, how = "told") {
    if (this.#ended) return;
    const view = this.#view;
    this.close();
    view?.onEnd(reason, how);
  }

  /** A connection can be dead without the browser noticing: compare positions now and then. */
  #everySoOften() {
    this.#after(CHECK_EVERY_MS * (0.8 + Math.random() * 0.4), () => {
      this.#compare();
      this.#everySoOften();
    });
  }

  async #compare() {
    if (this.#clock.slept) await this.refresh();
    if (this.#ended || this.stream.state !== "live") return;
    const head = await api.headSequence(this.code, this.stream.lastSequence).catch(() => 0);
    if (!this.#ended) this.stream.expect(head);
  }

  async #comeBack() {
    if (this.stream.state === "live") await this.#compare();
    else if (this.stream.state === "replaced") await this.refresh();
    else this.stream.wake();
  }

  #after(ms, action) {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      if (!this.#ended) action();
    }, ms);
    this.#timers.add(timer);
  }
}
