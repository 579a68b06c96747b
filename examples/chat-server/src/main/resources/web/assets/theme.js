import { el } from "./dom.js";

const KEY = "ephemeral-chat:theme";
const NEXT = { auto: "light", light: "dark", dark: "auto" };
const NAMES = { auto: "Theme: system", light: "Theme: light", dark: "Theme: dark" };
const ICON = "M12 4v16M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16Zm0 3.5 6.5 0M12 12h8M12 16.5h6.5";

/** Goes round: as the system has it, light, dark. */
export function themeToggle() {
  const current = () => document.documentElement.dataset.theme ?? "auto";
  const words = el("span", { "aria-live": "polite" }, NAMES[current()]);
  const toggle = el("button", { type: "button", class: "theme-toggle", "data-role": "theme" }, icon(), words);
  toggle.addEventListener("click", () => {
    const next = NEXT[current()];
    if (next === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
    remember(next);
    words.textContent = NAMES[next];
  });
  return toggle;
}

function icon() {
  const ns = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(ns, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.append(document.createElementNS(ns, "path"));
  svg.firstElementChild.setAttribute("d", ICON);
  return svg;
}

function remember(theme) {
  try {
    if (theme === "auto") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch {
    // Storage is switched off: it is good for this visit only.
  }
}
