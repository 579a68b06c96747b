/**
 * Ephemeral chat rooms in a browser: modules without dependencies, for every host of the servlet of ephemeral-chat-sse.
 *
 * Nothing is written to the page or to the console. `localStorage` holds which seats this browser has taken (room code,
 * participant id, a random mark of that seat, end, whether it is encrypted; never a token or a key. It goes when the room ends, and a day later at the next
 * `EphemeralChat` where no page was open then), `sessionStorage` which way through the network
 * works, and the keys of encrypted rooms until they end or are left (where no page sees that, until the latest end that a room
 * could have); both may be blocked. The tabs of a browser that are in a room with the same seat share one event stream where the
 * browser has Web Locks and BroadcastChannel; elsewhere each has its own.
 *
 * Everything works in pages, in workers, and behind the proxies of objects that frameworks make.
 */

/** The way to the rooms of one server. */
export class EphemeralChat {
  /**
   * @param base where the servlet is mounted, such as `/chat` or `https://chat.example.org/chat`; where this file comes from if
   *     it is absent, which is right if the API itself serves it. On the page's own origin
   *     the browser's cookie authenticates, which scripts can't read; on another the token does (see `Room.token`), and
   *     the server must have listed the page's origin. Without a page or worker it has to be a whole address.
   */
  constructor(base?: string | URL, options?: HostOptions);

  /**
   * Whether passcodes can be used in this browser and at this address: they need WebCrypto, which browsers have on https
   * and on localhost only. Elsewhere whatever takes one rejects with `insecure_origin`.
   */
  static readonly passcodesWork: boolean;

  /** Creates a room and takes its first seat, as its owner. */
  create(options?: NewRoom): Promise<Room>;

  /**
   * Takes a seat in a room. If no answer of the server comes, the request is repeated with the same token, so that it takes
   * one seat; so do several calls at once, and a call after one that was aborted.
   *
   * Rejects with the code `room_not_found` (unknown and ended rooms look the same), `room_locked`, `wrong_proof`,
   * `rate_limited` (after many wrong proofs; see `ChatError.retryAfterMs`) or `room_full`; of an encrypted room also with
   * `key_required` (its code alone is not enough), `invalid_key`, `passcode_required` or `invalid_name`. A wrong key or
   * passcode of an encrypted room, and a link that became void, is a `wrong_proof`.
   *
   * @param options.proof what the room asks of whoever takes a new seat
   * @param options.passcode the passcode that the room was given, in place of a proof; of an encrypted room beside its key
   * @param options.key the key of an encrypted room: its link, the link's fragment (as `takeKey` gives it), or the 43
   *     characters of the key alone
   */
  join(
    code: string,
    options?: { name?: string; proof?: string; passcode?: string; key?: string | null; signal?: AbortSignal },
  ): Promise<Room>;

  /**
   * Goes back to the seat that this browser has taken, for instance after a reload. Rejects with the code `unauthorized`
   * where it has taken none, and where the room has ended. A cookie alone is not enough: a neighbour of this site may
   * have planted one.
   *
   * The key of an encrypted room is the tab's, or another tab's with the same seat. Where none has it the code is
   * `key_required`, and where it opens nothing `wrong_key`: the room is never opened as if it were a plain one.
   *
   * @param options.token the seat's token, where it is not in a cookie
   * @param options.participant whose seat it is, where the host knows and the browser does not
   * @param options.key the key of an encrypted room, as in `join`
   * @param options.passcode its passcode, where it has one
   */
  open(
    code: string,
    options?: { token?: string; participant?: string; key?: string | null; passcode?: string; signal?: AbortSignal },
  ): Promise<Room>;
}

/** What the host of the page adds to each request. A function is asked each time. */
export interface HostOptions {
  /** Sends the requests; the global `fetch` where it is absent. */
  fetch?: (url: string, request: RequestInit) => Promise<Response>;
  /** Headers of the host's, such as its own `Authorization` or what it uses against forged requests. */
  headers?: HeadersInit | (() => HeadersInit | Promise<HeadersInit>);
  /** `same-origin` where it is absent. */
  credentials?: RequestCredentials | (() => RequestCredentials | Promise<RequestCredentials>);
}

