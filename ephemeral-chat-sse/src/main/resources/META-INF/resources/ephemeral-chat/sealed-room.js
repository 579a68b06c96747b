import { base64url, bytesOf, message, utf8 } from "./common.js";
import { ChatError } from "./error.js";
import { InOrder } from "./in-order.js";
import { isSealable, isText, nameProblem } from "./names.js";
import { People } from "./people.js";
import { RoomKey } from "./room-key.js";
import { keyOf, open, seal, tagged, textOf, untagged } from "./sealing.js";

const PROFILE = { purpose: "profile" };
// So many bytes fit into what the server takes.
const MAX_PROPERTY = 316;
const MAX_ENTRY = 2_796;
const MAX_CUE = 300;
const MAX_POSTS = 100;
// The property by which members learn of a new invitation. It is no page's business.
const INVITE = "invite";
const HOST = "host";

/** What is said in an encrypted room, in the clear for the page and sealed for the server. */
export class SealedRoom {
  encrypted = true;
  invite = INVITE;
  #key;
  #keys;
  #room;
  #me;
  #people = new People();
  #events = new InOrder();
  // Whoever posts a message again sends the same bytes.
  #posts = new Map();
  #stopGiving;
  // The newest entry or answer that has brought an invitation.
  #invitedAt = 0;

  constructor(key, keys, room, me) {
    this.#key = key;
    this.#keys = keys;
    this.#room = room;
    this.#me = me;
  }

