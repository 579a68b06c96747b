import { formatLeft } from "./countdown.js";
import { el } from "./dom.js";
import { explain } from "./wording.js";

const LONGEST_MS = 60_000;

/**
 * A form whose answer may fail: shows why, keeps what was typed, and holds the button back for as long as the server asked.
 * `action` returns false when the form itself is not in order yet.
 */
export function submitting(ui, form, submit, action) {
  const problem = el("p", { class: "problem", role: "alert", hook: "form-error" });
  const waiting = el("span", { class: "waiting-time", hook: "form-wait", "aria-hidden": "true" });
  const line = submit.closest(".actions");
  if (line) line.before(problem);
  else form.append(problem);
  submit.append(waiting);
  form.noValidate = true;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (submit.getAttribute("aria-disabled") === "true") return;
    problem.textContent = "";
    hold(true);
    let until = 0;
    try {
      await action();
    } catch (error) {
      problem.textContent = explain(error, ui.words);
      ui.tell("error", { error });
      until = performance.now() + Math.min(error.retryAfterMs ?? 0, LONGEST_MS);
    }
    countDown(until);
  });

  /** In the button, where the eye is that waits for it; a screen reader has heard how long it takes. */
  function countDown(until) {
    const left = until - performance.now();
    hold(left > 0);
    waiting.textContent = left > 0 ? formatLeft(left) : "";
    if (left > 0) setTimeout(() => countDown(until), Math.min(left, 250));
  }

  // Not `disabled`: that would take the focus away from a keyboard user in the middle of it.
  function hold(on) {
    submit.setAttribute("aria-disabled", String(on));
  }
  return form;
}
