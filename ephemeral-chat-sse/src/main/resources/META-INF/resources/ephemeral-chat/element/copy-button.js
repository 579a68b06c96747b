import { copy } from "./clipboard.js";
import { button, icon } from "./dom.js";

/** Copies what `what` returns at that moment: a link is renewed when somebody is removed. */
export function copyButton(ui, label, iconName, hook, what, style = "tool") {
  const one = button(label, { class: style, part: style === "tool" ? null : "button", hook }, icon(iconName));
  const words = one.querySelector("span");
  let timer;
  one.addEventListener("click", async () => {
    const text = what();
    const copied = await copy(text, ui);
    one.classList.toggle("done", copied);
    one.classList.toggle("failed", !copied);
    one.firstElementChild.replaceWith(icon(copied ? "check" : iconName));
    words.textContent = ui.t(copied ? "room.copied" : "room.not-copied");
    ui.say(copied ? ui.t("room.copied-what", { what: label }) : ui.t("room.not-copied-what", { text }));
    clearTimeout(timer);
    timer = setTimeout(() => {
      words.textContent = label;
      one.firstElementChild.replaceWith(icon(iconName));
      one.classList.remove("done", "failed");
    }, 2_000);
  });
  return one;
}
