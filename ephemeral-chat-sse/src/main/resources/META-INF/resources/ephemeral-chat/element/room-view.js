import { Batches, OncePerFrame } from "./batches.js";
import { composer } from "./composer.js";
import { copyButton } from "./copy-button.js";
import { markBetween } from "./countdown.js";
import { confirmFirst } from "./dialogs.js";
import { el } from "./dom.js";
import { membersPanel } from "./members-panel.js";
import { MessageList } from "./message-list.js";
import { Outgoing } from "./outgoing.js";
import { qrButton } from "./qr.js";
import { roomBar, shareFacts } from "./room-bar.js";
import { sealLine } from "./seal.js";
import { Unsent } from "./storage.js";
import { ConnectionStrip, ExpiringStrip } from "./strips.js";
import { typingLine } from "./typing-line.js";
import { explain } from "./wording.js";

/** What has a line of its own in the conversation. */
const ENTRIES = ["message", "notice", "joined", "left", "deadline", "admission", "role", "property", "renewed", "unreadable"];
const ENDS = ["forgotten", "claimed"];
const STATE = ["deadline", "admission", "role", "property", "participants", "presence"];
// From here on the panel stands beside the conversation, as the style sheet says.
const WIDE_REM = 48;
const SAVE_MS = 300;

/** A room from inside: ties the parts of the screen to the room. */
export class RoomView {
  #before;
  #saving;
  #wide = null;
  #wasLocked = false;
  // Whether what is kept of this room has texts that were not sent when it was written.
  #keepsTexts = false;
  #entries = new Batches((some) => this.#show(some));
  #roster = new OncePerFrame(() => this.#members());

  constructor(room, ui, { base, ended }) {
    this.room = room;
    this.ui = ui;
    this.ended = ended;
    this.unsent = new Unsent(base, room);
    this.outgoing = new Outgoing(room, {
      onChange: (item) => this.#pending(item),
      onStored: (message) => this.#show([["message", message]]),
    });
    this.bar = roomBar(room, ui, { togglePanel: () => this.showPanel(!this.panelIsOpen) });
    this.panel = membersPanel(room, ui, { close: () => this.showPanel(false) });
    this.hasPanel = ["members", "steer", "leave", "destroy"].some((each) => ui.has(each));
    this.list = new MessageList(room.me.id, ui, {
      onRetry: (id) => this.outgoing.retry(id),
      onDiscard: (id) => this.#discard(id),
      onDelete: (sequence) => this.#delete(sequence),
      onClaim: (sequence) => this.#claim(sequence),
      onUnseen: () => ui.tell("unread", { count: this.list.unseen }),
    });
    this.composer = composer(ui, { send: (text, life) => this.#send(text, life), changed: () => this.#written() });
    this.typing = ui.has("typing") && room.signals.includes("typing") ? typingLine(ui) : null;
    this.strip = new ConnectionStrip(room, ui);
    this.warning = new ExpiringStrip(room, ui);
    this.reading = el("p", { class: "reading", hook: "reading-note", text: ui.t("room.reading"), hidden: true });
    this.facts = el("p", { class: "share-facts", hook: "share-facts" });
    this.empty = this.#emptiness();
    this.list.element.append(this.empty);
    this.list.content.prepend(sealLine(room, ui));
    this.element = this.#layOut();
  }

  #emptiness() {
    const { ui, room } = this;
    const invites = ui.has("code") && ui.hasLinks;
    return el(
      "div",
      { class: "empty" },
      el(
        "slot",
        { name: "empty" },
        el("p", { class: "empty-title", text: ui.t("room.empty") }),
        ui.has("code") ? el("p", { text: ui.t(room.encrypted ? "room.empty-hint-sealed" : "room.empty-hint") }) : null,
        ui.has("code") ? this.facts : null,
        invites ? el("div", { class: "ways-in" }, copyButton(ui, ui.t("room.copy-invitation"), "link", "copy-invitation", () => ui.invitation(room), "button"), qrButton(room, ui, "button")) : null,
      ),
    );
  }

  #layOut() {
    const { ui, room } = this;
    this.talk = el(
      "section",
      { class: "talk", "aria-label": ui.t("room.conversation") },
      this.strip.element,
      this.warning.element,
      this.list.element,
      ...(this.typing ? [this.typing.element] : []),
      this.reading,
      this.composer.element,
    );
    this.bar.panelToggle.hidden = !this.hasPanel;
    return el(
      "main",
      {
        class: this.hasPanel ? "room with-panel" : "room",
        part: "room",
        hook: "room-view",
        "data-code": room.code,
        on: { keydown: (event) => this.#keydown(event), click: (event) => this.#click(event) },
      },
      this.bar.element,
      this.talk,
      this.hasPanel ? this.panel.element : null,
    );
  }

  start() {
    this.lifetime = new AbortController();
    const on = (target, type, action) => target.addEventListener(type, action, { signal: this.lifetime.signal });
    on(document, "visibilitychange", () => this.#looked());
    on(window, "pagehide", () => this.#save());
    // A turned phone may be wide enough to show the panel beside the conversation: nothing is covered then.
    this.resizing = new ResizeObserver(([{ contentRect }]) => this.#resized(contentRect.width));
    this.resizing.observe(this.element);
    this.#looked();
    this.#before = this.room.msLeft;
    this.bar.showConnection("connecting");
    this.strip.start();
    this.#members();
    this.#listen();
    this.#takeUp();
    this.room.start();
    if (this.ui.mayTakeFocus && matchMedia("(pointer: fine)").matches) this.composer.input.focus();
  }

  #listen() {
    const on = (type, action) => this.room.addEventListener(type, ({ detail }) => action(detail));
    for (const type of [...ENTRIES, ...ENDS]) on(type, (entry) => this.#note(type, entry));
    for (const type of STATE) on(type, () => this.#roster.ask());
    on("message", (message) => this.ui.tell("message", message));
    on("typing", (people) => this.typing?.show(people));
    on("deadline", () => this.warning.moved(this.composer.input));
    on("expiring", (end) => this.warning.show(end));
    on("reset", () => {
      this.#entries.clear();
      this.list.clear();
    });
    on("connection", (state) => this.#connection(state));
    on("tick", (ms) => this.#tick(ms));
    on("end", (end) => this.#ended(end));
  }

  #note(type, entry) {
    // What is not shown when it opens is not missed when it does not.
    if (type === "unreadable" && entry.kind !== undefined) return;
    if (type === "admission" && this.room.encrypted) this.#noteLock(entry);
    else this.#entries.add([type, entry]);
  }

  /** Of an encrypted room the proof goes with the link, of which people hear otherwise. */
  #noteLock(entry) {
    if (entry.locked !== this.#wasLocked) this.#entries.add(["admission", { ...entry, proofRequired: false }]);
    this.#wasLocked = entry.locked;
  }

  #show(entries) {
    this.list.add(entries.filter(([type]) => !ENDS.includes(type)));
    for (const [type, detail] of entries) {
      if (type === "forgotten") this.list.forget(detail);
      else if (type === "claimed") this.list.claimed(detail);
    }
    this.empty.hidden = !this.list.isEmpty;
    if (!this.outgoing.isEmpty || this.#keepsTexts) this.#saveSoon();
  }

  #pending(item) {
    this.list.showPending(item);
    this.empty.hidden = true;
    this.#saveSoon();
  }

  #delete(sequence) {
    const { ui, room } = this;
    confirmFirst(ui, {
      title: ui.t("ask.delete"),
      body: ui.t("ask.delete-body"),
      confirmLabel: ui.t("messages.delete"),
      after: this.list.log,
      action: () => room.forget(sequence),
    });
  }

  async #claim(sequence) {
    try {
      this.list.show(await this.room.claim(sequence));
    } catch (error) {
      this.ui.say(explain(error, this.ui.words));
      this.ui.tell("error", { error });
    }
  }

  // ---- What is not sent yet outlives a reload ----

  #send(text, life) {
    this.outgoing.send(text, life);
    this.list.toEnd();
    this.#save();
  }

  #discard(id) {
    this.outgoing.discard(id);
    this.#save();
  }

  #takeUp() {
    const { draft, waiting } = this.unsent.load();
    if (draft !== "") this.composer.text = draft;
    this.outgoing.resume(waiting);
  }

  #written() {
    if (this.typing && this.composer.text.trim() !== "") this.room.keystroke();
    this.#saveSoon();
  }

