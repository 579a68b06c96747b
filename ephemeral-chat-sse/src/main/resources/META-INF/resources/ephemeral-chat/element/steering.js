import { EphemeralChat } from "../ephemeral-chat.js";
import { endOf, soonAt } from "./countdown.js";
import { confirmFirst } from "./dialogs.js";
import { button, el, icon } from "./dom.js";
import { passcodeField } from "./passcode-field.js";
import { hasPasscode, sign } from "./seal.js";
import { explain } from "./wording.js";

const MORE_SECONDS = 600;
// The request takes a while, and what is beyond the latest end is refused.
const TRANSIT_MS = 5_000;
const WORTH_MS = 10_000;
const MAX_TITLE = 60;

/** How the room is: until when it lives and who may come in. Its owner changes it here. */
export function steering(room, ui) {
  const problem = el("p", { class: "problem", role: "alert", hook: "steering-problem" });
  const attempt = async (control, action) => {
    problem.textContent = "";
    control.setAttribute("aria-disabled", "true");
    try {
      await action();
    } catch (error) {
      problem.textContent = explain(error, ui.words);
      ui.tell("error", { error });
    }
    control.removeAttribute("aria-disabled");
  };
  const act = (key, hook, action) => {
    const one = button(ui.t(key), { class: "button small", part: "button", hook });
    one.addEventListener("click", () => one.ariaDisabled !== "true" && attempt(one, action));
    return one;
  };

  const title = titleForm(room, ui, attempt);
  const extend = act("steer.extend", "extend-room", () => extendRoom(room));
  const lock = act("steer.lock", "lock-room", () => (room.locked ? room.unlock() : room.lock()));
  const passcode = button(ui.t("steer.set"), { class: "button small", part: "button", hook: "set-passcode", on: { click: () => askForPasscode(room, ui) } });
  const drop = act("steer.drop", "drop-passcode", () => room.admission({ passcode: null }));
  const sealed = row(sign(room.encrypted));
  const ends = row(icon("clock"), extend);
  const lockRow = row(icon("lock"), lock);
  const secret = row(icon("key"), passcode, drop);
  const mine = [title.element, extend, lock, passcode];
  const element = el(
    "section",
    { class: "steering", "aria-label": ui.t("steer"), hook: "room-facts" },
    el("div", { hook: "steering", hidden: true }, title.element),
    sealed.element,
    ends.element,
    lockRow.element,
    secret.element,
    problem,
  );

  return {
    element,
    // Who gets the focus of a control that goes, in this order.
    controls: [passcode, lock],
    get hasFocus() {
      return element.contains(ui.focused);
    },
    update() {
      const owner = room.me.owner && ui.has("steer");
      element.firstElementChild.hidden = !owner;
      mine.forEach((each) => (each.hidden = !owner));
      title.show(room.properties.title ?? "");
      extend.hidden ||= !canExtend(room);
      sealed.show(ui.t(room.encrypted ? "steer.sealed" : "steer.plain"), ui.t(room.encrypted ? "steer.sealed-how" : "steer.plain-how"));
      ends.show(ui.t("steer.ends-at"), soonAt(endOf(room), ui.words));
      const whom = room.locked ? "nobody-else" : room.encrypted ? sealedTo(room) : room.proofRequired ? "to-passcode" : "to-link";
      lockRow.show(ui.t(room.locked ? "steer.locked" : "steer.open"), ui.t(`steer.${whom}`));
      lock.lastElementChild.textContent = ui.t(room.locked ? "steer.unlock" : "steer.lock");
      secret.show(ui.t("passcode.label"), room.proofRequired ? "" : ui.t("passcode.none"));
      secret.element.hidden = !owner || room.encrypted || !ui.has("passcode") || !(room.proofRequired || EphemeralChat.passcodesWork);
      passcode.hidden ||= !EphemeralChat.passcodesWork;
      passcode.lastElementChild.textContent = ui.t(room.proofRequired ? "steer.change" : "steer.set");
      drop.hidden = !owner || !room.proofRequired;
    },
  };
}

function sealedTo(room) {
  return hasPasscode(room) ? "to-link-and-passcode" : "to-link";
}

function row(symbol, ...controls) {
  const what = el("span", { class: "fact-what" });
  const how = el("span", { class: "fact-how" });
  const element = el(
    "div",
    { class: "fact" },
    symbol,
    el("p", { class: "fact-text" }, what, " ", how),
    el("span", { class: "fact-controls" }, ...controls),
  );
  return {
    element,
    show(whatText, howText) {
      what.textContent = whatText;
      how.textContent = howText;
    },
  };
}

function titleForm(room, ui, attempt) {
  const input = el("input", {
    id: "title",
    part: "input",
    hook: "title-input",
    type: "text",
    maxlength: MAX_TITLE,
    autocomplete: "off",
    placeholder: ui.t("steer.title-placeholder"),
  });
  const save = el("button", { type: "submit", class: "button small", part: "button", hook: "save-title", text: ui.t("steer.save") });
  const element = el(
    "form",
    { class: "field" },
    el("label", { for: "title", text: ui.t("steer.title") }),
    el("div", { class: "with-button" }, input, save),
  );
  element.addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(save, () => room.setProperty("title", input.value.trim() || null));
  });
  return {
    element,
    show(text) {
      if (ui.focused !== input) input.value = text;
    },
  };
}

function askForPasscode(room, ui) {
  const field = passcodeField(ui, { label: ui.t("passcode.new"), hint: ui.t("passcode.case-hint") });
  confirmFirst(ui, {
    title: ui.t(room.proofRequired ? "ask.change-passcode" : "ask.set-passcode"),
    body: ui.t("ask.passcode-body"),
    more: field.element,
    confirmLabel: ui.t(room.proofRequired ? "ask.change-it" : "ask.set-it"),
    harmless: true,
    first: field,
    action: async () => {
      const passcode = field.value();
      if (passcode === null) return false;
      await room.admission({ passcode });
      return true;
    },
  });
}

export function canExtend(room) {
  return room.latestExpiresAt - room.expiresAt >= TRANSIT_MS + WORTH_MS;
}

/** Never beyond the latest end. */
export function extendRoom(room) {
  const most = Math.floor((room.latestExpiresAt - room.expiresAt + room.msLeft - TRANSIT_MS) / 1_000);
  return room.endIn(Math.min(most, Math.floor(room.msLeft / 1_000) + MORE_SECONDS));
}
