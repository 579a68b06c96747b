import { button, el } from "../dom.js";
import { themeToggle } from "../theme.js";
import { brand } from "./brand.js";

const AGAIN = { full: "Try again", unavailable: "Try again", left: "Ask to join again", gone: "Look again" };
const PATIENCE_MS = 5_000;

/** The plain end: what happened, what is left (nothing), and the way on. Unavailable looks again by itself. */
export function endedView({ reason, words, retryAfterMs, back, again }) {
  const actions = el("div", { class: "actions" });
  if (again && AGAIN[reason]) {
    actions.append(button(AGAIN[reason], { class: "button primary", hook: "try-again", on: { click: again } }));
  }
  const backStyle = actions.childElementCount ? "button" : "button primary";
  actions.append(button("Back to the lobby", { class: backStyle, hook: "back-to-lobby", on: { click: back } }));
  const view = el(
    "main",
    { class: "ended", hook: "ended-view", "data-reason": reason },
    el("div", { class: "topline" }, brand(), themeToggle()),
    el("div", { class: "burnt", "aria-hidden": "true" }, el("span")),
    el("h1", { tabindex: -1, text: words.title }),
    el("p", { class: "lead", text: words.body }),
    reason === "unavailable" && again ? el("p", { class: "hint", text: "This page keeps trying." }) : null,
    actions,
  );
  if (reason === "unavailable" && again) lookAgain(view, again, Math.max(PATIENCE_MS, retryAfterMs ?? 0));
  return view;
}

function lookAgain(view, again, after) {
  setTimeout(() => view.isConnected && again(), after * (1 + Math.random() / 2));
}