  #saveSoon() {
    this.#saving ??= setTimeout(() => this.#save(), SAVE_MS);
  }

  #save() {
    clearTimeout(this.#saving);
    this.#saving = undefined;
    if (this.room.ended !== null) return;
    this.unsent.save({ draft: this.composer.text, waiting: this.outgoing.waiting });
    this.#keepsTexts = !this.outgoing.isEmpty;
  }

  /** What would be lost with the tab. */
  get hasUnsent() {
    return !this.outgoing.isEmpty || this.composer.text.trim() !== "";
  }

  // ---- What the room tells ----

  #connection(state) {
    this.bar.showConnection(state);
    this.element.dataset.connection = state;
    this.strip.state(state);
  }

  #members() {
    this.panel.update();
    this.bar.showMembers(this.room.participants.length);
    this.bar.showState();
    this.facts.textContent = shareFacts(this.room, this.ui);
    const { role } = this.room.me;
    const reads = role === "reader";
    this.list.mayDelete = !this.ui.has("forget") || reads ? "none" : role === "owner" ? "all" : "own";
    this.reading.hidden = !reads;
    this.ui.keepingFocus(() => (this.composer.element.hidden = reads), [this.list.log]);
  }

  #tick(ms) {
    this.bar.showLeft(ms);
    const mark = markBetween(this.#before, ms, this.ui.words);
    if (mark !== null) this.ui.say(mark);
    this.#before = ms;
  }

  #ended(end) {
    this.unsent.forget();
    this.ended(end);
  }

  #looked() {
    this.list.away = document.visibilityState !== "visible";
  }

  /** The screen shows something else from here on: nothing of the room stays behind. */
  dispose() {
    this.#save();
    this.lifetime?.abort();
    this.resizing?.disconnect();
    this.strip.dispose();
    this.#roster.cancel();
    this.#entries.dispose();
    this.room.close();
    this.list.dispose();
    this.composer.dispose();
  }

  // ---- The panel, which covers the conversation where there is no room for both ----

  get panelIsOpen() {
    return this.element.classList.contains("panel-open");
  }

  showPanel(open) {
    if (open === this.panelIsOpen) return;
    this.element.classList.toggle("panel-open", open);
    this.bar.panelToggle.setAttribute("aria-expanded", String(open));
    // What is covered must be out of reach for keys and readers too.
    this.talk.inert = open;
    this.bar.element.inert = open;
    if (open) this.panel.focus();
    else this.bar.panelToggle.focus();
    this.ui.tell("panel", { open });
  }

  #resized(width) {
    const wide = width >= WIDE_REM * Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    if (wide && this.#wide === false) this.showPanel(false);
    this.#wide = wide;
  }

  /** A click on what the open panel leaves dimmed. */
  #click(event) {
    if (event.target === this.element) this.showPanel(false);
  }

  #keydown(event) {
    if (event.key === "Escape") this.showPanel(false);
  }
}
