import { button, el, icon } from "./dom.js";
import { anonymousName, cleanName, nameProblem, storedName, storeName } from "./own-name.js";

/**
 * The name one appears under. `value()` is the checked name, or null after showing what is wrong with it.
 *
 * @param before the name one had in the room that the new one is to be like
 */
export function nameField(ui, before = "") {
  // Where the host knows who it is, it says so or the server does.
  if (!ui.has("name")) return { element: null, value: () => ui.name || before || undefined };
  const input = el("input", {
    id: "name",
    part: "input",
    hook: "name-input",
    type: "text",
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    "aria-describedby": "name-problem name-hint",
  });
  input.value = before || ui.name || storedName();
  const problem = el("p", { id: "name-problem", class: "problem", role: "alert" });
  const check = () => {
    const wrong = nameProblem(cleanName(input.value), ui.words);
    problem.textContent = wrong ?? "";
    input.setAttribute("aria-invalid", String(wrong !== null));
    return wrong === null;
  };
  input.addEventListener("input", () => problem.textContent && check());
  // Nothing is said here: a line that appears under the pointer would swallow the click that leaves the field.
  input.addEventListener("change", () => nameProblem(cleanName(input.value), ui.words) === null && storeName(cleanName(input.value)));
  const fresh = button(ui.t("name.new"), { class: "button", part: "button", hook: "new-name" }, icon("dice"));
  fresh.addEventListener("click", () => {
    input.value = anonymousName();
    storeName(input.value);
    check();
  });
  const element = el(
    "div",
    { class: "field" },
    el("label", { for: "name", text: ui.t("name.label") }),
    el("div", { class: "with-button" }, input, fresh),
    problem,
    el("p", { id: "name-hint", class: "hint", text: ui.t("name.hint") }),
  );
  return {
    element,
    value() {
      if (!check()) {
        input.focus();
        return null;
      }
      storeName(cleanName(input.value));
      return cleanName(input.value);
    },
  };
}
