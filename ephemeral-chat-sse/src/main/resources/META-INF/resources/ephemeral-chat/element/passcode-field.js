import { EphemeralChat } from "../ephemeral-chat.js";
import { el } from "./dom.js";
import { codePoints } from "./text.js";

const MAX = 128;

/**
 * Where a passcode is typed: shown as it is, for it is made to be told. `value()` is the passcode, undefined where none is
 * wanted, and null after showing what is wrong.
 */
export function passcodeField(ui, { label, hint, placeholder = "", optional = false }) {
  const works = EphemeralChat.passcodesWork;
  const input = el("input", {
    id: "passcode",
    part: "input",
    hook: "passcode-input",
    type: "text",
    autocomplete: "off",
    autocapitalize: "off",
    autocorrect: "off",
    spellcheck: "false",
    placeholder: works ? placeholder : "",
    disabled: !works,
    "aria-describedby": "passcode-hint passcode-problem",
  });
  const hintLine = el("p", { id: "passcode-hint", class: "hint", hook: "passcode-hint", text: works ? hint : ui.t("passcode.needs-https") });
  const problem = el("p", { id: "passcode-problem", class: "problem", role: "alert", hook: "passcode-problem" });
  const refuse = (words) => {
    problem.textContent = words;
    input.setAttribute("aria-invalid", "true");
    input.focus();
    input.select();
    return null;
  };
  input.addEventListener("input", () => {
    problem.textContent = "";
    hintLine.hidden = optional && input.value === "";
    input.removeAttribute("aria-invalid");
  });
  const element = el(
    "div",
    { class: optional ? "field inline optional-field" : "field", hook: "passcode-field" },
    el("label", { for: "passcode" }, label, optional ? el("span", { class: "optional", text: ui.t("passcode.optional") }) : null),
    input,
    problem,
    hintLine,
  );
  // What nobody asked for is explained once somebody wants it.
  hintLine.hidden = optional && works;
  return {
    element,
    refuse,
    focus: () => input.focus(),
    /** What the hint says from now on. */
    explain(words) {
      if (works) hintLine.textContent = words;
    },
    value({ isOptional = optional } = {}) {
      const passcode = input.value.trim();
      if (passcode === "") return isOptional ? undefined : refuse(ui.t("passcode.empty"));
      return codePoints(passcode) > MAX ? refuse(ui.t("passcode.too-long", { max: MAX })) : passcode;
    },
  };
}
