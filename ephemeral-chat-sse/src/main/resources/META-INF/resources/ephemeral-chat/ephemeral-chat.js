// Ephemeral chat rooms in a browser. Writes nothing to the page and nothing to storage; needs no other file.
// What it does for whom is documented in ephemeral-chat.d.ts, beside this file.

const REQUEST_MS = 12_000;
const OPEN_MS = 15_000;
// The server breaks every silence of a stream within 15 s, so a longer one is a dead connection.
const SILENCE_MS = 35_000;
const STEADY_MS = 5_000;
// How long a live stream has to bring what is known to be stored, and to say itself that the time is up.
const DELIVER_MS = 4_000;
const LAST_WORD_MS = 3_000;
const LEADER_SILENCE_MS = 30_000;
const LEADER_ANSWER_MS = 3_000;
// A join whose answer was lost is repeated so often, with the same token: it takes one seat.
const JOIN_ATTEMPTS = 4;
const MAX_WAITING = 100;
const MAX_FRAME = 1 << 20;

/** A refusal of the server (`code` and `status` are its problem's), or no answer at all (status 0). */
export class ChatError extends Error {
  constructor(code, status = 0, retryAfterMs = null) {
    super(status === 0 ? code : `${status} ${code}`);
    this.name = "ChatError";
    this.code = code;
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }

  /** Whether the same request may well succeed a little later. */
  get temporary() {
    return this.code === "network" || this.status >= 500 || this.status === 429;
  }
}

/** An unguessable id for a message. (`crypto.randomUUID` is missing on plain http.) */
export function newMessageId() {
  return randomText(16);
}

function randomText(bytes) {
  const random = crypto.getRandomValues(new Uint8Array(bytes));
  return btoa(String.fromCharCode(...random)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** The way to the rooms of one server. */
export class EphemeralChat {
  #api;
  #foreign;

  constructor(base) {
    const url = new URL(base, document.baseURI);
    // The cookie stays on its own origin: elsewhere the token goes along by hand.
    this.#foreign = url.origin !== location.origin;
    this.#api = new Api(url.href.replace(/\/+$/, ""), null);
  }

  create({ signal, ...options } = {}) {
    return this.#enter("/rooms", options, signal);
  }

  join(code, { name, proof, signal } = {}) {
    return this.#enter(`${roomPath(code)}/participants`, { name, proof }, signal);
  }

  async open(code, { token = null, signal } = {}) {
    return this.#open(code, this.#api.as(token), signal);
  }

  async #open(code, api, signal) {
    const answer = await api.call("GET", roomPath(code), { signal });
    return new Room(api.as(api.token, answer.data.me), answer);
  }

  /** The same request again finds the seat that an earlier one has taken. A room is not created twice. */
  async #takeSeat(path, body, signal) {
    const attempts = path === "/rooms" ? 1 : JOIN_ATTEMPTS;
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#api.call("POST", path, { body, signal });
      } catch (error) {
        if (error.code !== "network" || attempt + 1 >= attempts) throw error;
        await pause(backoff(attempt), signal);
      }
    }
  }

  /** Takes a seat, then goes in as after a reload: a browser that keeps no cookie is found out here. */
  async #enter(path, body, signal) {
    const token = randomText(32);
    const { data, roundTrip } = await this.#takeSeat(path, { ...body, token }, signal);
    const { room, participant } = data;
    // Among cookies that a neighbour of this origin may have set, only this participant's fits.
    const api = this.#api.as(this.#foreign ? token : null, participant.id);
    try {
      return await this.#open(room.id, api, signal);
    } catch (error) {
      if (!error.temporary) throw error;
      // The seat is taken all the same, and who else is here will be asked again.
      return new Room(api, { data: { ...room, me: participant.id, participants: [participant] }, roundTrip });
    }
  }
}

/** One seat in one room, as one tab holds it. Made by EphemeralChat. */
export class Room extends EventTarget {
  #api;
  #path;
  #facts;
  #clock = new ServerClock();
  #roster = new Roster();
  #outbox;
  #feed;
  #lifetime = new AbortController();
  #timers = new Set();
  #started = false;
  // The newest entry that has changed what is known of the room.
  #changedAt = 0;
  // What this tab asked for itself: "left" or "destroyed".
  #wanted = null;
  #end = null;

