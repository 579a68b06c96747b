import { el } from "./dom.js";

/** What the host puts above each screen that is not a room. */
export function topline() {
  return el("div", { class: "topline", part: "topline" }, el("slot", { name: "brand" }), el("slot", { name: "tools" }));
}
