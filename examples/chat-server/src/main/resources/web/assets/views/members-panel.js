import { EphemeralChat } from "/ephemeral-chat/ephemeral-chat.js";
import { confirmFirst } from "../dialogs.js";
import { button, el, icon, keepingFocus } from "../dom.js";
import { themeToggle } from "../theme.js";
import { hue, mark } from "./message-nodes.js";
import { passcodeField } from "./passcode-field.js";
import { steering } from "./steering.js";

const FEW = 20;
const MANY = 100;

/** Who has a seat, and the ways out: leave, or destroy the room for everyone. */
export function membersPanel(room, { close }) {
  const rows = new Map();
  const count = el("span", { class: "seats", hook: "seats" });
  const list = el("ul", { class: "members", hook: "members", "aria-label": "Members", tabindex: -1 });
  const find = el("input", {
    type: "search",
    class: "find",
    hook: "member-search",
    placeholder: "Find somebody",
    "aria-label": "Find a member",
    autocomplete: "off",
    hidden: true,
    on: { input: () => update() },
  });
  const more = el("p", { class: "hint more", hook: "more-members", hidden: true });
  const steer = steering(room);
  const closeButton = button("", { class: "icon-button panel-close", "aria-label": "Close", on: { click: close } }, icon("close"));
  const element = el(
    "aside",
    { class: "panel", id: "panel", "aria-label": "Members and room" },
    el("div", { class: "panel-head" }, el("h2", { text: "Members" }), count, closeButton),
    find,
    list,
    more,
    steer.element,
    el(
      "div",
      { class: "panel-foot" },
      el("p", { class: "hint", text: "Closing this page keeps your seat. Leaving frees it." }),
      button("Leave room", { class: "button", hook: "leave-room", on: { click: () => askToLeave(room) } }),
      button("Destroy now", { class: "button danger-quiet", hook: "destroy-room", on: { click: () => askToDestroy(room) } }),
      themeToggle(),
    ),
  );

  /** Rows are kept from one update to the next, so that a focused button does not vanish under the finger. */
  function update() {
    if (!element.contains(document.activeElement)) return change();
    const manage = document.activeElement.closest(".choices")?.querySelector("summary");
    return keepingFocus(change, [...(manage ? [manage] : []), ...(steer.hasFocus ? steer.controls : []), list]);
  }

  function change() {
    steer.update();
    const members = room.participants;
    count.textContent = `${members.length} of ${room.maxParticipants} seats`;
    const [shown, others] = choose(members, find.value, room.me.id);
    find.hidden = members.length <= FEW && find.value === "";
    more.hidden = others === 0;
    more.textContent = `and ${others} more`;
    const present = new Set(shown.map((each) => each.id));
    for (const [id, row] of rows) {
      if (present.has(id)) continue;
      row.remove();
      rows.delete(id);
    }
    for (const member of shown) {
      if (!rows.has(member.id)) {
        rows.set(member.id, memberRow(room, member));
        list.append(rows.get(member.id));
      }
      showRow(rows.get(member.id), member, room, list);
    }
  }
  return { element, update, focus: () => closeButton.focus() };
}

/** Who gets a row: in a crowd the first ones and oneself, or those who are looked for; and how many do not. */
function choose(members, wanted, me) {
  const text = wanted.trim().toLowerCase();
  const found = text === "" ? members : members.filter(({ name }) => name.toLowerCase().includes(text));
  const shown = found.filter(({ id }, i) => i < MANY || id === me);
  return [shown, found.length - shown.length];
}

function memberRow(room, member) {
  const me = member.id === room.me.id;
  return el(
    "li",
    { class: `member ${hue(member.id)}`, hook: "member", "data-me": String(me) },
    mark(member.id),
    el("bdi", { class: "member-name", text: member.name }),
    me ? el("span", { class: "badge you", text: "you" }) : null,
    el("span", { class: "badge role", hook: "role-badge", hidden: true }),
  );
}

