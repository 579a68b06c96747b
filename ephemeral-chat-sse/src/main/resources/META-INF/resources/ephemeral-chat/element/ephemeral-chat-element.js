// <ephemeral-chat>: rooms as one tag. What it does for whom is documented in ephemeral-chat-element.d.ts, beside this file.
// The other files of this folder belong to it.

import { EphemeralChat } from "../ephemeral-chat.js";
import { el } from "./dom.js";
import { endedView } from "./ended.js";
import { inviteView } from "./invite.js";
import { lobbyView } from "./lobby.js";
import { findRoomCode } from "./room-code.js";
import { RoomView } from "./room-view.js";
import { styles } from "./styles.js";
import { Ui } from "./ui.js";
import { explain } from "./wording.js";

const TEXTS = ["base", "code", "name", "link"];
// What the person can't cure at once is a screen of its own.
const REFUSED = { room_full: "full", room_locked: "locked", room_not_found: "not-found", unauthorized: "cookies" };
const CORRECTED = ["not-found", "full", "locked"];
const SIGNALS = ["typing", "presence"];

// A server that renders pages may import this: it defines nothing there.
const { HTMLElement = Object, customElements } = globalThis;

/** Rooms in a page: the lobby, the invitation, the room, and its end. */
export class EphemeralChatElement extends HTMLElement {
  static observedAttributes = ["base", "code", "lang", "features"];

  #root = this.attachShadow({ mode: "open" });
  #frame = el("div", { class: "frame" });
  #ui = null;
  #chat = null;
  #view = null;
  #screen = "";
  #options = {};
  #words = {};
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
    for (const name of [...TEXTS, "features", "options", "words"]) {
      if (!Object.hasOwn(this, name)) continue;
      const value = this[name];
      delete this[name];
      this[name] = value;
    }
    this.#routeSoon();
  }

  disconnectedCallback() {
    this.#visit++;
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
    if (this.code === "") return this.#showLobby();
    const code = findRoomCode(this.code);
    if (code === null) return this.#showEnded("not-found");
    return this.#openRoom(code);
  }

  /** Shows one screen; whatever was there before, messages included, is gone. */
  #show(screen, element, title, view = null) {
    this.#visit++;
    const hadFocus = this.#ui.focused !== null;
    this.#view?.dispose();
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
      join: (code, name) => this.#joinFromLobby(code, name),
    });
    this.#show("lobby", view, this.#ui.t("lobby.title"));
  }

  #toLobby(joinCode, like) {
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

  /** Opening a link takes no seat: it only looks whether this browser has one already. */
  async #openRoom(code) {
    this.#show("opening", el("main", { class: "waiting", text: this.#ui.t("opening") }), this.#ui.t("opening"));
    const mine = this.#visit;
    try {
      const room = await this.#seat(code);
      if (this.#visit === mine) this.#showRoom(room);
      else room.close();
    } catch (error) {
      if (this.#visit !== mine) return;
      if (error.code === "unauthorized") this.#showInvitation(code);
      else if (REFUSED[error.code]) this.#showEnded(REFUSED[error.code], { code });
      else this.#showEnded("unavailable", { code, retryAfterMs: error.retryAfterMs });
    }
  }

  /** Where the host says so, a seat is taken without asking. */
  async #seat(code) {
    try {
      return await this.#chat.open(code);
    } catch (error) {
      if (error.code !== "unauthorized" || !this.#ui.has("auto-join")) throw error;
      return this.#chat.join(code, { name: this.name || undefined });
    }
  }

  #showInvitation(code, { locked = false } = {}) {
    const join = (options) => this.#enter(this.#chat.join(code, options), code);
    const view = inviteView(this.#ui, { code, join, back: () => this.#toLobby(), locked });
    this.#show("invite", view, this.#ui.t("room.name", { code }));
    if (locked) view.querySelector("[data-role=passcode-input]").focus();
  }

  /** Where a passcode is asked for, the invitation asks for it. */
  async #joinFromLobby(code, name) {
    try {
      await this.#enter(this.#chat.join(code, { name }), code);
    } catch (error) {
      if (error.code !== "wrong_proof") throw error;
      this.#settle(code);
      this.#showInvitation(code, { locked: true });
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
      const reason = REFUSED[error.code];
      if (reason === undefined) throw error;
      if (this.#visit === mine) this.#showEnded(reason, { code });
    }
  }

  #showRoom(room) {
    this.#settle(room.code);
    const view = new RoomView(room, this.#ui, { base: this.base || "/chat", ended: (end) => this.#roomEnded(room, end) });
    this.#show("room", view.element, room.code, view);
    this.#ui.tell("joined", { code: room.code, room });
    view.start();
  }

  #roomEnded(room, { reason, own }) {
    const like = {
      ttlMinutes: Math.min(1440, Math.max(1, Math.round((room.expiresAt - room.createdAt) / 60_000))),
      maxParticipants: room.maxParticipants,
      ownerOnlyDestroy: room.ownerOnlyDestroy,
      messageTtlSeconds: room.messageTtlSeconds ?? undefined,
      properties: Object.keys(room.properties).length > 0 ? room.properties : undefined,
      name: room.me.name || undefined,
      passcode: room.proofRequired,
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
