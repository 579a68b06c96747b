import { base64url, bytesOf } from "./common.js";
import { ChatError } from "./error.js";
import { linkOf, readLink } from "./link.js";
import { canStretch } from "./passcode.js";
import { proofOf, secretOf } from "./sealing.js";
import { keys, seats } from "./store.js";

const KEY = 32;
const TAG = 16;
const INVITATION = 16;
const OTHER_TABS_MS = 500;

/** What one seat knows of an encrypted room and the server does not. It leaves this browser in links alone. */
export class RoomKey {
  #key;
  #hasPasscode;
  #name = null;
  #seat = null;

  constructor({ key, secret, passcode, invitation, tag, renewal = null }) {
    // Whether the seat's tag is known since before.
    this.isKept = tag !== undefined;
    this.#key = key;
    this.secret = secret;
    this.#hasPasscode = passcode;
    this.invitation = invitation;
    this.tag = tag;
    this.renewal = renewal;
  }

  static async create(passcode) {
    return RoomKey.#of({ key: random(KEY) }, passcode);
  }

  static async fromLink(link, passcode) {
    const read = readLink(link);
    if (read.passcode && passcode === undefined) throw new ChatError("passcode_required");
    return RoomKey.#of(read, passcode);
  }

  static async #of({ key, invitation }, passcode) {
    if (!canStretch()) throw new ChatError("insecure_origin");
    const secret = await secretOf(key, passcode);
    return new RoomKey({ key, secret, passcode: passcode !== undefined, invitation, tag: undefined });
  }

  /**
   * What this tab has kept, or another tab with the same seat; null where none has. If this browser has taken another seat since, tag and
   * renewal are none of its own: the seat's profile has the tag. The server's word alone makes no seat another one.
   */
  static async kept(name, participant) {
    const seat = seats.of(name);
    const kept = keys.of(name) ?? (await askTabs(name, participant));
    if (kept === null) return null;
    if (!canStretch()) throw new ChatError("insecure_origin");
    const isFormer = seat?.participant === participant && seat.taken !== kept.taken;
    const { tag: text, renewal } = isFormer ? {} : kept;
    const [key, secret, invitation, tag] = [kept.key, kept.secret, kept.invitation, text].map((each) => (each === undefined ? each : bytesOf(each)));
    return new RoomKey({ ...kept, key, secret, invitation, tag, renewal });
  }

  static newTag() {
    return random(TAG);
  }

  static newInvitation() {
    return random(INVITATION);
  }

  proof(invitation = this.invitation) {
    return proofOf(this.secret, invitation);
  }

  link(page) {
    return linkOf(page, { key: this.#key, invitation: this.invitation, passcode: this.#hasPasscode });
  }

  /** Keeps it for this tab, and gives it to other tabs with the same seat that ask. Returns what ends the latter. */
  keepAs(name, seat) {
    this.#name = name;
    this.#seat = seat;
    const unused = keys.use(name);
    this.save();
    const channel = channelOf(name, seat.participant);
    if (channel) channel.onmessage = ({ data }) => data === "ask" && channel.postMessage({ ...this.#text(), renewal: null });
    return () => {
      channel?.close();
      unused();
      // What comes late keeps nothing again.
      this.#name = null;
    };
  }

  save(changes = {}) {
    Object.assign(this, changes);
    if (this.#name !== null) keys.keep(this.#name, { ...this.#text(), renewal: this.renewal });
  }

  #text() {
    const bytes = { key: this.#key, secret: this.secret, invitation: this.invitation, tag: this.tag };
    const text = Object.entries(bytes).map(([name, value]) => [name, value && base64url(value)]);
    return { ...Object.fromEntries(text), passcode: this.#hasPasscode, ...this.#seat };
  }
}

function random(bytes) {
  return crypto.getRandomValues(new Uint8Array(bytes));
}

function channelOf(name, participant) {
  try {
    return new BroadcastChannel(`ephemeral-chat key ${name} ${participant}`);
  } catch {
    return null;
  }
}

function askTabs(name, participant) {
  const channel = channelOf(name, participant);
  if (channel === null) return null;
  return new Promise((resolve) => {
    const answered = (kept) => {
      clearTimeout(timer);
      channel.close();
      resolve(kept);
    };
    const timer = setTimeout(answered, OTHER_TABS_MS, null);
    channel.onmessage = ({ data }) => data !== "ask" && answered(data);
    channel.postMessage("ask");
  });
}