  constructor(api, answer) {
    super();
    this.#api = api;
    this.#path = roomPath(answer.data.id);
    this.#learn(answer);
    this.#outbox = new Outbox({
      post: (item) => this.#post(item),
      onDelay: ({ id, text }, error) => this.#emit("delayed", { id, text, error }),
    });
    this.#feed = new Feed(api, this.#path, this.#facts.me, {
      onEvent: (type, data) => this.#entry(type, data),
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
    document.addEventListener("visibilitychange", () => this.#visible(), { signal: this.#lifetime.signal });
    this.#refresh();
    this.#tick();
  }

  post(text, { id = newMessageId(), signal } = {}) {
    return this.#outbox.send({ id, text, signal });
  }

  reconnect() {
    this.#outbox.flush();
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

  async admission({ locked, proof }) {
    this.#learn(await this.#api.call("PUT", `${this.#path}/admission`, { body: { locked, proof } }));
  }

  async endIn(ttlSeconds) {
    this.#learn(await this.#api.call("PUT", `${this.#path}/deadline`, { body: { ttlSeconds } }));
  }

  async assign(participantId, role) {
    const path = `${this.#path}/participants/${encodeURIComponent(participantId)}`;
    await this.#api.call("PATCH", path, { body: { role } });
  }

  async setProperty(name, value) {
    const path = `${this.#path}/properties/${encodeURIComponent(name)}`;
    await (value === null ? this.#api.call("DELETE", path) : this.#api.call("PUT", path, { body: { value } }));
  }

  async remove(participantId, { lock = false } = {}) {
    if (lock) await this.lock(); // First: between the two nobody may come back.
    try {
      await this.#api.call("DELETE", `${this.#path}/participants/${encodeURIComponent(participantId)}`);
    } catch (error) {
      // Somebody else was quicker, or this seat is no longer the owner's: look before saying anything.
      await this.#refresh();
      if (this.#roster.get(participantId)) throw error;
    }
  }

  close() {
    this.#lifetime.abort();
    this.#timers.forEach(clearTimeout);
    this.#feed.close();
    this.#outbox.close();
    this.#roster.clear();
  }

  get #closed() {
    return this.#lifetime.signal.aborted;
  }

  async #post({ id, text, signal }) {
    try {
      const { data } = await this.#api.call("POST", `${this.#path}/messages`, { body: { id, text }, signal });
      this.#feed.expect(data.sequence);
      return message(data);
    } catch (error) {
      // The stream usually knows why the seat is gone; give it the time to say so.
      if (error.status === 401) this.#after(800, () => this.#refresh());
      throw error;
    }
  }

  async #finishBy(reason, path) {
    this.#wanted = reason;
    try {
      await this.#api.call("DELETE", this.#path + path);
    } catch (error) {
      // 401: over already, which is what was wanted.
      if (error.status !== 401) {
        this.#wanted = null;
        throw error;
      }
    }
    this.#finish(reason, true);
  }

  /** Who is here and what time it is; where that can't be known now, it is asked on the next occasion. */
  async #refresh() {
    this.#roster.asked();
    try {
      this.#learn(await this.#api.call("GET", this.#path));
      if (!this.#closed) this.#emit("participants", this.participants);
    } catch (error) {
      if (error.status === 401) this.#gone();
    }
  }

  #learn({ data, roundTrip }) {
    if (this.#closed) return;
    // An answer may be older than what the stream has told meanwhile.
    this.#facts = { ...this.#facts, ...data, ...(data.lastSequence < this.#changedAt && this.#changeable()) };
    this.#clock.sync(data.now, roundTrip);
    // The answer to a change says how the room is, and not who is here.
    if (data.participants) this.#roster.snapshot(data.participants);
  }

  #changeable() {
    const { expiresAt, locked, proofRequired, properties } = this.#facts;
    return { expiresAt, locked, proofRequired, properties };
  }

  #entry(type, data) {
    if (type === "message") {
      const posted = message(data);
      if (posted.sender.id === this.#facts.me) this.#outbox.confirm(posted);
      this.#emit(type, posted);
    } else if (type === "notice") {
      this.#emit(type, message(data));
    } else if (type in CHANGES) {
      this.#changed(type, data);
    } else if (type === "expiring") {
      this.#emit(type, { expiresAt: new Date(data.expiresAt), secondsLeft: data.secondsLeft });
    } else if (type === "joined" || type === "left") {
      this.#moved(type, { ...data, at: new Date(data.at) });
    } else if (type === "reset") {
      this.#emit(type, data);
      this.#refresh();
    }
  }

  /** What was known when the room was asked for includes all entries up to then: a replay of them changes nothing. */
  #changed(type, data) {
    if (data.sequence > (this.#facts.lastSequence ?? 0)) {
      this.#changedAt = data.sequence;
      this.#facts = { ...this.#facts, ...CHANGES[type](data, this.#facts) };
      if (type === "role") {
        this.#roster.assigned(data.participant);
        this.#emit("participants", this.participants);
      }
    }
    this.#emit(type, data.expiresAt === undefined ? data : { ...data, expiresAt: new Date(data.expiresAt) });
  }

  #moved(type, detail) {
    const { participant } = detail;
    this.#emit(type, detail);
    if (type === "joined") this.#roster.joined(participant);
    else if (participant.id === this.#facts.me) this.#finish("left", this.#wanted === "left");
    else if (this.#roster.left(participant.id)) this.#askForOwner();
    if (!this.#closed) this.#emit("participants", this.participants);
  }

  /** In a big room everybody learns of a new owner at once: spread the questions. */
  #askForOwner() {
    const spread = Math.min(4_000, 20 * this.#roster.all.length);
    this.#after(Math.random() * spread, () => this.#refresh());
  }

  #connection(state) {
    if (state === "live") this.#outbox.flush();
    this.#emit("connection", state);
  }

  /** A stream that gave way to another is not told of the end. */
  #visible() {
    if (document.visibilityState === "visible" && this.connection === "replaced") this.#refresh();
  }

  #tick() {
    const left = this.msLeft;
    if (this.#clock.slept) this.#refresh();
    this.#emit("tick", left);
    // Just after the next whole second, so that none is told twice or skipped.
    if (left > 0) this.#after((left % 1_000 || 1_000) + 10, () => this.#tick());
    else this.#after(this.connection === "live" ? LAST_WORD_MS : 0, () => this.#finish("expired", false));
  }

  /** The seat or the room is gone, and nobody says why. */
  #gone() {
    if (this.msLeft <= 1_500) this.#finish("expired", false);
    else if (this.#wanted !== null) this.#finish(this.#wanted, true);
    else this.#finish("gone", false);
  }

  #finish(reason, own, { tell = true } = {}) {
    if (this.#closed) return;
    if (tell) this.#feed.tellEnd(reason);
    this.#end = { reason, own };
    this.close();
    this.#emit("end", this.#end);
  }

  #after(ms, action) {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      if (!this.#closed) action();
    }, ms);
    this.#timers.add(timer);
  }

  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

