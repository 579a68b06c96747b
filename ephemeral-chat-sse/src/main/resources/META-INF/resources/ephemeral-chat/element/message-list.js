import { button, el, icon } from "./dom.js";
import { gone } from "./message-life.js";
import { content, hostNode, messageNode, noticeNode, ownPendingNode, row, showPendingState } from "./message-nodes.js";

const MAX_ENTRIES = 10_000;
const NEAR_END_PX = 60;
const SETTLED_AFTER_MS = 400;
// A long history takes a while; but a busy room is never silent.
const SETTLED_AT_LATEST_MS = 5_000;
// A long history is put together out of the page and shown by parts, since each part costs a layout of all that is in sight.
const PART_MS = 200;
// Rows that are laid out together, or not at all while they are out of sight: a long history costs as little as a short one.
const SHEET = 25;

/**
 * The transcript: entries in the order of their sequence, each once, and below them what is still being sent.
 * It follows the conversation only while the reader is at its end.
 */
export class MessageList {
  #ui;
  #me;
  #handlers;
  #bySequence = new Map();
  #rows = [];
  #pendingById = new Map();
  #pinned = true;
  #away = false;
  #unseen = 0;
  #divider = null;
  #lastTop = 0;
  #settleTimer;
  #settledBy;
  #settled = false;
  #spoken = false;
  // Sheets that are not in the page yet.
  #next = document.createDocumentFragment();
  #shownAt = -PART_MS;
  #showTimer;

