import { el } from "./dom.js";
import { Words } from "./words.js";

/** All that can be switched on and off. Where the attribute is absent, all but `auto-join`. */
export const FEATURES = ["create", "join", "name", "passcode", "code", "members", "steer", "leave", "destroy", "forget", "typing", "presence"];

/** What the parts of one element on a page share: its words, its features, its live regions. */
export class Ui {
  #host;
  #root;
  #now;
  #politely;

  constructor(host, root, { words, lang }) {
    this.#host = host;
    this.#root = root;
    this.words = new Words(lang, words);
    this.#politely = el("div", { class: "visually-hidden", hook: "say-politely", "aria-live": "polite" });
    this.#now = el("div", { class: "visually-hidden", hook: "say-now", "aria-live": "assertive" });
    // Always there: a live region that is added together with its text is often not read.
    this.regions = [this.#politely, this.#now];
  }

  t(key, values) {
    return this.words.text(key, values);
  }

  has(feature) {
    const { features } = this.#host;
    return features === null ? FEATURES.includes(feature) : features.includes(feature);
  }

  /** The name that the host has given. */
  get name() {
    return this.#host.name;
  }

  /** Which rooms the host lets people make: encrypted ones (`on`), plain ones (`off`), or as they choose (`choice`). */
  get encryption() {
    const { encryption } = this.#host;
    return ["on", "off"].includes(encryption) ? encryption : "choice";
  }

  /** Whether the host has said how the link to a room looks. */
  get hasLinks() {
    return this.#host.link !== "";
  }

  /**
   * What lets others into a room, as it is now: a link, or where there are none its code, which in an encrypted room has the
   * key behind it.
   */
  invitation(room) {
    if (this.hasLinks) return room.link(new URL(this.#host.link.replace("{code}", room.code), document.baseURI));
    return room.encrypted ? room.code + new URL(room.link("#")).hash : room.code;
  }

  /** What has the focus in this element; null where it is elsewhere. */
  get focused() {
    return this.#root.activeElement;
  }

  /** Nothing else is being used, neither on this page nor around its frame. */
  get mayTakeFocus() {
    const { activeElement } = document;
    return this.focused !== null || (document.hasFocus() && (activeElement === document.body || activeElement === null));
  }

  /** Puts something over everything else of this element. */
  overlay(node) {
    this.#root.append(node);
  }

  /** Read to a screen reader when it has a moment; `now` interrupts and is for the end of a room only. */
  say(words, { now = false } = {}) {
    const region = now ? this.#now : this.#politely;
    // The same words twice are no change and would not be read.
    region.textContent = region.textContent === words ? `${words}\u00a0` : words;
  }

  /** Makes a change; if it hides or removes what has the focus, the first of the others that can be seen gets it. */
  keepingFocus(change, others) {
    const { focused } = this;
    change();
    if (focused === null || (focused.isConnected && isShown(focused))) return;
    others.find(isShown)?.focus();
  }

  tell(type, detail) {
    this.#host.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

function isShown(element) {
  return element.getClientRects().length > 0;
}
