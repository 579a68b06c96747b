// <ephemeral-chat>: rooms as one tag. What it does for whom is documented in ephemeral-chat-element.d.ts, beside this file.
// The other files of this folder belong to it.

import { EphemeralChat } from "../ephemeral-chat.js";
import { el } from "./dom.js";
import { endedView } from "./ended.js";
import { findInvitation } from "./invitation.js";
import { inviteView } from "./invite.js";
import { lobbyView } from "./lobby.js";
import { RoomView } from "./room-view.js";
import { hasPasscode } from "./seal.js";
import { sweep } from "./storage.js";
import { styles } from "./styles.js";
import { Ui } from "./ui.js";
import { explain } from "./wording.js";

const TEXTS = ["base", "code", "name", "link", "encryption"];
// What the person can't cure at once is a screen of its own.
const REFUSED = { room_full: "full", room_locked: "locked", room_not_found: "not-found", unauthorized: "cookies", insecure_origin: "insecure" };
const CORRECTED = ["not-found", "full", "locked"];
const SIGNALS = ["typing", "presence"];

// What the invitation asks for.
const ASKED = ["key_required", "invalid_key", "wrong_key", "passcode_required", "wrong_proof"];

// A server that renders pages may import this: it defines nothing there.
const { HTMLElement = Object, customElements } = globalThis;

/** Rooms in a page: the lobby, the invitation, the room, and its end. */
export class EphemeralChatElement extends HTMLElement {
  static observedAttributes = ["base", "code", "lang", "features", "encryption"];

  #root = this.attachShadow({ mode: "open" });
  #frame = el("div", { class: "frame" });
  #ui = null;
  #chat = null;
  #view = null;
  #screen = "";
  #options = {};
  #words = {};
  // Of the room that the code names, until its seat is taken: the client keeps it from then on. No attribute, so in no markup.
  #key = null;
  #keyOf = "";
  // Counts screens: an answer that comes after the person went elsewhere must not bring a screen back.
  #visit = 0;
  #settling = false;
  #routing = false;

  constructor() {
    super();
    this.#root.adoptedStyleSheets = styles();
    this.#root.append(this.#frame);
  }

  connectedCallback() {
    // What was set before the browser knew this element.
    for (const name of [...TEXTS, "features", "options", "words", "key"]) {
      if (!Object.hasOwn(this, name)) continue;
      const value = this[name];
      delete this[name];
      this[name] = value;
    }
    this.#routeSoon();
  }

  disconnectedCallback() {
    this.#visit++;
    this.#keep(null);
    this.#view?.dispose();
    this.#view = null;
    this.#frame.replaceChildren();
    this.#screen = "";
  }