/** What entries change of what is known of a room. */
const CHANGES = {
  deadline: ({ expiresAt }) => ({ expiresAt }),
  admission: ({ locked, proofRequired }) => ({ locked, proofRequired }),
  role: () => ({}),
  property: ({ name, value }, { properties }) => {
    const { [name]: before, ...others } = properties ?? {};
    return { properties: value === undefined ? others : { ...others, [name]: value } };
  },
};

/**
 * A room's log as this tab follows it: each entry once and in order.
 *
 * Of all tabs with this seat, the one that holds a Web Lock leads: it keeps a connection and relays what comes, each
 * event with the id of the one before. A tab that has exactly that one takes the event; any doubt (a new tab, a gap, a
 * leader that is silent) is settled by a connection of its own, which lasts until it has caught up with the leader.
 * Where the browser lacks what that needs, every tab leads itself.
 */
class Feed {
  #lastId = null;
  #lastSequence = 0;
  #connection;
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
  #patience;
  #expecting;
  #told = 0;

  constructor(api, path, me, handlers) {
    this.#handlers = handlers;
    this.#name = `ephemeral-chat ${api.url(path)} ${me}`;
    this.#connection = new Connection({
      connect: (signal) => api.stream(`${path}/events`, this.#lastId, signal),
      onBytes: () => performance.now() - this.#told > STEADY_MS && this.#tellPosition(),
      onEvent: (event) => this.#received(event),
      onState: () => this.#settle(),
      onUnreadable: () => this.#lastId !== null && this.#take({ type: "reset", data: { reason: "forked", firstSequence: 1 } }),
      onGone: () => handlers.onGone(),
    });
  }

  get state() {
    return this.#shown;
  }

  start() {
    const on = (target, type, action) => target.addEventListener(type, action, { signal: this.#lifetime.signal });
    on(window, "online", () => this.wake());
    on(window, "offline", () => this.#connection.lostNetwork());
    on(document, "visibilitychange", () => document.visibilityState === "visible" && this.#look());
    // A page that the browser puts aside hands over, and takes up the thread when it is brought back.
    on(window, "pagehide", () => this.#pause());
    on(window, "pageshow", (event) => event.persisted && this.#resume());
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

  /** The log is known to reach `sequence`: if the stream doesn't bring it soon, it only looks alive. */
  expect(sequence) {
    if (sequence <= this.#lastSequence || this.#shown !== "live" || this.#expecting) return;
    this.#expecting = setTimeout(() => {
      this.#expecting = undefined;
      if (sequence > this.#lastSequence && this.#shown === "live") this.#catchUp();
    }, DELIVER_MS);
  }

  tellEnd(reason) {
    this.#tell({ kind: "end", reason });
  }

  #resume() {
    if (this.#lifetime.signal.aborted || this.#connection.isOpen || this.#channel) return;
    this.#leaderAt = undefined;
    this.#connection.open();
    if (!navigator.locks || !globalThis.BroadcastChannel) {
      this.#leading = true;
      return;
    }
    this.#channel = new BroadcastChannel(this.#name);
    this.#channel.addEventListener("message", ({ data }) => this.#heard(data));
    this.#compete();
    this.#ask();
  }

  #pause() {
    clearTimeout(this.#patience);
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
    clearTimeout(this.#patience);
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
    clearTimeout(this.#patience);
    if (!this.#leading) this.#patience = setTimeout(then, ms);
  }

  #look() {
    if (this.#leading) this.#connection.wake(false);
    else this.#ask();
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

  #heard({ kind, ...word }) {
    if (kind === "end") this.#handlers.onEndElsewhere(word.reason);
    else if (kind === "ask") this.#tellPosition();
    else if (kind === "wake") this.#leading && this.#connection.wake(word.takeOver);
    else if (!this.#leading) this.#heardLeader(kind, word);
  }

  #heardLeader(kind, word) {
    this.#wait(LEADER_SILENCE_MS, () => this.#ask());
    if (kind === "at") this.#leaderState = word.state;
    if (kind === "unlogged") {
      if (!this.#connection.isOpen) this.#handlers.onEvent(word.type, word.data);
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
    else if (type === "expiring") this.#takeUnlogged(type, data);
    else if (type === "reset" || sequenceOf(id) > this.#lastSequence) this.#take({ type, id, data });
    this.#settle();
  }

  /** An event that has no place in the log goes on to the other tabs, too. */
  #takeUnlogged(type, data) {
    if (this.#leading) this.#tell({ kind: "unlogged", type, data });
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

/** One event stream after another, each from where the last one stopped, until it is closed. */
class Connection {
  #handlers;
  #run = null;
  #timer;
  #attempt = 0;
  #retryMs = 2_000;
  #state = "closed";

  constructor(handlers) {
    this.#handlers = handlers;
  }

  get state() {
    return this.#state;
  }

  get isOpen() {
    return this.#state !== "closed";
  }

  open() {
    this.#stop();
    this.#attempt = 0;
    this.#state = "opening";
    this.#read();
  }

  close() {
    this.#stop();
    this.#state = "closed";
  }

  /** Another stream of this seat took over: this one comes back when it is told to. */
  rest() {
    this.#stop();
    this.#enter("replaced");
  }

  wake(takeOver) {
    if (this.#state === "connecting" || this.#state === "offline" || (this.#state === "replaced" && takeOver)) this.open();
  }

  /** The system says that it is offline. It may be wrong (a server on this machine), so trying goes on. */
  lostNetwork() {
    if (!this.isOpen || this.#state === "replaced") return;
    this.#stop();
    this.#again(backoff(this.#attempt++), "offline");
  }

  async #read() {
    const run = (this.#run = new AbortController());
    const watch = (ms) => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => run.abort(), ms);
    };
    const begun = performance.now();
    let failure = null;
    try {
      watch(OPEN_MS);
      const body = await this.#handlers.connect(run.signal);
      if (this.#run !== run) return;
      this.#enter("live");
      for await (const frame of frames(body)) {
        if (this.#run !== run) return;
        watch(SILENCE_MS);
        this.#take(frame);
      }
    } catch (error) {
      failure = error;
    }
    if (this.#run === run) this.#broken(failure, performance.now() - begun);
  }

  #take({ type = "message", id, data, retry }) {
    this.#handlers.onBytes();
    if (/^\d+$/.test(retry)) this.#retryMs = Math.min(Number(retry), 30_000);
    const value = data === undefined ? null : parsed(data);
    if (value !== null) this.#handlers.onEvent({ type, id, data: value });
  }

  #broken(failure, lasted) {
    this.#stop();
    if (failure?.status === 401) {
      this.close();
      this.#handlers.onGone();
      return;
    }
    if (failure?.status === 400) this.#handlers.onUnreadable();
    if (lasted > STEADY_MS) this.#attempt = 0;
    // A stream that the server ended has said when to come back.
    const wait = failure === null ? this.#retryMs : backoff(this.#attempt++, failure.retryAfterMs ?? 0);
    this.#again(wait, navigator.onLine ? "connecting" : "offline");
  }

  #again(wait, state) {
    this.#timer = setTimeout(() => this.#read(), wait);
    this.#enter(state);
  }

  #stop() {
    clearTimeout(this.#timer);
    const run = this.#run;
    this.#run = null;
    run?.abort();
  }

  #enter(state) {
    this.#state = state;
    this.#handlers.onState();
  }
}

/** Sends messages one by one, in the order of the calls. An attempt whose fate is unknown is repeated with the same id. */
class Outbox {
  #items = [];
  #busy = false;
  #closed = false;
  #attempt = 0;
  #goOn = () => {};
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

  /** Tries at once instead of waiting, for instance because the connection is back. */
  flush() {
    this.#attempt = 0;
    this.#goOn();
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
        const message = await this.#handlers.post(item);
        this.#attempt = 0;
        this.#settle(item, () => item.resolve(message));
      } catch (error) {
        await this.#failed(item, error);
      }
    }
    this.#busy = false;
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

/** Who has a seat: a snapshot, and what the stream says. The last word about a person decides, so a replay does no harm. */
class Roster {
  #people = new Map();
  #sinceAsked = [];

  get all() {
    return [...this.#people.values()];
  }

  get(id) {
    return this.#people.get(id);
  }

  joined({ id, name, role = "member" }) {
    this.#do(() => this.#people.has(id) || this.#people.set(id, { id, name, role, owner: role === "owner" }));
  }

  /** A room has one owner: whoever was it before is a member now. */
  assigned({ id, role }) {
    this.#do(() => {
      for (const each of role === "owner" ? this.all.filter(({ owner }) => owner) : []) {
        this.#people.set(each.id, { ...each, role: "member", owner: false });
      }
      const person = this.#people.get(id);
      if (person) this.#people.set(id, { ...person, role, owner: role === "owner" });
    });
  }

  /** Returns whether the owner left: then somebody else owns the room, and only the server knows who. */
  left(id) {
    const owner = this.#people.get(id)?.owner ?? false;
    this.#do(() => this.#people.delete(id));
    return owner;
  }

  /** From here on the stream may be ahead of the snapshot that is on its way. */
  asked() {
    this.#sinceAsked = [];
  }

  snapshot(participants) {
    this.#people = new Map(participants.map((each) => [each.id, each]));
    this.#sinceAsked.forEach((change) => change());
    this.#sinceAsked = [];
  }

  clear() {
    this.#people.clear();
    this.#sinceAsked = [];
  }

  #do(change) {
    this.#sinceAsked.push(change);
    change();
  }
}

/** The server's time, carried on by the monotonic clock: a wrong or changed clock of this device moves nothing. */
class ServerClock {
  #offset = 0;
  #drift = 0;

  /** Takes the `now` of an answer, which the server wrote about half a round trip ago. */
  sync(now, roundTrip) {
    this.#offset = Date.parse(now) + roundTrip / 2 - performance.now();
    this.#drift = Date.now() - performance.now();
  }

  now() {
    return performance.now() + this.#offset;
  }

  /** Some systems stop the monotonic clock while they sleep: the wall clock has then run ahead of it. */
  get slept() {
    return Math.abs(Date.now() - performance.now() - this.#drift) > 2_000;
  }
}

/** The HTTP API. Without a token the browser's cookie authenticates: of the participant that is named, if one is. */
class Api {
  #base;
  #participant;

  constructor(base, token, participant = null) {
    this.#base = base;
    this.token = token;
    this.#participant = participant;
  }

  as(token, participant) {
    return new Api(this.#base, token, participant);
  }

  url(path) {
    return this.#base + path;
  }

  async call(method, path, { body, signal } = {}) {
    signal?.throwIfAborted();
    const limit = new AbortController();
    const dropped = () => limit.abort();
    signal?.addEventListener("abort", dropped);
    const timer = setTimeout(dropped, REQUEST_MS);
    const begun = performance.now();
    try {
      const response = await this.#fetch(method, path, { body, signal: limit.signal });
      const roundTrip = performance.now() - begun;
      return { data: response.status === 204 ? null : await response.json(), roundTrip };
    } catch (error) {
      signal?.throwIfAborted();
      // No answer, a cut one, or one that is not JSON (a proxy's page): nothing is known about what the server did.
      throw error instanceof ChatError ? error : new ChatError("network");
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", dropped);
    }
  }

  /** The bytes of an event stream after the entry `lastId`. */
  async stream(path, lastId, signal) {
    const headers = { Accept: "text/event-stream", ...(lastId !== null && { "Last-Event-ID": lastId }) };
    const response = await this.#fetch("GET", path, { headers, signal });
    if (!/^text\/event-stream/i.test(response.headers.get("Content-Type") ?? "")) throw new ChatError("network");
    return response.body;
  }

  async #fetch(method, path, { body, headers = {}, signal }) {
    const response = await fetch(this.url(path), {
      method,
      headers: {
        ...headers,
        ...(body !== undefined && { "Content-Type": "application/json" }),
        ...(this.token !== null && { Authorization: `Bearer ${this.token}` }),
        ...(this.#participant !== null && { "Ephemeral-Chat-Participant": this.#participant }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: "no-store",
      signal,
    });
    if (!response.ok) throw await problem(response);
    return response;
  }
}

async function problem(response) {
  const body = await response.json().catch(() => null);
  const code = typeof body?.code === "string" ? body.code : "unknown";
  return new ChatError(code, response.status, retryAfterMs(response.headers.get("Retry-After")));
}

function retryAfterMs(header) {
  if (header === null) return null;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1_000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : null;
}

/** Doubles from half a second to 15 s, half of it random; what the server asked for is never undercut. */
function backoff(attempt, atLeast = 0) {
  const ceiling = Math.min(15_000, 500 * 2 ** Math.min(attempt, 10));
  return Math.max(ceiling * (0.5 + Math.random() / 2), atLeast + Math.random() * 250);
}

/** The frames of an event stream; a comment comes as an empty one, for it is a sign of life. */
async function* frames(body) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  let frame = {};
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (rest + decoder.decode(value, { stream: true })).split(/\r?\n/);
    rest = lines.pop();
    if (rest.length > MAX_FRAME) throw new ChatError("network");
    for (const line of lines) {
      if (line !== "") addField(frame, line);
      else {
        yield frame;
        frame = {};
      }
    }
  }
}

function addField(frame, line) {
  const [, name, value] = /^([^:]*):? ?(.*)$/s.exec(line);
  if (name === "data") frame.data = frame.data === undefined ? value : `${frame.data}\n${value}`;
  else if (name === "event") frame.type = value;
  else if (name === "id" || name === "retry") frame[name] = value;
}

function parsed(json) {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}

function message(data) {
  return { ...data, sentAt: new Date(data.sentAt) };
}

/** Rejects with the signal's reason if that comes first. */
function pause(ms, signal) {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal?.addEventListener("abort", stop, { once: true });
  });
}

function roomPath(code) {
  return `/rooms/${encodeURIComponent(code)}`;
}

/** An entry's id is `<sequence>-<nonce>`; not a number where there is none, and 0 before the first entry. */
function sequenceOf(id) {
  return id === null ? 0 : Number.parseInt(id, 10);
}
