import { el } from "./dom.js";

/** A room code in two halves, which eyes hold better; copied or read as text it is still one word. */
export function codeText(code) {
  return el(
    "span",
    { class: "code-text", translate: "no" },
    el("span", { text: code.slice(0, 4) }),
    el("span", { text: code.slice(4) }),
  );
}
