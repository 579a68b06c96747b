import { copyButton } from "./copy-button.js";
import { dialogOf, openDialog } from "./dialogs.js";
import { button, el, icon } from "./dom.js";
import { hasPasscode } from "./seal.js";

const SVG = "http://www.w3.org/2000/svg";
// As the standard asks for: so many modules around the code stay light.
const QUIET = 4;

export function qrButton(room, ui, style) {
  return button(ui.t("room.qr"), { class: style, part: style === "tool" ? null : "button", hook: "show-qr", on: { click: () => showQr(room, ui) } }, icon("qr"));
}

/** The link to a room as a picture, which a phone's camera opens. It is drawn here, and drawn anew where the link is renewed. */
function showQr(room, ui) {
  const picture = el("div", { class: "qr", hook: "qr", role: "img", "aria-label": ui.t("qr.picture", { code: room.code }) });
  const problem = el("p", { class: "problem", role: "alert" });
  const close = button(ui.t("qr.close"), { class: "button", part: "button", hook: "close-qr", on: { click: () => dialog.close() } });
  const copy = copyButton(ui, ui.t("room.copy-link"), "link", "copy-shown-link", () => ui.invitation(room), "button");
  const dialog = dialogOf(
    { title: ui.t("qr.title"), body: ui.t(hasPasscode(room) ? "qr.body-passcode" : room.encrypted ? "qr.body-sealed" : "qr.body") },
    picture,
    problem,
    el("div", { class: "dialog-actions" }, copy, close),
  );
  const draw = async () => {
    try {
      // Nobody else needs it.
      const { encode } = await import("./vendor/uqr.js");
      picture.replaceChildren(drawn(encode(ui.invitation(room), { border: QUIET, ecc: "M" })));
    } catch {
      problem.textContent = ui.t("qr.problem");
    }
  };
  room.addEventListener("renewed", draw);
  dialog.addEventListener("close", () => room.removeEventListener("renewed", draw));
  openDialog(ui, dialog, { first: close });
  draw();
}

/** Dark on light whatever the page looks like: not every camera reads it the other way round. */
function drawn({ size, data }) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${size} ${size}`);
  svg.setAttribute("shape-rendering", "crispEdges");
  svg.setAttribute("aria-hidden", "true");
  const runs = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : "")));
  svg.append(shape("rect", { width: size, height: size, fill: "#fff" }), shape("path", { d: runs.join(""), fill: "#000" }));
  return svg;
}

function shape(name, attributes) {
  const node = document.createElementNS(SVG, name);
  Object.entries(attributes).forEach(([key, value]) => node.setAttribute(key, value));
  return node;
}
