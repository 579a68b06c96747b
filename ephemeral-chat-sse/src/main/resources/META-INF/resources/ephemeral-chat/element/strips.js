import { spellDuration } from "./countdown.js";
import { button, el } from "./dom.js";
import { canExtend, extendRoom } from "./steering.js";
import { explain } from "./wording.js";

const FIRST_MS = 5_000;
const SOON_S = 120;

/** What is wrong with the connection, and what helps. Said once, when it begins and when it is over. */
export class ConnectionStrip {
  #room;
  #ui;
  #wasLive = false;
  #slow;

  constructor(room, ui) {
    this.#room = room;
    this.#ui = ui;
    this.element = el("div", { class: "strip", hook: "connection-strip", hidden: true });
  }

  start() {
    this.#slow = setTimeout(() => this.#show("connecting"), FIRST_MS);
  }

  dispose() {
    clearTimeout(this.#slow);
  }

  state(state) {
    this.#wasLive ||= state === "live";
    // The first connection takes a moment and is no trouble worth a notice, unless it takes long.
    if (state === "connecting" && !this.#wasLive) return;
    clearTimeout(this.#slow);
    this.#show(state);
  }

  #show(state) {
    const troubled = !this.element.hidden;
    this.element.hidden = state === "live";
    this.element.replaceChildren();
    if (state === "live") {
      if (troubled) this.#ui.say(this.#ui.t("strip.live"));
      return;
    }
    const words = this.#ui.t(state === "connecting" && !this.#wasLive ? "strip.slow" : `strip.${state}`);
    this.element.append(el("p", { text: words }), this.#remedy(state));
    this.#ui.say(words);
  }

  #remedy(state) {
    const [key, hook] = state === "replaced" ? ["strip.use-here", "use-here"] : ["strip.try-now", "reconnect"];
    return button(this.#ui.t(key), { class: "button", part: "button", hook, on: { click: () => this.#room.reconnect() } });
  }
}

/** That the room ends soon. The owner can still do something about it. */
export class ExpiringStrip {
  #room;
  #ui;
  #of;

  constructor(room, ui) {
    this.#room = room;
    this.#ui = ui;
    this.element = el("div", { class: "strip", hook: "expiring-strip", hidden: true });
  }

  show({ expiresAt, secondsLeft }) {
    this.#of = expiresAt.getTime();
    const ui = this.#ui;
    const span = secondsLeft < SOON_S ? ui.t("time.second", { count: secondsLeft }) : spellDuration(secondsLeft * 1_000, ui.words);
    const words = ui.t("room.ends-in", { span });
    this.element.replaceChildren(el("p", { text: words }));
    if (this.#room.me.owner && ui.has("steer") && canExtend(this.#room)) {
      const more = button(ui.t("room.more-time"), { class: "button", part: "button", hook: "extend-now", on: { click: () => this.#extend(more) } });
      this.element.append(more);
    }
    this.element.hidden = false;
    ui.say(words);
  }

  /** A warning holds as long as the end does; the history tells of earlier moves. */
  moved(other) {
    if (this.#room.expiresAt.getTime() === this.#of) return;
    this.#ui.keepingFocus(() => (this.element.hidden = true), [other]);
  }

  async #extend(more) {
    if (more.ariaDisabled === "true") return;
    more.setAttribute("aria-disabled", "true");
    try {
      await extendRoom(this.#room);
    } catch (error) {
      this.element.firstElementChild.textContent = explain(error, this.#ui.words);
      this.#ui.tell("error", { error });
      more.removeAttribute("aria-disabled");
    }
  }
}