/** What a new room is like. Whatever is absent is the server's to choose. */
export interface NewRoom {
  /** How long it lives: 1 to 1440, 10 where absent. A server may narrow the bounds. */
  ttlMinutes?: number;
  /** How many seats it has: 2 to 1000, 10 where absent. */
  maxParticipants?: number;
  /** Whether only its owner may destroy it. */
  ownerOnlyDestroy?: boolean;
  /** After so many seconds each message is forgotten that has no shorter life of its own: 5 to 86,400; never where absent. */
  messageTtlSeconds?: number;
  /** What is told in the room beside messages, and never stored; nothing where absent. A host may refuse it: `forbidden`. */
  signals?: Signal[];
  /**
   * Whether texts, names and properties are sealed in the browser, so that the server never sees them (docs/ENCRYPTION.md).
   * Rejects with `insecure_origin` where there is no WebCrypto. The room is then joined by `Room.link`, and has no `proof`.
   */
  encrypted?: boolean;
  /** What whoever takes a new seat has to bring: 22 to 128 characters of `[A-Za-z0-9_-]`. The server keeps a hash of it. */
  proof?: string;
  /**
   * In place of a proof: 1 to 128 characters that whoever takes a new seat has to know. It stays in the browser, which
   * makes the proof of it (PBKDF2, 600,000 rounds). Whoever runs the server can try to guess it. In an encrypted room it
   * is needed beside the key of the link, so that nobody has anything to guess against.
   */
  passcode?: string;
  /**
   * What is said about the room: at most 16 names `[a-z][a-z0-9-]{0,31}`, values of 1 to 512 characters, 4 KiB
   * in all; in an encrypted room values of at most 316 bytes in UTF-8, 4 KiB in all once they are sealed (about seven
   * values), and no name `invite`.
   */
  properties?: Record<string, string>;
  /** What its creator is called: 1 to 30 characters; an anonymous name is given where it is absent. */
  name?: string;
  signal?: AbortSignal;
}

/**
 * One seat in one room, as one tab holds it. Nothing arrives before `start()`: add listeners first.
 *
 * The seat outlives the page: closing it, or `close()`, does not leave the room.
 */
export class Room extends EventTarget {
  private constructor();

  /** What is shared with others: 8 letters and digits. */
  readonly code: string;
  /**
   * The seat's token where no cookie holds it (another origin, or a browser that keeps no cookies or has lost them), else null.
   * Whoever has it has the seat: never put it into a URL.
   */
  readonly token: string | null;
  /** Who this tab is. */
  readonly me: Participant;
  /** Who has a seat now, as far as known. */
  readonly participants: Participant[];
  readonly maxParticipants: number;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  /** How far `endIn` can move the deadline. */
  readonly latestExpiresAt: Date;
  /** Whether the room takes nobody who has no seat yet. */
  readonly locked: boolean;
  /** Whether whoever takes a new seat has to bring the proof. */
  readonly proofRequired: boolean;
  readonly ownerOnlyDestroy: boolean;
  /** After so many seconds a message is forgotten, if it has no shorter life of its own; null for never. */
  readonly messageTtlSeconds: number | null;
  /** Whether the server sees neither texts nor names. It is this browser's word, never the server's. */
  readonly encrypted: boolean;
  /** What is told here beside messages; a copy. */
  readonly signals: Signal[];
  /** Who of the others is typing, the first one first. Empty where the room does not tell it. */
  readonly typing: Participant[];
  /** Who is connected, as it was told last; null where the room does not tell it, and before it is told. */
  readonly presence: Presence | null;
  /** What its owner has said about the room, by name; a copy. */
  readonly properties: Record<string, string>;
  /** Milliseconds to the deadline by the server's clock, never below 0. */
  readonly msLeft: number;
  readonly connection: ConnectionState;
  /** How it ended; null as long as it has not, as far as this tab knows. */
  readonly ended: RoomEnd | null;

  /**
   * The address of a page as others should get it: of an encrypted room with the key in its fragment, which is renewed when
   * somebody is removed. Whoever has it can read the room. Throws `ended` when an encrypted room is over for this tab.
   *
   * @param page the page's address, with the room code wherever the page expects it
   */
  link(page: string | URL): string;

  /** Begins to listen: the retained history comes first, then what happens. Once; again it does nothing. */
  start(): void;