  attributeChangedCallback(name, before, after) {
    // Said once more, a code that led to an end is tried again.
    if (this.#settling || (before === after && this.#screen !== "ended")) return;
    if (name === "base") this.#chat = null;
    // In a room, words and features are those it was opened with.
    if (this.#view === null || name === "base" || name === "code") this.#routeSoon();
  }

  get features() {
    return this.getAttribute("features")?.split(/\s+/).filter(Boolean) ?? null;
  }

  set features(value) {
    if (value === null || value === undefined) this.removeAttribute("features");
    else this.setAttribute("features", typeof value === "string" ? value : [...value].join(" "));
  }

  get options() {
    return this.#options;
  }

  set options(options) {
    this.#options = options ?? {};
    this.#chat = null;
  }

  get words() {
    return this.#words;
  }

  set words(words) {
    this.#words = words ?? {};
    if (this.#view === null) this.#routeSoon();
  }

  get key() {
    return this.#key;
  }

  set key(key) {
    this.#key = key ?? null;
    this.#keyOf = "";
    if (this.#view === null && this.#key !== null) this.#routeSoon();
  }

  get room() {
    return this.#view?.room ?? null;
  }

  get screen() {
    return this.#screen;
  }

  get unread() {
    return this.#view?.list.unseen ?? 0;
  }

  get hasUnsent() {
    return this.#view?.hasUnsent ?? false;
  }

  get panelOpen() {
    return this.#view?.panelIsOpen ?? false;
  }

  set panelOpen(open) {
    this.#view?.showPanel(open);
  }

  focus(options) {
    const target = this.#view?.composer.input ?? this.#frame.querySelector("input, h1");
    target?.focus(options);
  }

  /** Several changes in a row are one. */
  #routeSoon() {
    if (this.#routing || !this.isConnected) return;
    this.#routing = true;
    queueMicrotask(() => {
      this.#routing = false;
      if (this.isConnected) this.#route();
    });
  }

  #route() {
    const { lang } = this.closest("[lang]") ?? document.documentElement;
    this.#ui = new Ui(this, this.#root, { words: this.#words, lang: lang || "en" });
    this.#chat ??= new EphemeralChat(this.base || "/chat", this.#options);
    if (this.code === "") return this.#toLobby();
    const { code, key } = findInvitation(this.code);
    if (code === null) return this.#showEnded("not-found");
    if (key !== null) this.#settle(code);
    if (key !== null || ![code, ""].includes(this.#keyOf)) this.#keep(key);
    this.#keyOf = code;
    return this.#openRoom(code);
  }

  /** Shows one screen; whatever was there before, messages included, is gone. */
  #show(screen, element, title, view = null) {
    this.#visit++;
    const hadFocus = this.#ui.focused !== null;
    this.#view?.dispose();
    sweep();
    this.#view = view;
    this.#root.querySelectorAll("dialog[open]").forEach((dialog) => dialog.close());
    this.#frame.dataset.screen = screen;
    this.#frame.replaceChildren(element, ...this.#ui.regions);
    this.#frame.scrollTo(0, 0);
    this.#screen = screen;
    this.#ui.tell("screen", { screen, code: this.code, title });
    // Never to nowhere: a screen reader would lose its place.
    if (hadFocus && this.#ui.focused === null) element.querySelector("h1[tabindex], input, [tabindex]")?.focus();
  }

  #keep(key) {
    this.#key = key;
    this.#keyOf = "";
  }

  /** The attribute says where the person has gone. */
  #settle(code) {
    this.#settling = true;
    this.code = code;
    this.#settling = false;
  }

  #showLobby(joinCode = "", like = null) {
    const view = lobbyView(this.#ui, {
      joinCode,
      like,
      create: (options) => this.#enter(this.#create(options)),
      join: (code, how) => this.#joinFromLobby(code, how),
    });
    this.#show("lobby", view, this.#ui.t("lobby.title"));
  }

  #toLobby(joinCode, like) {
    this.#keep(null);
    this.#settle("");
    this.#showLobby(joinCode, like);
  }

  /** A host may let no room tell who is typing or connected: then it is a room without that. */
  async #create(options) {
    const signals = SIGNALS.filter((each) => this.#ui.has(each));
    if (signals.length === 0) return this.#chat.create(options);
    try {
      return await this.#chat.create({ ...options, signals });
    } catch (error) {
      if (error.code !== "forbidden") throw error;
      return this.#chat.create(options);
    }
  }

  /** Opening a link takes no seat, unless the host says so: it only looks whether this browser has one already. */
  async #openRoom(code) {
    this.#show("opening", el("main", { class: "waiting", text: this.#ui.t("opening") }), this.#ui.t("opening"));
    const mine = this.#visit;
    let seated = true;
    const joining = (error) => {
      seated = error.code !== "unauthorized";
      if (seated || !this.#ui.has("auto-join")) throw error;
      return this.#chat.join(code, { name: this.name || undefined, key: this.#key });
    };
    try {
      const room = await this.#chat.open(code).catch(joining);
      if (this.#visit === mine) this.#showRoom(room);
      else room.close();
    } catch (error) {
      if (this.#visit !== mine) return;
      if (error.code === "unauthorized") this.#showInvitation(code);
      else if (ASKED.includes(error.code)) this.#showInvitation(code, { seated, refused: error });
      else if (REFUSED[error.code]) this.#showEnded(REFUSED[error.code], { code });
      else this.#showEnded("unavailable", { code, retryAfterMs: error.retryAfterMs });
    }
  }

  /**
   * @param seated whether this browser has a seat, whose key is not here
   * @param refused why an attempt has failed that was made elsewhere
   */
  #showInvitation(code, { seated = false, refused = null } = {}) {
    const key = this.#key;
    const isSealed = key !== null || refused?.code === "key_required";
    if (isSealed && !EphemeralChat.passcodesWork) return this.#showEnded("insecure", { code });
    const seat = (options) => (seated ? this.#chat.open(code, options) : this.#chat.join(code, options));
    const view = inviteView(this.#ui, {
      code,
      key,
      seated,
      // The link has brought what is asked for.
      refused: refused?.code === "key_required" && key !== null ? null : refused,
      join: (options) => this.#enter(seat(options), code),
      back: () => this.#toLobby(),
    });
    this.#show("invite", view.element, this.#ui.t("room.name", { code }));
    return view.shown();
  }

  /** What else the room asks for, the invitation asks for. */
  async #joinFromLobby(code, { name, key }) {
    try {
      await this.#enter(this.#chat.join(code, { name, key }), code);
    } catch (error) {
      if (!ASKED.includes(error.code)) throw error;
      this.#keep(key);
      this.#settle(code);
      this.#showInvitation(code, { refused: error });
    }
  }