  /** The room of an answer, with what is opened of the answer. Its key is kept under the name, for that seat. */
  static async of(key, name, seat, { id, me, ...data }) {
    const [own, general] = await Promise.all([keyOf(key.secret, id), keyOf(key.secret)]);
    const sealed = new SealedRoom(key, { own, general }, id, me);
    const opened = await sealed.room({ id, me, ...data });
    sealed.#takeSeat(name, seat);
    return { codec: sealed, data: { ...opened, participants: opened.participants?.map((each) => sealed.#people.named(each)) } };
  }

  /** The parts of a request for a new seat that are sealed. */
  static async seat(key, { name, properties, ...options }) {
    if (name !== undefined && nameProblem(name) !== null) throw new ChatError("invalid_name");
    const general = await keyOf(key.secret);
    key.tag = RoomKey.newTag();
    const profile = await seal(general, PROFILE, tagged(key.tag, name ?? ""));
    const asked = { ...options, proof: await key.proof(), profile };
    if (properties === undefined) return asked;
    const sealed = Object.entries(properties).map(async ([each, value]) => [each, await sealProperty(general, each, value)]);
    return { ...asked, properties: Object.fromEntries(await Promise.all(sealed)) };
  }

  get behind() {
    return this.#events.behind;
  }

  /** What remains to be done since somebody was removed. */
  get renewal() {
    return this.#key?.renewal ?? null;
  }

  link(page) {
    if (this.#key === null) throw new ChatError("ended");
    return this.#key.link(page);
  }

  close() {
    this.#events.close();
    this.#stopGiving?.();
    this.#posts.clear();
    this.#key = null;
  }

  // ---- What comes ----

  /** Opens what an event holds; events are handed on in their order. */
  take(type, data, handOn) {
    const opening = this.#opened(type, data).catch(() => null);
    this.#events.add(opening, (opened) => this.#told(type, data, opened, handOn));
  }

  /** An answer about the room, in the clear. */
  async room(data) {
    const seats = data.participants ?? [];
    const profiles = await Promise.all(seats.map(({ id, profile }) => this.#stranger(id, profile)));
    seats.forEach(({ id, profile }, i) => this.#people.seen(id, profile, profiles[i], data.lastSequence));
    const sealed = Object.entries(data.properties ?? {});
    const values = await Promise.all(sealed.map(([name, value]) => this.#property(name, value)));
    const properties = sealed.map(([name], i) => [name, values[i]]).filter(([, value]) => value !== null);
    const { [INVITE]: invitation, ...others } = Object.fromEntries(properties);
    this.#invited(invitation, data.lastSequence);
    return {
      ...data,
      ...(data.participants && { participants: data.participants.map((each) => this.#people.named(each)) }),
      ...(data.properties && { properties: others }),
    };
  }

  /** The answer to a message or an entry that was posted. */
  async posted(type, data) {
    if (isEmptied(data)) return message(this.#named(data));
    const opened = await this.#words(type, data);
    if (opened === null) throw new ChatError("unreadable");
    return message(this.#said(type, data, opened));
  }

  async #opened(type, data) {
    if (hasWords(type, data)) return isEmptied(data) ? null : this.#words(type, data);
    if (type === "joined") return this.#stranger(data.participant.id, data.participant.profile);
    if (type === "property") return this.#property(data.name, data.value);
    return null;
  }

  #told(type, data, opened, handOn) {
    this.#people.reached(data.sequence);
    if (type === "left") this.#people.left(data.participant.id, data.sequence);
    if (hasWords(type, data)) this.#tellWords(type, data, opened, handOn);
    else if (type === "joined") this.#tellJoined(data, opened, handOn);
    else if (type === "property") this.#tellProperty(data, opened, handOn);
    else if (data.sender) handOn(type, fromHost(data));
    else handOn(type, this.#named(data));
    if (type === "reset" && data.reason === "forked") this.#forgetSequences();
  }

  /** The log was rewritten. */
  #forgetSequences() {
    this.#people.forgetSequences();
    this.#invitedAt = 0;
  }

  #tellWords(type, data, opened, handOn) {
    if (isEmptied(data)) handOn(type, this.#named(data));
    else if (opened !== null) handOn(type, this.#said(type, data, opened));
    // A cue is missing from nothing.
    else if (type !== "cue") handOn("unreadable", this.#unreadable(data));
  }

  #tellJoined(data, profile, handOn) {
    const { id, profile: sealed } = data.participant;
    this.#people.joined(id, sealed, profile, data.sequence);
    handOn("joined", this.#named(data));
  }

  #tellProperty(data, value, handOn) {
    if (data.name === INVITE) {
      this.#invited(value ?? undefined, data.sequence);
      return handOn("renewed", this.#named({ sequence: data.sequence, by: data.by }));
    }
    if (value === null && data.value !== undefined) handOn("unreadable", { sequence: data.sequence, property: data.name });
    return handOn("property", this.#named({ ...data, value: value ?? undefined }));
  }

  #said(type, data, { tag, text }) {
    const sender = this.#people.named(data.sender, { tag, sequence: data.sequence });
    return { ...data, sender, ...(type === "message" ? { text } : { body: text }) };
  }

  #unreadable(data) {
    const { id, sequence, kind, sender, sentAt } = message(this.#named(data));
    return { id, sequence, ...(kind && { kind }), sender, sentAt };
  }

  #named(data) {
    const named = { ...data };
    for (const part of ["sender", "participant", "by"]) {
      if (data[part]) named[part] = this.#people.named(data[part]);
    }
    return named;
  }

  /** What a message, a cue or an entry says. The server's rule for texts holds for those that it does not see, too. */
  async #words(type, data) {
    const sealed = type === "message" ? data.text : data.body;
    const plaintext = await open(this.#keys.own, this.#placeOf(type, data, data.sender.id), sealed);
    const words = plaintext && untagged(plaintext);
    return type === "message" && !isText(words?.text) ? null : words;
  }

  /** The profile of somebody who is not known yet. */
  async #stranger(id, sealed) {
    return this.#people.has(id, sealed) ? null : this.#profile(sealed);
  }

  async #profile(sealed) {
    const plaintext = await open(this.#keys.general, PROFILE, sealed);
    return plaintext && untagged(plaintext);
  }

  async #property(name, sealed) {
    const plaintext = await open(this.#keys.general, propertyPlace(name), sealed);
    return plaintext && textOf(plaintext);
  }

  #placeOf(type, { id, kind }, sender) {
    const place = { room: this.#room, sender };
    if (type === "message") return { ...place, purpose: "message", id };
    return type === "cue" ? { ...place, purpose: "cue", id: kind } : { ...place, purpose: "entry", id: `${kind} ${id}` };
  }

  /** A seat's words are told by its tag: it keeps the one it has, on every device. */
  #takeSeat(name, seat) {
    const tag = this.#people.tagOf(this.#me);
    const mine = this.#key.tag && base64url(this.#key.tag);
    if (tag === undefined && mine === undefined) throw new ChatError("wrong_key");
    // A login that comes from another device finds the seat that it has.
    if (tag !== undefined && !this.#key.isKept) this.#key.tag = bytesOf(tag);
    else if (tag !== mine) this.#people.doubt(this.#me);
    this.#stopGiving = this.#key.keepAs(name, seat);
  }

  /** An answer may be older than what the stream has told meanwhile, and the stream begins with what is older than an answer. */
  #invited(text, sequence = 0) {
    const invitation = text === undefined || sequence < this.#invitedAt ? null : bytesOf(text);
    if (invitation === null || this.#key === null) return;
    this.#invitedAt = sequence;
    this.#key.save({ invitation });
  }

  // ---- What goes ----

  async sealMessage(text, id) {
    if (!isText(text)) throw new ChatError("invalid_text");
    return this.#sealOnce(this.#placeOf("message", { id }, this.#me), text);
  }

  async sealEntry(kind, body, id) {
    if (!isBody(body, MAX_ENTRY) || body === "") throw new ChatError("invalid_body");
    return this.#sealOnce(this.#placeOf(kind, { id, kind }, this.#me), body);
  }

  async sealCue(kind, body) {
    if (!isBody(body, MAX_CUE)) throw new ChatError("invalid_body");
    return this.#seal(this.#placeOf("cue", { kind }, this.#me), body);
  }

  async #sealOnce(place, text) {
    const known = this.#posts.get(place.id);
    if (known?.text === text) return known.sealed;
    const sealed = await this.#seal(place, text);
    if (this.#posts.size >= MAX_POSTS) this.#posts.delete(this.#posts.keys().next().value);
    this.#posts.set(place.id, { text, sealed });
    return sealed;
  }

  #seal(place, text) {
    return seal(this.#keys.own, place, tagged(this.#key.tag, text));
  }

  sealProperty(name, value) {
    return sealProperty(this.#keys.general, name, value);
  }

  async admission({ locked, passcode, proof }) {
    // The key is made with the passcode: another one would open nothing that was said.
    if (passcode !== undefined || proof !== undefined) throw new ChatError("encrypted_room");
    return { locked };
  }

  // ---- A new link, after somebody was removed ----

  newInvitation() {
    return base64url(RoomKey.newInvitation());
  }

  renew(renewal) {
    this.#key?.save({ renewal });
  }

  proofOf(invitation) {
    return this.#key.proof(bytesOf(invitation));
  }

  sealInvitation(invitation) {
    return seal(this.#keys.general, propertyPlace(INVITE), utf8(invitation));
  }

  renewed(invitation) {
    this.#key?.save({ invitation: bytesOf(invitation), renewal: null });
  }
}

/** Whether an event has sealed words: of members only, what the host says is in the clear. */
function hasWords(type, { sender }) {
  return type === "message" || ((type === "cue" || type.startsWith("x-")) && sender.id !== HOST);
}

/** Whatever id the server gives it: what is in the clear stands under no name that a member has sealed. */
function fromHost(data) {
  return { ...data, sender: { id: HOST, name: data.sender.name ?? "" } };
}

/** A message that is to be claimed has no text, and what was forgotten has neither text nor body. */
function isEmptied({ text, body, claims, forgotten }) {
  return text === undefined && body === undefined && (claims !== undefined || forgotten !== undefined);
}

function isBody(body, mostBytes) {
  return typeof body === "string" && isSealable(body) && utf8(body).length <= mostBytes;
}

function propertyPlace(name) {
  return { purpose: "property", id: name };
}

async function sealProperty(key, name, value) {
  if (name === INVITE || typeof value !== "string" || value === "" || !isSealable(value)) throw new ChatError("invalid_property");
  const bytes = utf8(value);
  if (bytes.length > MAX_PROPERTY) throw new ChatError("invalid_property");
  return seal(key, propertyPlace(name), bytes);
}
