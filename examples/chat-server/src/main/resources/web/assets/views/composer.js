import { el, icon } from "../dom.js";
import { codePoints, wellFormed } from "../text.js";

const MAX = 4000;
const COUNT_FROM = 3600;

/**
 * Where a message is written, and it grows with what is in it. Enter sends and Shift+Enter is a new line; on a touch screen,
 * which has no such keys, Enter is a new line and the button sends.
 */
export function composer(send) {
  const touch = matchMedia("(pointer: coarse)").matches;
  const input = el("textarea", {
    id: "composer",
    hook: "composer",
    rows: 1,
    placeholder: "Write a message",
    // A browser may keep what is typed for a restored page: not here.
    autocomplete: "off",
    enterkeyhint: touch ? "enter" : "send",
    dir: "auto",
    "aria-describedby": "composer-count",
  });
  const count = el("span", { id: "composer-count", class: "count", hook: "composer-count" });
  const submit = el("button", { type: "submit", class: "send", hook: "send", "aria-label": "Send" }, icon("send"));
  const form = el(
    "form",
    { class: "composer" },
    el("label", { for: "composer", class: "visually-hidden", text: "Message" }),
    el("div", { class: "composer-box" }, input, count, submit),
  );

  const update = () => {
    const length = codePoints(input.value);
    const tooLong = length > MAX;
    count.textContent = length < COUNT_FROM ? "" : tooLong ? `${length - MAX} too many` : `${MAX - length} left`;
    count.classList.toggle("over", tooLong);
    input.setAttribute("aria-invalid", String(tooLong));
    submit.disabled = tooLong || input.value.trim() === "";
    grow(input);
  };
  const submitted = () => {
    if (submit.disabled) return;
    // Spaces at the beginning may be meant: code, verse.
    const text = wellFormed(input.value.replace(/^(?:[^\S\n]*\n)+|\s+$/g, ""));
    input.value = "";
    update();
    send(text);
  };
  input.addEventListener("input", update);
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
    focus: () => input.focus(),
    dispose: () => (input.value = ""),
    get isEmpty() {
      return input.value.trim() === "";
    },
  };
}

function grow(input) {
  input.style.height = "auto";
  input.style.height = `${input.scrollHeight}px`;
}