  /** Shows the room whose seat was asked for; what the person can cure is thrown. */
  async #enter(seat, code = null) {
    const mine = this.#visit;
    try {
      const room = await seat;
      if (this.#visit === mine) this.#showRoom(room);
      else room.close();
    } catch (error) {
      // Of an encrypted room nothing can be asked for where the browser can't open it.
      const isBeyond = error.code === "key_required" && !EphemeralChat.passcodesWork;
      const reason = isBeyond ? "insecure" : REFUSED[error.code];
      if (reason === undefined || (reason === "insecure" && code === null)) throw error;
      if (this.#visit === mine) this.#showEnded(reason, { code });
    }
  }

  #showRoom(room) {
    this.#settle(room.code);
    this.#keep(null);
    // At the end the room knows no longer.
    const asked = room.encrypted ? hasPasscode(room) : null;
    const { name } = room.me;
    const ended = (end) => this.#roomEnded(room, end, { name: name || undefined, passcode: asked ?? room.proofRequired });
    const view = new RoomView(room, this.#ui, { base: this.base || "/chat", ended });
    this.#show("room", view.element, room.code, view);
    this.#ui.tell("joined", { code: room.code, room });
    view.start();
  }

  #roomEnded(room, { reason, own }, { name, passcode }) {
    const like = {
      ttlMinutes: Math.min(1440, Math.max(1, Math.round((room.expiresAt - room.createdAt) / 60_000))),
      maxParticipants: room.maxParticipants,
      ownerOnlyDestroy: room.ownerOnlyDestroy,
      messageTtlSeconds: room.messageTtlSeconds ?? undefined,
      properties: Object.keys(room.properties).length > 0 ? room.properties : undefined,
      name,
      encrypted: room.encrypted,
      passcode,
    };
    this.#showEnded(reason, { code: room.code, own, like });
    if (reason === "left") this.#ui.tell("left", { code: room.code, own });
    else this.#ui.tell("ended", { code: room.code, reason, own });
  }

  #showEnded(reason, { code = null, own = false, retryAfterMs = null, like = null } = {}) {
    const ui = this.#ui;
    const back = () => this.#toLobby(CORRECTED.includes(reason) ? code ?? "" : "");
    const { element, words, problem } = endedView(ui, {
      reason,
      own,
      retryAfterMs,
      // A mistyped code is corrected, not typed anew.
      back: ui.has("create") || ui.has("join") ? back : null,
      again: code === null ? null : () => this.#openRoom(code),
      likeThis: like !== null && ui.has("create") && reason !== "left" ? () => this.#createLike(like, problem) : null,
    });
    this.#show("ended", element, words.title);
    if (ui.mayTakeFocus) element.querySelector("h1").focus();
    ui.say(`${words.title} ${words.body}`, { now: true });
  }

  /** A passcode is known to people only: they are asked for it again. */
  async #createLike({ passcode, ...like }, problem) {
    if (passcode) return this.#toLobby("", like);
    try {
      await this.#enter(this.#create(like));
    } catch (error) {
      problem.textContent = explain(error, this.#ui.words);
      this.#ui.tell("error", { error });
    }
  }
}

for (const name of TEXTS) {
  Object.defineProperty(EphemeralChatElement.prototype, name, {
    configurable: true,
    enumerable: true,
    get() {
      return this.getAttribute(name) ?? "";
    },
    set(value) {
      if (value === null || value === undefined) this.removeAttribute(name);
      else this.setAttribute(name, String(value));
    },
  });
}

if (customElements?.get("ephemeral-chat") === undefined) customElements?.define("ephemeral-chat", EphemeralChatElement);
