import { EphemeralChat } from "../ephemeral-chat.js";
import { el, icon } from "./dom.js";
import { wantsPasscode } from "./invitation.js";

/** How a new room is made: encrypted, unless the host or the person wants it otherwise, or the browser can't. */
export function sealField(ui, { plain = false, changed }) {
  const asks = ui.encryption === "choice" && EphemeralChat.passcodesWork;
  const choice = el("input", { type: "checkbox", hook: "plain-room", checked: plain });
  const what = el("p", { class: "seal-what", hook: "seal", "aria-live": "polite" });
  const hint = el("p", { class: "hint", hook: "seal-hint" });
  const isEncrypted = () => ui.encryption === "on" || (asks && !choice.checked);
  const update = () => {
    const on = isEncrypted();
    what.replaceChildren(...sealWords(on, "seal.on", "seal.off", ui));
    hint.textContent = ui.t(ui.encryption !== "off" && !EphemeralChat.passcodesWork ? "seal.insecure" : on ? "seal.on-hint" : "seal.off-hint");
    changed(on);
  };
  choice.addEventListener("change", update);
  const element = el("div", { class: "seal-field" }, what, hint, asks ? el("label", { class: "check" }, choice, el("span", { text: ui.t("seal.plain") })) : null);
  update();
  return { element, value: isEncrypted };
}

/** What a room is, above all that is said in it. */
export function sealLine(room, ui) {
  return el("p", { class: "seal", part: "seal", hook: "seal" }, ...sealWords(room.encrypted, hasPasscode(room) ? "seal.room-on-passcode" : "seal.room-on", "seal.off", ui));
}

/** What a room is, in the bar. */
export function sealBadge(room, ui) {
  const words = el("span", { text: ui.t(room.encrypted ? "seal.short-on" : "seal.short-off") });
  return el("span", { class: "seal-badge", hook: "seal-badge", "data-encrypted": String(room.encrypted) }, sign(room.encrypted), words);
}

/** Whether newcomers to an encrypted room need a passcode beside the link. */
export function hasPasscode(room) {
  return room.encrypted && room.ended === null && wantsPasscode(new URL(room.link("#")).hash.slice(1));
}

function sealWords(isEncrypted, on, off, ui) {
  return [sign(isEncrypted), el("span", { text: ui.t(isEncrypted ? on : off) })];
}

export function sign(isEncrypted) {
  return icon(isEncrypted ? "shield" : "eye");
}