  /**
   * Posts a message. Messages go one by one in the order of the calls. Where no answer comes, the same message is tried
   * again with the same id, which the server stores once, until it is stored, refused, aborted, or the room has ended.
   *
   * Resolves to the stored message (which also arrives as an event, like everybody's). Rejects with the server's refusal,
   * with `ended`, with `too_many_waiting` (more than 100), or with the signal's reason; an aborted message may have been
   * stored. In an encrypted room this browser judges the text: `invalid_text`.
   *
   * @param text 1 to 4000 characters (code points)
   * @param options.id the message's id; give the one of an earlier call to repeat it safely
   * @param options.ttlSeconds after so many seconds the text is forgotten: 5 to 86,400
   * @param options.claims so many participants may `claim` the text, each once, this one not among them: 1 to 1000. Nobody
   *     gets it otherwise
   */
  post(
    text: string,
    options?: { id?: string; ttlSeconds?: number; claims?: number; signal?: AbortSignal },
  ): Promise<Message>;

  /**
   * Posts an entry of the host's own kind, such as a reaction: stored and told as messages are, in one order with them, repeated as
   * they are. Resolves to the stored entry. Rejects as `post` does, and with `forbidden` where the host allows no such kind. In an
   * encrypted room the body is sealed: `invalid_body` where it has over 2,796 bytes.
   *
   * @param kind `x-` and 1 to 30 characters of `[a-z0-9-]`
   * @param body 1 to 4096 characters, in whatever form the host chooses
   * @param options.id the entry's id; give the one of an earlier call to repeat it safely
   */
  postEntry(kind: string, body: string, options?: { id?: string; signal?: AbortSignal }): Promise<Entry>;

  /**
   * Sends a cue of the host's own kind to the others that are connected, such as where a pointer is: never stored, may be lost. At most
   * one of a kind goes out each second; of those that come sooner the newest waits and the others are dropped. Resolves once it, or a
   * newer one in its place, is sent. Rejects with `forbidden` where the host allows no such kind, and for readers; in an encrypted room
   * with `invalid_body` where it has over 300 bytes.
   *
   * @param body at most 512 characters
   */
  cue(kind: string, body?: string): Promise<void>;

  /**
   * Says that this person is typing: call it at each key, and not once the field is empty. It goes out at most every 3 seconds, and only
   * where the room has `typing` and the person may write. The others see it for 6 seconds, or until the person has posted.
   */
  keystroke(): void;

  /** Deletes a message or an entry, for everybody: one's own, or, as the owner, anybody's. Rejects with `forbidden` for others. */
  forget(sequence: number): Promise<void>;

  /**
   * Takes the text of a message that has to be claimed, and resolves to the message with it. A lost answer is asked for again
   * for 25 seconds. Rejects with `forgotten` if it is too late, and with `forbidden` for one's own.
   */
  claim(sequence: number): Promise<Message>;

  /** Tries at once instead of waiting for the next attempt, and takes over where the connection is `replaced`. */
  reconnect(): void;

  /** Frees the seat, for all tabs of this browser. Ends this room with the reason `left`. */
  leave(): Promise<void>;

  /** Ends the room for everyone. Rejects with `forbidden` where only its owner may. */
  destroy(): Promise<void>;

  /**
   * Frees another's seat. The owner may, as with all that follows; others get `forbidden`.
   *
   * In an encrypted room the old link lets nobody in from before that on, and every member's `link` is the new one soon
   * after. If the network fails in between, it rejects, and goes on by itself once there is a connection, also after a
   * reload of this tab.
   *
   * @param options.lock whether the room is locked as well, before the seat is freed, so that the same link lets nobody
   *     back in
   * @param options.passcode a new passcode for whoever wants to come in, set before the seat is freed
   */
  remove(participantId: string, options?: { lock?: boolean; passcode?: string }): Promise<void>;

  /** Lets nobody in who has no seat yet. */
  lock(): Promise<void>;

  /** Lets others in again. */
  unlock(): Promise<void>;

  /**
   * Changes lock and proof at once. What is absent stays as it is; with the proof (or the passcode, which may stand in its
   * place) null none is needed any more. In an encrypted room only the lock can be changed: else `encrypted_room`.
   */
  admission(change: { locked?: boolean; proof?: string | null; passcode?: string | null }): Promise<void>;

  /**
   * Moves the end of the room to so many seconds from now: at least 60, and not beyond `latestExpiresAt`. Rejects with
   * `too_late` in the last 60 seconds.
   */
  endIn(ttlSeconds: number): Promise<void>;

  /** Gives a participant another role. To name another owner hands the room over. */
  assign(participantId: string, role: Role): Promise<void>;

  /** Sets a property, or removes it with null. In an encrypted room it rejects what cannot be sealed: `invalid_property`. */
  setProperty(name: string, value: string | null): Promise<void>;

  /** Stops listening and lets go of everything; the seat stays. No event comes any more, and what waits is rejected. */
  close(): void;