/** What the owner may do with somebody; folded away, for it is not done by accident. */
function choices(room, member, list) {
  const choice = (text, hook, action, tone = "") => button(text, { class: `button small ${tone}`, hook, on: { click: action } });
  return el(
    "details",
    { class: "choices", hook: "member-choices", hidden: true },
    el("summary", { "aria-label": `Manage ${member.name}`, text: "Manage" }),
    el(
      "div",
      { class: "choices-row" },
      choice("Only read", "make-reader", () => askToAssign(room, member, "reader", list)),
      choice("May write", "make-member", () => askToAssign(room, member, "member", list)),
      choice("Make owner", "make-owner", () => askToAssign(room, member, "owner", list)),
      choice("Remove", "free-seat", () => askToFree(room, member, list), "danger-quiet"),
    ),
  );
}

function showRow(row, member, room, list) {
  row.dataset.owner = String(member.owner);
  const badge = row.querySelector(".role");
  badge.hidden = member.role === "member";
  badge.textContent = member.role === "reader" ? "reads" : member.role;
  badge.classList.toggle("owner", member.owner);
  if (member.id === room.me.id) return;
  // In a crowd hardly anybody steers.
  if (room.me.owner && !row.querySelector(".choices")) row.append(choices(room, member, list));
  const manage = row.querySelector(".choices");
  if (!manage) return;
  manage.hidden = !room.me.owner;
  manage.querySelector("[data-role=make-reader]").hidden = member.role === "reader";
  manage.querySelector("[data-role=make-member]").hidden = member.role === "member";
}

const ASSIGN = {
  owner: { title: "Hand the room over?", body: (name) => `${name} becomes the owner, and you become a member.`, confirmLabel: "Hand over" },
  reader: { title: "Let them only read?", body: (name) => `${name} can read and leave, and write nothing.`, confirmLabel: "Only read" },
  member: { title: "Let them write?", body: (name) => `${name} can write again.`, confirmLabel: "Let them write" },
};

function askToAssign(room, member, role, list) {
  const { title, body, confirmLabel } = ASSIGN[role];
  confirmFirst({ title, body: body(member.name), confirmLabel, after: list, action: () => room.assign(member.id, role) });
}

function askToLeave(room) {
  confirmFirst({
    title: "Leave this room?",
    body: "Your seat becomes free and you can no longer read the messages. To come back you need a free seat.",
    confirmLabel: "Leave room",
    cancelLabel: "Stay",
    action: () => room.leave(),
  });
}

function askToDestroy(room) {
  confirmFirst({
    title: "Destroy this room now?",
    body: "It ends for everyone at once, and all its messages are gone. This can’t be undone.",
    confirmLabel: "Destroy room",
    cancelLabel: "Keep it",
    action: () => room.destroy(),
  });
}

const AFTERWARDS = [
  ["lock", "lock-too", "Nobody else comes in: the room is locked"],
  ["passcode", "passcode-too", "Newcomers need a new passcode"],
  ["open", "leave-open", "The same link lets them in again"],
];

/** A removal sticks only where the link alone lets nobody in, so both are asked for at once. */
function askToFree(room, member, list) {
  const field = passcodeField({ label: "New passcode", hint: "Those who are inside stay. Tell it to whoever may come." });
  field.element.hidden = true;
  const offered = AFTERWARDS.filter(([what]) => what !== "passcode" || EphemeralChat.passcodesWork);
  const choices = el(
    "fieldset",
    { class: "afterwards", on: { change: () => (field.element.hidden = chosen() !== "passcode") } },
    el("legend", { text: "And afterwards?" }),
    ...offered.map(([what, hook, text]) => radio(what, hook, text)),
    field.element,
  );
  const chosen = () => choices.querySelector(":checked").value;
  confirmFirst({
    title: "Remove from the room?",
    body: `${member.name} loses the seat and can’t read on.${room.locked ? " The room is locked: nobody comes back." : ""}`,
    more: room.locked ? null : choices,
    confirmLabel: "Remove",
    after: list,
    action: async () => {
      const what = room.locked ? "open" : chosen();
      const passcode = what === "passcode" ? field.value() : undefined;
      if (passcode === null) return false;
      await room.remove(member.id, { lock: what === "lock", passcode });
      return true;
    },
  });
}

function radio(value, hook, text) {
  return el("label", { class: "check" }, el("input", { type: "radio", name: "afterwards", value, hook, checked: value === "lock" }), text);
}
