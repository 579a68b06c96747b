import { button, icon, say } from "./dom.js";
import { remember } from "./storage.js";

const NEXT = { auto: "light", light: "dark", dark: "auto" };
const NAMES = { auto: "Theme: system", light: "Theme: light", dark: "Theme: dark" };

/** Goes round: as the system has it, light, dark. */
export function themeToggle() {
  const current = () => document.documentElement.dataset.theme ?? "auto";
  const toggle = button(NAMES[current()], { class: "quiet theme-toggle", hook: "theme" }, icon("theme"));
  toggle.addEventListener("click", () => {
    const next = NEXT[current()];
    if (next === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
    remember("theme", next === "auto" ? null : next);
    toggle.querySelector("span").textContent = NAMES[next];
    say(NAMES[next]);
  });
  return toggle;
}