  addEventListener<K extends keyof RoomEventMap>(
    type: K,
    listener: (this: Room, event: RoomEventMap[K]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

/** The events of a room; each one's `detail` holds what is named here. */
export interface RoomEventMap {
  /** Somebody's message, own ones too: each once and in order, whatever happens to connections and tabs. */
  message: CustomEvent<Message>;
  /** Somebody's entry of the host's own kinds, own ones too: each once, and in one order with messages. */
  entry: CustomEvent<Entry>;
  /** Somebody's cue of the host's own kinds, never one's own. In an encrypted room one that does not open is not told. */
  cue: CustomEvent<{ kind: string; sender: Sender; body: string }>;
  /** Who of the others is typing, whenever that changes. */
  typing: CustomEvent<Participant[]>;
  /** Who is connected, whenever that changes; `participants` have it as `present`. */
  presence: CustomEvent<Presence>;
  /** In an encrypted room: somebody was removed, and `link` is a new one. The old one lets nobody in. */
  renewed: CustomEvent<{ sequence: number; by?: Sender }>;
  /**
   * In an encrypted room: somebody's message or entry, or a property, that does not open; or a message that is no text by
   * the server's rule (1 to 4,000 characters, one of them visible). Everything else goes on.
   */
  unreadable: CustomEvent<Unreadable>;
  /**
   * A message's text is gone: show it no more. Told once for each, also by this tab's own clock where the server's word does
   * not come.
   */
  forgotten: CustomEvent<{ of: number; reason: Forgotten }>;
  /** Somebody has taken the text of a message, which `left` others still can. */
  claimed: CustomEvent<{ of: number; participant: { id: string }; left: number }>;
  /** The host of the server wrote something, in the clear in every room; its sender has no seat, and the id `host`. */
  notice: CustomEvent<Message>;
  /** The room's end was moved. `by` is absent if the host did it, as in the next three. */
  deadline: CustomEvent<{ sequence: number; expiresAt: Date; by?: Sender }>;
  /** Others may come in than before. */
  admission: CustomEvent<{ sequence: number; locked: boolean; proofRequired: boolean; by?: Sender }>;
  /** A participant has another role. */
  role: CustomEvent<{ sequence: number; participant: Sender & { role: Role }; by?: Sender }>;
  /** A property was set, or removed: then it has no value. */
  property: CustomEvent<{ sequence: number; name: string; value?: string; by?: Sender }>;
  /** The room ends soon: once at 300 and once at 90 seconds, and again after the end was moved. */
  expiring: CustomEvent<{ expiresAt: Date; secondsLeft: number }>;
  /** Somebody took a seat. */
  joined: CustomEvent<Movement>;
  /** Somebody's seat was freed. */
  left: CustomEvent<Movement>;
  /** Who is here has changed, or has been asked. */
  participants: CustomEvent<Participant[]>;
  /**
   * Entries may be missing between what was shown and what follows (the log was cut, or rewritten by a failover): drop
   * what was shown, the retained history follows.
   */
  reset: CustomEvent<{ reason: "truncated" | "forked"; firstSequence: number }>;
  /** The connection has changed; at first it is `connecting`. */
  connection: CustomEvent<ConnectionState>;
  /** A message, or an entry, which has a `kind` and no `text`, was not stored yet, and is tried again by itself. */
  delayed: CustomEvent<{ id: string; kind?: string; text?: string; error: ChatError }>;
  /** The milliseconds left, on every whole second. */
  tick: CustomEvent<number>;
  /** It is over for this tab: the last event. Drop what was shown. */
  end: CustomEvent<RoomEnd>;
}

export interface Participant {
  id: string;
  name: string;
  owner: boolean;
  role: Role;
  /** Whether somebody has this seat's room open; absent where that is not told, as in a room of over 100 seats. */
  present?: boolean;
  /** In an encrypted room: this seat shows what another one says of itself. Warn of it. */
  mixedUp?: true;
}

/** What a room may tell beside messages: who is typing, and who is connected. */
export type Signal = "typing" | "presence";

/** The ids of those who are connected, and how many they are; in a room of over 100 seats only how many. */
export interface Presence {
  present?: string[];
  count: number;
}

/** What a seat allows: an owner steers the room, a member reads and posts, a reader reads. */
export type Role = "owner" | "member" | "reader";

export interface Sender {
  id: string;
  name: string;
  /** In an encrypted room: the words or the name may be those of another seat. Warn of it. */
  mixedUp?: true;
}

/** What does not open: a message, an entry, which has a kind, or a property. */
export type Unreadable =
  | { id: string; sequence: number; kind?: string; sender: Sender; sentAt: Date }
  | { property: string; sequence: number };

export interface Message {
  id: string;
  /** Ascends within the room; joins and leaves take sequences too. */
  sequence: number;
  sender: Sender;
  /** As it was written: never use it as markup. Absent if it is `forgotten`, or has to be claimed. */
  text?: string;
  sentAt: Date;
  /** When the text is forgotten, if that is before the room ends. */
  expiresAt?: Date;
  /** There if the text has to be claimed, and how many others still can. */
  claims?: { left: number };
  /** Why the text is gone. */
  forgotten?: Forgotten;
}

/** An entry of a kind of the host's own. */
export interface Entry {
  id: string;
  /** Ascends within the room, as those of messages do. */
  sequence: number;
  kind: string;
  sender: Sender;
  /** As it was posted. Absent if it is `forgotten`. */
  body?: string;
  sentAt: Date;
  /** When the body is forgotten, if that is before the room ends. */
  expiresAt?: Date;
  /** Why the body is gone. */
  forgotten?: Forgotten;
}

/** Why a text is gone: somebody deleted it, its time was over, or as many as could have taken it. */
export type Forgotten = "deleted" | "expired" | "claimed";

export interface Movement {
  sequence: number;
  participant: Sender;
  at: Date;
}

/**
 * - `connecting`: no stream yet, or it broke and is made again
 * - `live`: everything arrives
 * - `offline`: the same as `connecting` where the system says that it has no network
 * - `replaced`: this seat has more streams than the server allows, and a newer one took over; `reconnect()` takes it back
 */
export type ConnectionState = "connecting" | "live" | "offline" | "replaced";

export interface RoomEnd {
  /**
   * - `expired`: its time was up; where the server could not be asked, as far as this tab knew, and the seat is kept
   * - `destroyed`: somebody destroyed it
   * - `lost`: the server lost it before its time
   * - `left`: this seat was freed, by another tab or by the owner where it was not `own`
   * - `gone`: it ended or the seat was freed while nobody could tell this tab
   */
  reason: "expired" | "destroyed" | "lost" | "left" | "gone";
  /** Whether this tab did it, by `leave()` or `destroy()`. */
  own: boolean;
}

/** Why something did not work. Its message holds nothing that anybody wrote. */
export class ChatError extends Error {
  constructor(code: string, status?: number, retryAfterMs?: number | null);

  /**
   * The server's stable code, such as `room_full`; `network` where no answer came, `unknown` where something else answered
   * in the server's place (a login page, a gateway), with whatever status; of this module itself `ended`, `too_many_waiting`, `invalid_passcode` and `insecure_origin`,
   * and of encrypted rooms `key_required`, `invalid_key`, `wrong_key`, `passcode_required`, `invalid_name`, `invalid_text`,
   * `invalid_body`, `invalid_property`, `encrypted_room` (what cannot be changed there) and `unreadable` (an answer that does not open).
   */
  readonly code: string;
  /** The HTTP status; 0 where there was no answer. */
  readonly status: number;
  /** How long the server asked to wait, in milliseconds; null where it did not. */
  readonly retryAfterMs: number | null;
  /** Whether the room that is locked, or wants a proof, is an encrypted one: its link is needed, not its code alone. */
  encrypted: boolean;
  /** Whether the same may well succeed a little later. */
  readonly temporary: boolean;
}

/**
 * Takes the key of an encrypted room out of the page's address, and returns it for `join` and `open`; null where there is
 * none. Call it before the page loads or sends anything else: so the key gets into no bookmark, screenshot or script of
 * others. What else the fragment holds stays there.
 */
export function takeKey(): string | null;

/** A new id for `Room.post`: for pages that show a message before it is stored, or offer to repeat it. */
export function newMessageId(): string;

/**
 * What is wrong with a name, by the server's own rule; null where the server accepts it. A name has at most 30 characters,
 * one of them visible, no space around it, and nothing that is invisible or turns the direction of writing.
 */
export function nameProblem(name: string): "empty" | "too_long" | "nothing_visible" | "space_around" | "invisible" | null;

/**
 * A mark to show beside each name. It is made from the participant's id, so nobody can choose it, and two people of the same
 * name can be told apart. Every tab, page and device shows the same.
 */
export function markOf(participantId: string): Mark;

export interface Mark {
  /** Two capital letters. */
  letters: string;
  /** One of eight colours, 0 to 7. */
  color: number;
}
