import { markBetween, spellDuration } from "../countdown.js";
import { button, el, keepingFocus, say } from "../dom.js";
import { Outgoing } from "../outgoing.js";
import { roomLink, roomPath } from "../room-code.js";
import { explain } from "../wording.js";
import { composer } from "./composer.js";
import { membersPanel } from "./members-panel.js";
import { MessageList } from "./message-list.js";
import { copyButton, roomBar } from "./room-bar.js";
import { canExtend, extendRoom } from "./steering.js";

const WIDE = matchMedia("(min-width: 48rem)");

/** What has a line of its own in the conversation. */
const ENTRIES = ["message", "notice", "joined", "left", "deadline", "admission", "role", "property"];

const FIRST_MS = 5_000;
const SLICE_MS = 40;

const STRIP = {
  connecting: "The connection broke. It is being made again, and what you miss is filled in.",
  offline: "You’re offline. What you write is kept here and sent when the connection is back.",
  replaced: "This room is open in many places at once, and a newer one took over. This one gets no messages.",
};

const FIRST = "The connection takes longer than usual. This page keeps trying.";

/** A room from inside: ties the parts of the screen to the room. */
export class RoomView {
  #unread = 0;
  #wasLive = false;
  #slow;
  #before;
  #warnedOf;
  #entries = [];
  #roster = null;