  constructor(me, ui, handlers) {
    this.#ui = ui;
    this.#me = me;
    this.#handlers = handlers;
    this.entries = el("div", { class: "entries", role: "list" });
    // Not announced while on its way: the message is read once, when it takes its place above.
    this.pending = el("div", { class: "pending", "aria-live": "off" });
    this.content = el("div", { class: "log-content" }, this.entries, this.pending);
    this.log = el(
      "div",
      { class: "log", part: "log", hook: "message-list", role: "log", "aria-label": ui.t("messages"), "aria-live": "off", tabindex: 0 },
      this.content,
    );
    this.jump = button("", { class: "jump", hook: "jump-to-new", hidden: true, on: { click: () => this.toEnd() } }, icon("down"), el("span"));
    this.element = el("div", { class: "transcript" }, this.log, this.jump);
    this.log.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    // The keyboard of a phone, a growing composer and a turned screen all move the end.
    this.resizing = new ResizeObserver(() => this.#follow());
    this.resizing.observe(this.log);
    this.resizing.observe(this.content);
  }

  /** Nothing said, and not so many comings and goings that they need the place themselves. */
  get isEmpty() {
    return !this.#spoken && this.#rows.length < 5 && this.#pendingById.size === 0;
  }

  /** How many messages of others came since the reader was last at the end and looking. */
  get unseen() {
    return this.#unseen;
  }

  /** Nobody is looking: what comes from now on is unread. */
  set away(away) {
    this.#away = away;
    if (!away && this.#pinned) this.#seen();
  }

  /** Adds what came in one go, each `[type, entry]`, with one change of the page. */
  add(entries) {
    const fresh = entries.filter(([, { sequence }]) => !this.#bySequence.has(sequence));
    if (fresh.length === 0) return;
    this.#settleSoon();
    fresh.forEach(([type, entry]) => this.#addOne(type, entry));
    this.#trim();
    this.#showJump();
    if (!this.#settled) this.#showPart();
  }

  #addOne(type, entry) {
    const said = type === "message" || (type === "unreadable" && entry.sender !== undefined);
    const own = said && entry.sender.id === this.#me;
    if (own) this.#takePending(entry.id);
    const line = row(this.#bubble(said ? "message" : type, said ? { ...entry, unreadable: type === "unreadable" } : entry, own), entry.sentAt ?? entry.at);
    this.#place(line, entry.sequence);
    this.#spoken ||= said;
    if (own) this.#removeDivider();
    if (said && !own && this.#settled && (this.#away || !this.#pinned)) this.#unread(line);
  }

  #bubble(type, entry, own) {
    if (type === "message") return messageNode(entry, own, this.#ui, this.#handlers);
    return type === "notice" ? hostNode(entry, this.#ui, this.#handlers) : noticeNode(type, entry, this.#me, this.#ui);
  }

  // ---- Texts that end before the room ----

  /** Whose messages this person may delete: `all`, their `own`, or `none`. */
  set mayDelete(whose) {
    this.log.dataset.mayDelete = whose;
  }

  /** What somebody has claimed stays on their own screen, and nowhere else. */
  forget({ of, reason }) {
    const bubble = this.#bySequence.get(of)?.bubble;
    if (bubble === undefined || (reason === "claimed" && bubble.dataset.claimed === "true")) return;
    this.#ui.keepingFocus(() => {
      bubble.querySelector(".message-body").replaceChildren(gone(reason, this.#ui));
      bubble.querySelector(".delete")?.remove();
    }, [this.log]);
  }

  claimed({ of, left }) {
    const bubble = this.#bySequence.get(of)?.bubble;
    const count = { count: left };
    const own = bubble?.querySelector("[data-role='claims-left']");
    const others = bubble?.querySelector("[data-role='claim'] span");
    if (own) own.textContent = this.#ui.t("messages.claims-own", count);
    if (others) others.textContent = this.#ui.t("messages.claim", count);
  }

  /** Shows what was claimed here. */
  show(message) {
    const bubble = this.#bySequence.get(message.sequence)?.bubble;
    if (bubble === undefined) return;
    bubble.dataset.claimed = "true";
    const body = content({ ...message, forgotten: undefined }, false, this.#ui, this.#handlers);
    this.#ui.keepingFocus(() => bubble.querySelector(".message-body").replaceWith(body), [this.log]);
  }

  /** Nearly always the end; an own message that was confirmed early may let older ones in before it. */
  #place(line, sequence) {
    line.sequence = sequence;
    this.#bySequence.set(sequence, line);
    let at = this.#rows.length;
    while (at > 0 && this.#rows[at - 1].sequence > sequence) at--;
    if (at === this.#rows.length) this.#lastSheet().append(line.element);
    else this.#rows[at].element.before(line.element);
    this.#rows.splice(at, 0, line);
    this.#join(this.#rows[at - 1], line);
    if (this.#rows[at + 1]) this.#join(line, this.#rows[at + 1]);
  }

  #lastSheet() {
    const place = this.#settled ? this.entries : this.#next;
    const last = place.lastElementChild;
    if (last !== null && last.childElementCount < SHEET) return last;
    const sheet = el("div", { class: "sheet", role: "presentation" });
    place.append(sheet);
    return sheet;
  }

  #showPart() {
    const rest = this.#shownAt + PART_MS - performance.now();
    if (rest > 0) {
      this.#showTimer ??= setTimeout(() => this.#showNext(), rest);
    } else {
      this.#showNext();
    }
  }

  #showNext() {
    clearTimeout(this.#showTimer);
    this.#showTimer = undefined;
    this.#shownAt = performance.now();
    this.entries.append(this.#next);
  }

  /** A run of messages by one sender within one minute carries one heading; another day has a line of its own. */
  #join(before, line) {
    const { group } = line.bubble.dataset;
    const sameDay = before === undefined || line.day === undefined || before.day === undefined || line.day === before.day;
    line.bubble.classList.toggle("continued", group !== undefined && before?.bubble.dataset.group === group && sameDay);
    line.element.querySelector(".day")?.remove();
    if (!sameDay) line.element.prepend(el("div", { class: "day", hook: "day", text: this.#ui.words.day(line.at) }));
  }

  /** The first one that nobody has seen has a line above it, until the reader answers or goes away again. */
  #unread(line) {
    this.#unseen++;
    if (this.#unseen === 1) {
      this.#removeDivider();
      this.#divider = el("div", { class: "unread", hook: "unread-divider", text: this.#ui.t("messages.unread") });
      line.element.prepend(this.#divider);
      line.bubble.classList.remove("continued");
    }
    this.#handlers.onUnseen();
  }

  #removeDivider() {
    this.#divider?.remove();
    this.#divider = null;
  }

  #seen() {
    if (this.#unseen === 0) return;
    this.#unseen = 0;
    this.#showJump();
    this.#handlers.onUnseen();
  }

  /** Shows a message that is not confirmed yet, or how it is doing. */
  showPending(item) {
    let node = this.#pendingById.get(item.id);
    if (!node) {
      node = ownPendingNode(item, { retry: () => this.#handlers.onRetry(item.id), discard: () => this.#discard(item.id) }, this.#ui);
      this.#pendingById.set(item.id, node);
      this.pending.append(node);
      this.toEnd();
    }
    showPendingState(node, item, this.#ui);
  }

  clear() {
    this.#next.replaceChildren();
    this.entries.replaceChildren();
    this.#bySequence.clear();
    this.#rows = [];
    this.#divider = null;
    this.#unseen = 0;
    this.#settled = false;
    this.#settledBy = undefined;
    this.#spoken = false;
    this.log.setAttribute("aria-live", "off");
    this.toEnd();
  }

  /** Forgets everything, at the end of the room. */
  dispose() {
    this.resizing.disconnect();
    clearTimeout(this.#settleTimer);
    clearTimeout(this.#showTimer);
    this.#bySequence.clear();
    this.#rows = [];
    this.#pendingById.clear();
    this.#next.replaceChildren();
    this.entries.replaceChildren();
    this.pending.replaceChildren();
  }

  toEnd() {
    if (this.#ui.focused === this.jump) this.log.focus();
    this.#pinned = true;
    if (!this.#away) this.#seen();
    this.#showJump();
    this.#follow();
  }

  #discard(id) {
    this.#takePending(id);
    this.#handlers.onDiscard(id);
  }

  #takePending(id) {
    const node = this.#pendingById.get(id);
    if (node?.contains(this.#ui.focused)) this.log.focus();
    node?.remove();
    this.#pendingById.delete(id);
  }

  #trim() {
    const surplus = this.#rows.splice(0, Math.max(0, this.#rows.length - MAX_ENTRIES));
    for (const { element, sequence } of surplus) {
      this.#bySequence.delete(sequence);
      const sheet = element.parentElement;
      element.remove();
      if (sheet.childElementCount === 0) sheet.remove();
    }
  }

  /** What comes in one go at the start is history: it is neither announced nor counted as news. */
  #settleSoon() {
    if (this.#settled) return;
    clearTimeout(this.#settleTimer);
    this.#settledBy ??= performance.now() + SETTLED_AT_LATEST_MS;
    const wait = Math.min(SETTLED_AFTER_MS, this.#settledBy - performance.now());
    this.#settleTimer = setTimeout(() => {
      this.#showNext();
      this.#settled = true;
      this.log.setAttribute("aria-live", "polite");
    }, wait);
  }

  /** The way to the end, wherever the reader has gone up. */
  #showJump() {
    const count = this.#unseen;
    this.jump.hidden = this.#pinned;
    this.jump.lastElementChild.textContent = this.#ui.t(count === 0 ? "messages.to-end" : "messages.new", { count });
  }

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.log;
    const atEnd = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
    // Only a move upwards lets go: content that grows below must not look like the reader's doing.
    if (atEnd) {
      if (!this.#pinned) this.toEnd();
    } else if (scrollTop < this.#lastTop && this.#pinned) {
      this.#pinned = false;
      this.#showJump();
    }
    this.#lastTop = scrollTop;
  }

  #follow() {
    if (this.#pinned) this.log.scrollTop = this.log.scrollHeight;
  }
}
