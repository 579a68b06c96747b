import { button, el } from "../dom.js";
import { hostNode, messageNode, noticeNode, ownPendingNode, showPendingState } from "./message-nodes.js";

const MAX_ENTRIES = 10_000;
const NEAR_BOTTOM_PX = 60;
const SETTLED_AFTER_MS = 400;

/**
 * The transcript: entries in the order of their sequence, each once, and below them what is still being sent.
 * It follows the conversation only while the reader is at its end.
 */
export class MessageList {
  #bySequence = new Map();
  #pendingById = new Map();
  #pinned = true;
  #unseen = 0;
  #lastTop = 0;
  #settleTimer;
  #settled = false;

  constructor({ me, onRetry, onDiscard, onNews }) {
    this.me = me;
    this.onRetry = onRetry;
    this.onDiscard = onDiscard;
    this.onNews = onNews;
    this.entries = el("div", { class: "entries", role: "list" });
    // Not announced while on its way: the message is read once, when it takes its place above.
    this.pending = el("div", { class: "pending", "aria-live": "off" });
    this.content = el("div", { class: "log-content" }, this.entries, this.pending);
    this.log = el(
      "div",
      { class: "log", hook: "message-list", role: "log", "aria-label": "Messages", "aria-live": "off", tabindex: 0 },
      this.content,
    );
    this.jump = button("", { class: "jump", hook: "jump-to-new", hidden: true, on: { click: () => this.toEnd() } });
    this.element = el("div", { class: "transcript" }, this.log, this.jump);
    this.log.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    // The keyboard of a phone, a growing composer and a turned screen all move the end.
    this.resizing = new ResizeObserver(() => this.#follow());
    this.resizing.observe(this.log);
    this.resizing.observe(this.content);
  }

  /** Nothing said, and not so many comings and goings that they need the place themselves. */
  get isEmpty() {
    const few = this.entries.childElementCount < 5;
    return few && this.entries.querySelector("[data-role=message]") === null && this.#pendingById.size === 0;
  }

  add(type, entry) {
    if (this.#bySequence.has(entry.sequence)) return;
    this.#settleSoon();
    const own = type === "message" && entry.sender.id === this.me;
    if (own) this.#takePending(entry.id);
    const node = type === "message" ? messageNode(entry, own) : type === "notice" ? hostNode(entry) : noticeNode(type, entry, this.me);
    this.#place(node, entry.sequence);
    if (type !== "message" || own || !this.#settled) return;
    if (!this.#pinned) this.#announceUnseen();
    this.onNews();
  }

  /** Shows a message that is not confirmed yet, or how it is doing. */
  showPending(item) {
    let node = this.#pendingById.get(item.id);
    if (!node) {
      node = ownPendingNode(item, { retry: () => this.onRetry(item.id), discard: () => this.#discard(item.id) });
      this.#pendingById.set(item.id, node);
      this.pending.append(node);
      this.toEnd();
    }
    showPendingState(node, item);
  }

  clear() {
    this.entries.replaceChildren();
    this.#bySequence.clear();
    this.#settled = false;
    this.log.setAttribute("aria-live", "off");
    this.toEnd();
  }

  /** Forgets everything, at the end of the room. */
  dispose() {
    this.resizing.disconnect();
    clearTimeout(this.#settleTimer);
    this.#bySequence.clear();
    this.#pendingById.clear();
    this.entries.replaceChildren();
    this.pending.replaceChildren();
  }

  toEnd() {
    if (document.activeElement === this.jump) this.log.focus();
    this.#pinned = true;
    this.#unseen = 0;
    this.jump.hidden = true;
    this.#follow();
  }

  #discard(id) {
    this.#takePending(id);
    this.onDiscard(id);
  }

  #takePending(id) {
    const node = this.#pendingById.get(id);
    if (node?.contains(document.activeElement)) this.log.focus();
    node?.remove();
    this.#pendingById.delete(id);
  }

  #place(node, sequence) {
    node.dataset.sequence = sequence;
    this.#bySequence.set(sequence, node);
    // Nearly always the end; an own message that was confirmed early may let older ones in before it.
    let before = this.entries.lastElementChild;
    while (before && Number(before.dataset.sequence) > sequence) before = before.previousElementSibling;
    if (before) before.after(node);
    else this.entries.prepend(node);
    this.#group(node);
    if (node.nextElementSibling) this.#group(node.nextElementSibling);
    this.#trim();
  }

  /** A run of messages by one sender within one minute carries one heading. */
  #group(node) {
    const previous = node.previousElementSibling;
    const continued = previous !== null && node.dataset.group !== undefined && previous.dataset.group === node.dataset.group;
    node.classList.toggle("continued", continued);
  }

  #trim() {
    while (this.#bySequence.size > MAX_ENTRIES) {
      const oldest = this.entries.firstElementChild;
      this.#bySequence.delete(Number(oldest.dataset.sequence));
      oldest.remove();
    }
  }

  /** What comes in one go at the start is history: it is neither announced nor counted as news. */
  #settleSoon() {
    if (this.#settled) return;
    clearTimeout(this.#settleTimer);
    this.#settleTimer = setTimeout(() => {
      this.#settled = true;
      this.log.setAttribute("aria-live", "polite");
    }, SETTLED_AFTER_MS);
  }

  #announceUnseen() {
    this.#unseen++;
    this.jump.hidden = false;
    this.jump.textContent = `${this.#unseen} new message${this.#unseen === 1 ? "" : "s"}`;
  }

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.log;
    const atEnd = scrollHeight - scrollTop - clientHeight < NEAR_BOTTOM_PX;
    // Only a move upwards lets go: content that grows below must not look like the reader's doing.
    if (atEnd) {
      if (!this.#pinned) this.toEnd();
    } else if (scrollTop < this.#lastTop) {
      this.#pinned = false;
    }
    this.#lastTop = scrollTop;
  }

  #follow() {
    if (this.#pinned) this.log.scrollTop = this.log.scrollHeight;
  }
}