  constructor(room, { ended, title }) {
    this.room = room;
    this.ended = ended;
    this.title = title;
    this.outgoing = new Outgoing(room, {
      onChange: (item) => this.#pending(item),
      onStored: (message) => this.#entry("message", message),
    });
    this.bar = roomBar(room, { togglePanel: () => this.#togglePanel() });
    this.panel = membersPanel(room, { close: () => this.#togglePanel(false) });
    this.list = new MessageList({
      me: room.me.id,
      onRetry: (id) => this.outgoing.retry(id),
      onDiscard: (id) => this.outgoing.discard(id),
      onNews: () => this.#news(),
    });
    this.composer = composer((text) => this.outgoing.send(text));
    this.strip = el("div", { class: "strip", hook: "connection-strip", hidden: true });
    this.warning = el("div", { class: "strip", hook: "expiring-strip", hidden: true });
    this.reading = el("p", { class: "reading", hook: "reading-note", text: "You can read here, and write nothing.", hidden: true });
    this.empty = el(
      "div",
      { class: "empty" },
      el("p", { class: "empty-title", text: "Nothing said yet." }),
      el("p", { text: "Send the code or the link to whoever should be here. Everyone in the room can read everything in it." }),
      copyButton("Copy invitation link", "link", "copy-invitation", roomLink(room.code), "button"),
    );
    this.list.element.append(this.empty);
    this.talk = el("section", { class: "talk", "aria-label": "Conversation" }, this.strip, this.warning, this.list.element, this.reading, this.composer.element);
    this.element = el(
      "main",
      { class: "room", hook: "room-view", "data-code": room.code, on: { keydown: (event) => this.#keydown(event), click: (event) => this.#click(event) } },
      this.bar.element,
      this.talk,
      this.panel.element,
    );
  }

  start() {
    this.onVisible = () => document.visibilityState === "visible" && this.#seen();
    document.addEventListener("visibilitychange", this.onVisible);
    // A turned phone may be wide enough to show the panel beside the conversation: nothing is covered then.
    this.onWide = () => this.element.classList.contains("panel-open") && this.#togglePanel(false);
    WIDE.addEventListener("change", this.onWide);
    this.#before = this.room.msLeft;
    this.bar.showConnection("connecting");
    this.#slow = setTimeout(() => this.#showStrip("connecting"), FIRST_MS);
    this.#members();
    this.#listen();
    this.room.start();
    if (matchMedia("(pointer: fine)").matches) this.composer.focus();
  }

  #listen() {
    const on = (type, action) => this.room.addEventListener(type, ({ detail }) => action(detail));
    for (const type of ENTRIES) on(type, (entry) => this.#soon(type, entry));
    for (const type of ["deadline", "admission", "role", "property"]) on(type, () => this.#membersSoon());
    on("deadline", () => this.#moved());
    on("expiring", (end) => this.#expiring(end));
    on("reset", () => {
      this.#entries = [];
      this.list.clear();
    });
    on("participants", () => this.#membersSoon());
    on("connection", (state) => this.#connection(state));
    on("tick", (ms) => this.#tick(ms));
    on("end", (end) => this.ended(end));
  }

  /** A long history is shown a slice at a time, so that the page answers meanwhile. */
  #soon(type, entry) {
    this.#entries.push([type, entry]);
    if (this.#entries.length === 1) setTimeout(() => this.#showSlice());
  }

  #showSlice() {
    const begun = performance.now();
    let done = 0;
    while (done < this.#entries.length && performance.now() - begun < SLICE_MS) this.#entry(...this.#entries[done++]);
    this.#entries.splice(0, done);
    if (this.#entries.length > 0) setTimeout(() => this.#showSlice());
  }

  #entry(type, entry) {
    this.list.add(type, entry);
    this.empty.hidden = !this.list.isEmpty;
  }

  #pending(item) {
    this.list.showPending(item);
    this.empty.hidden = true;
  }

  #connection(state) {
    this.bar.showConnection(state);
    this.element.dataset.connection = state;
    this.#wasLive ||= state === "live";
    // The first connection takes a moment and is no trouble worth a notice, unless it takes long.
    if (state === "connecting" && !this.#wasLive) return;
    clearTimeout(this.#slow);
    this.#showStrip(state);
  }

  #showStrip(state) {
    const words = state === "connecting" && !this.#wasLive ? FIRST : STRIP[state];
    this.strip.hidden = words === undefined;
    this.strip.replaceChildren();
    if (words === undefined) return;
    this.strip.append(el("p", { text: words }), this.#remedy(state));
    say(words);
  }

  /** In a crowd many come and go at once. */
  #membersSoon() {
    this.#roster ??= setTimeout(() => {
      this.#roster = null;
      this.#members();
    }, 16);
  }

  #members() {
    this.panel.update();
    this.bar.showMembers(this.room.participants.length);
    this.bar.showState();
    const reads = this.room.me.role === "reader";
    this.reading.hidden = !reads;
    keepingFocus(() => (this.composer.element.hidden = reads), [this.list.element]);
  }

  /** The owner can still do something about it. */
  #expiring({ expiresAt, secondsLeft }) {
    this.#warnedOf = expiresAt.getTime();
    const left = secondsLeft < 120 ? `${secondsLeft} seconds` : spellDuration(secondsLeft * 1_000);
    const words = `This room ends in ${left}.`;
    this.warning.replaceChildren(el("p", { text: words }));
    if (this.room.me.owner && canExtend(this.room)) {
      const more = button("10 minutes more", { class: "button", hook: "extend-now", on: { click: () => this.#extend(more) } });
      this.warning.append(more);
    }
    this.warning.hidden = false;
    say(words);
  }

  /** A warning holds as long as the end does; the history tells of earlier moves. */
  #moved() {
    if (this.room.expiresAt.getTime() === this.#warnedOf) return;
    keepingFocus(() => (this.warning.hidden = true), [this.composer.element.querySelector("textarea")]);
  }

  async #extend(more) {
    more.disabled = true;
    try {
      await extendRoom(this.room);
    } catch (error) {
      this.warning.firstElementChild.textContent = explain(error);
      more.disabled = false;
    }
  }

  /** The page shows something else from here on: nothing of the room stays behind. */
  dispose() {
    clearTimeout(this.#slow);
    clearTimeout(this.#roster);
    this.#entries = [];
    document.removeEventListener("visibilitychange", this.onVisible);
    WIDE.removeEventListener("change", this.onWide);
    this.room.close();
    this.list.dispose();
    this.composer.dispose();
  }

  #remedy(state) {
    const [words, hook] = state === "replaced" ? ["Use here", "use-here"] : ["Try now", "reconnect"];
    return button(words, { class: "button", hook, on: { click: () => this.room.reconnect() } });
  }

  #tick(ms) {
    this.bar.showLeft(ms);
    const mark = markBetween(this.#before, ms);
    if (mark !== null) say(mark);
    this.#before = ms;
  }

  #news() {
    if (document.visibilityState === "visible") return;
    this.#unread++;
    this.title(`(${this.#unread}) ${this.room.code}`);
  }

  #seen() {
    this.#unread = 0;
    this.title(this.room.code);
  }

  #togglePanel(open = !this.element.classList.contains("panel-open")) {
    // A step in the history of the browser: the phone's Back closes the panel instead of leaving the room.
    if (open) history.pushState({ panel: true }, "");
    else if (history.state?.panel) return history.back();
    return this.#showPanel(open);
  }

  #showPanel(open) {
    this.element.classList.toggle("panel-open", open);
    this.bar.panelToggle.setAttribute("aria-expanded", String(open));
    // On a phone the panel covers the conversation, which must then be out of reach for keys and readers too.
    this.talk.inert = open;
    this.bar.element.inert = open;
    if (open) this.panel.focus();
    else this.bar.panelToggle.focus();
  }

  isAt(path) {
    return path === roomPath(this.room.code);
  }

  closePanel() {
    if (this.element.classList.contains("panel-open")) this.#showPanel(false);
  }

  /** What would be lost with the page. */
  get hasUnsent() {
    return !this.outgoing.isEmpty || !this.composer.isEmpty;
  }

  /** A click on what the open panel leaves dimmed. */
  #click(event) {
    if (event.target === this.element && this.element.classList.contains("panel-open")) this.#togglePanel(false);
  }

  #keydown(event) {
    if (event.key === "Escape" && this.element.classList.contains("panel-open")) this.#togglePanel(false);
  }
}
