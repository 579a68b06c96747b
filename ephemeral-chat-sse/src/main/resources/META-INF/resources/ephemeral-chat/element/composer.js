import { el, icon } from "./dom.js";
import { codePoints, wellFormed } from "./text.js";

const MAX = 4000;
const COUNT_FROM = 3600;
// Where the field grows by itself, nothing has to be measured at each key.
const GROWS = CSS.supports("field-sizing", "content");

/**
 * Where a message is written, and it grows with what is in it. Enter sends and Shift+Enter is a new line; on a touch screen,
 * which has no such keys, Enter is a new line and the button sends.
 */
export function composer(ui, { send, changed }) {
  const touch = matchMedia("(pointer: coarse)").matches;
  const input = el("textarea", {
    id: "composer",
    class: "composer-text",
    part: "composer-input",
    hook: "composer",
    rows: 1,
    placeholder: ui.t("composer.placeholder"),
    // A browser may keep what is typed for a restored page: here the element does, no longer than the room lives.
    autocomplete: "off",
    enterkeyhint: touch ? "enter" : "send",
    dir: "auto",
    "aria-describedby": "composer-count",
  });
  const count = el("span", { id: "composer-count", class: "count", hook: "composer-count" });
  const submit = el("button", { type: "submit", class: "send", part: "send", hook: "send", "aria-label": ui.t("composer.send") }, icon("send"));
  const form = el(
    "form",
    { class: "composer", part: "composer" },
    el("label", { for: "composer", class: "visually-hidden", text: ui.t("composer.label") }),
    el("div", { class: "composer-box" }, input, count, submit),
  );

  const update = () => {
    const { value } = input;
    const length = value.length < COUNT_FROM ? value.length : codePoints(value);
    const tooLong = length > MAX;
    count.textContent =
      length < COUNT_FROM ? "" : tooLong ? ui.t("composer.too-many", { count: length - MAX }) : ui.t("composer.left", { count: MAX - length });
    count.classList.toggle("over", tooLong);
    input.setAttribute("aria-invalid", String(tooLong));
    submit.disabled = tooLong || value.trim() === "";
    if (!GROWS) grow(input);
  };
  const submitted = () => {
    if (submit.disabled) return;
    // Spaces at the beginning may be meant: code, verse.
    const text = wellFormed(input.value.replace(/^(?:[^\S\n]*\n)+|\s+$/g, ""));
    input.value = "";
    update();
    send(text);
  };
  input.addEventListener("input", () => {
    update();
    changed();
  });
  input.addEventListener("keydown", (event) => {
    // While an input method composes, Enter chooses a candidate. (229: Safari ends the composition before the key.)
    if (touch || event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    submitted();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submitted();
    input.focus();
  });
  submit.disabled = true;
  return {
    element: form,
    input,
    dispose: () => (input.value = ""),
    get text() {
      return input.value;
    },
    set text(text) {
      input.value = text;
      update();
    },
  };
}

function grow(input) {
  input.style.height = "auto";
  input.style.height = `${input.scrollHeight}px`;
}
