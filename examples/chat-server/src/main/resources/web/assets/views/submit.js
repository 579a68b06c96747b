import { spellDuration } from "../countdown.js";
import { el } from "../dom.js";
import { explain } from "../wording.js";

/**
 * A form whose answer may fail: shows why, keeps what was typed, and holds the button back for as long as the server asked.
 * `action` returns false when the form itself is not in order yet.
 */
export function submitting(form, submit, action) {
  const problem = el("p", { class: "problem", role: "alert", hook: "form-error" });
  form.append(problem);
  form.noValidate = true;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (submit.getAttribute("aria-disabled") === "true") return;
    problem.textContent = "";
    hold(true);
    let wait = 0;
    try {
      await action();
    } catch (error) {
      problem.textContent = explain(error);
      wait = Math.min(error.retryAfterMs ?? 0, 60_000);
    }
    if (wait > 0) submit.title = `Possible again in ${spellDuration(wait)}`;
    setTimeout(() => {
      hold(false);
      submit.removeAttribute("title");
    }, wait);
  });

  // Not `disabled`: that would take the focus away from a keyboard user in the middle of it.
  function hold(on) {
    submit.setAttribute("aria-disabled", String(on));
  }
  return form;
}
