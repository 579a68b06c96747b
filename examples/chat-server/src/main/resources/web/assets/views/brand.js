import { el } from "../dom.js";

/** The mark: a fuse that is half burnt down. */
export function brand() {
  return el("a", { class: "brand", href: "/" }, el("span", { class: "brand-fuse", "aria-hidden": "true" }), el("span", { text: "Ephemeral chat" }));
}
