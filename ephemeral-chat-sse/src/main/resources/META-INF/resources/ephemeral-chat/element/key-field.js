import { el } from "./dom.js";
import { findInvitation } from "./invitation.js";

/** Where the link to an encrypted room is pasted, or its key alone. `value()` is null after showing what is wrong. */
export function keyField(ui) {
  const input = el("input", {
    id: "key",
    part: "input",
    hook: "key-input",
    class: "code-input",
    type: "text",
    autocomplete: "off",
    autocapitalize: "off",
    autocorrect: "off",
    spellcheck: "false",
    dir: "ltr",
    "aria-describedby": "key-hint key-problem",
  });
  const problem = el("p", { id: "key-problem", class: "problem", role: "alert", hook: "key-problem" });
  const refuse = (words) => {
    problem.textContent = words;
    input.setAttribute("aria-invalid", "true");
    input.focus();
    input.select();
    return null;
  };
  input.addEventListener("input", () => {
    problem.textContent = "";
    input.removeAttribute("aria-invalid");
  });
  const element = el(
    "div",
    { class: "field key-field", hook: "key-field", hidden: true },
    el("label", { for: "key", text: ui.t("key.label") }),
    input,
    problem,
    el("p", { id: "key-hint", class: "hint", text: ui.t("key.hint") }),
  );
  return {
    element,
    refuse,
    focus: () => input.focus(),
    get isEmpty() {
      return input.value.trim() === "";
    },
    value() {
      const text = input.value.trim();
      return text === "" ? refuse(ui.t("key.empty")) : findInvitation(text).key ?? text;
    },
  };
}
