import { button, el } from "./dom.js";
import { topline } from "./topline.js";
import { endWords } from "./wording.js";

const AGAIN = { full: "end.again", unavailable: "end.again", left: "end.join-again", gone: "end.look-again" };
const RETRY_MS = 5_000;

/**
 * The plain end: what happened, what is left (nothing), and the way on. Unavailable looks again by itself.
 *
 * @param back the way to the lobby, or null
 * @param again the way to the same room, or null
 * @param likeThis the way to a new room of the same kind, or null
 */
export function endedView(ui, { reason, own, retryAfterMs, back, again, likeThis }) {
  const words = endWords(reason, own, ui.words);
  const actions = el("div", { class: "actions" });
  const choice = (key, hook, action) => {
    const style = actions.childElementCount ? "button" : "button primary";
    actions.append(button(ui.t(key), { class: style, part: "button", hook, on: { click: action } }));
  };
  if (again && AGAIN[reason]) choice(AGAIN[reason], "try-again", again);
  if (likeThis) choice("end.like-this", "like-this", likeThis);
  if (back) choice("end.back", "back-to-lobby", back);
  const problem = el("p", { class: "problem", role: "alert", hook: "form-error" });
  const keepsTrying = reason === "unavailable" && again;
  const view = el(
    "main",
    { class: "ended", part: "ended", hook: "ended-view", "data-reason": reason },
    topline(),
    el("div", { class: "burnt", "aria-hidden": "true" }, el("span")),
    el("h1", { tabindex: -1, text: words.title }),
    el("p", { class: "lead", text: words.body }),
    keepsTrying ? el("p", { class: "hint", text: ui.t("end.keeps-trying") }) : null,
    el("slot", { name: "ended" }),
    problem,
    actions,
  );
  if (keepsTrying) lookAgain(view, again, Math.max(RETRY_MS, retryAfterMs ?? 0));
  return { element: view, words, problem };
}

function lookAgain(view, again, after) {
  setTimeout(() => view.isConnected && again(), after * (1 + Math.random() / 2));
}
