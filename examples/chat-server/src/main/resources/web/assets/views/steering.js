import { EphemeralChat } from "/ephemeral-chat/ephemeral-chat.js";
import { clockTime } from "../countdown.js";
import { confirmFirst } from "../dialogs.js";
import { button, el, icon } from "../dom.js";
import { explain } from "../wording.js";
import { passcodeField } from "./passcode-field.js";

const MORE_SECONDS = 600;
// The request takes a while, and what is beyond the latest end is refused.
const TRANSIT_MS = 5_000;
const WORTH_MS = 10_000;
const MAX_TITLE = 60;
const DAY_MS = 86_400_000;

/** How the room is: until when it lives and who may come in. Its owner changes it here. */
export function steering(room) {
  const problem = el("p", { class: "problem", role: "alert", hook: "steering-problem" });
  const attempt = async (control, action) => {
    problem.textContent = "";
    control.setAttribute("aria-disabled", "true");
    try {
      await action();
    } catch (error) {
      problem.textContent = explain(error);
    }
    control.removeAttribute("aria-disabled");
  };
  const act = (text, hook, action) => {
    const one = button(text, { class: "button small", hook });
    one.addEventListener("click", () => one.ariaDisabled !== "true" && attempt(one, action));
    return one;
  };

  const title = titleForm(room, attempt);
  const extend = act("10 min more", "extend-room", () => extendRoom(room));
  const lock = act("Lock", "lock-room", () => (room.locked ? room.unlock() : room.lock()));
  const passcode = button("Set", { class: "button small", hook: "set-passcode", on: { click: () => askForPasscode(room) } });
  const drop = act("Drop", "drop-passcode", () => room.admission({ passcode: null }));
  const ends = row("clock", extend);
  const door = row("lock", lock);
  const secret = row("key", passcode, drop);
  const mine = [title.element, extend, lock, passcode];
  const element = el(
    "section",
    { class: "steering", "aria-label": "The room", hook: "room-facts" },
    el("div", { hook: "steering", hidden: true }, title.element),
    ends.element,
    door.element,
    secret.element,
    problem,
  );

  return {
    element,
    // Who gets the focus of a control that goes, in this order.
    controls: [passcode, lock],
    get hasFocus() {
      return element.contains(document.activeElement);
    },
    update() {
      const { owner } = room.me;
      element.firstElementChild.hidden = !owner;
      mine.forEach((each) => (each.hidden = !owner));
      title.show(room.properties.title ?? "");
      extend.hidden ||= !canExtend(room);
      ends.show("Ends at", endsAt(room));
      door.show(...(room.locked ? ["Locked", "nobody else comes in"] : ["Open", room.proofRequired ? "to whoever knows the passcode" : "to whoever has the link"]));
      lock.lastElementChild.textContent = room.locked ? "Unlock" : "Lock";
      secret.show("Passcode", room.proofRequired ? "" : "none");
      secret.element.hidden = !owner || !(room.proofRequired || EphemeralChat.passcodesWork);
      passcode.hidden ||= !EphemeralChat.passcodesWork;
      passcode.lastElementChild.textContent = room.proofRequired ? "Change" : "Set";
      drop.hidden = !owner || !room.proofRequired;
    },
  };
}

function row(iconName, ...controls) {
  const what = el("span", { class: "fact-what" });
  const how = el("span", { class: "fact-how" });
  const element = el(
    "div",
    { class: "fact" },
    icon(iconName),
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

function titleForm(room, attempt) {
  const input = el("input", {
    id: "title",
    hook: "title-input",
    type: "text",
    maxlength: MAX_TITLE,
    autocomplete: "off",
    placeholder: "What is it about?",
  });
  const save = el("button", { type: "submit", class: "button small", hook: "save-title", text: "Save" });
  const element = el(
    "form",
    { class: "field" },
    el("label", { for: "title", text: "Title" }),
    el("div", { class: "with-button" }, input, save),
  );
  element.addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(save, () => room.setProperty("title", input.value.trim() || null));
  });
  return {
    element,
    show(text) {
      if (document.activeElement !== input) input.value = text;
    },
  };
}

function askForPasscode(room) {
  const field = passcodeField({ label: "New passcode", hint: "Upper and lower case matter." });
  confirmFirst({
    title: room.proofRequired ? "Change the passcode?" : "Ask for a passcode?",
    body: "Whoever wants to come in has to know it from now on. Those who are inside stay.",
    more: field.element,
    confirmLabel: room.proofRequired ? "Change it" : "Set it",
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

/** By this device's clock, which may be wrong: the time that is left is the server's. */
function endsAt(room) {
  const end = new Date(Date.now() + room.msLeft);
  const midnight = new Date().setHours(24, 0, 0, 0);
  const day = end < midnight ? "" : end - midnight < DAY_MS ? " tomorrow" : " in two days";
  return clockTime(end) + day;
}
