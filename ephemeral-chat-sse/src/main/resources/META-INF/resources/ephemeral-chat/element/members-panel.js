import { EphemeralChat } from "../ephemeral-chat.js";
import { confirmFirst } from "./dialogs.js";
import { button, el, icon } from "./dom.js";
import { hue, mark, mixedUp } from "./message-nodes.js";
import { passcodeField } from "./passcode-field.js";
import { steering } from "./steering.js";

const FEW = 20;
const MANY = 100;

/** Who has a seat, and the ways out: leave, or destroy the room for everyone. */
export function membersPanel(room, ui, { close }) {
  const rows = new Map();
  const count = el("span", { class: "seats", hook: "seats" });
  const list = el("ul", { class: "members", part: "members", hook: "members", "aria-label": ui.t("panel.members"), tabindex: -1 });
  const find = el("input", {
    type: "search",
    class: "find",
    part: "input",
    hook: "member-search",
    placeholder: ui.t("panel.find"),
    "aria-label": ui.t("panel.find-label"),
    autocomplete: "off",
    hidden: true,
    on: { input: () => update() },
  });
  const more = el("p", { class: "hint more", hook: "more-members", role: "status", hidden: true });
  const steer = steering(room, ui);
  const closeButton = button("", { class: "icon-button panel-close", "aria-label": ui.t("panel.close"), on: { click: close } }, icon("close"));
  const who = ui.has("members");
  [count, list].forEach((each) => (each.hidden = !who));
  const ways = [
    ui.has("leave") ? button(ui.t("panel.leave"), { class: "button", part: "button", hook: "leave-room", on: { click: () => askToLeave(room, ui) } }) : null,
    ui.has("destroy") ? button(ui.t("panel.destroy"), { class: "button danger-quiet", part: "button", hook: "destroy-room", on: { click: () => askToDestroy(room, ui) } }) : null,
  ];
  const foot = el("div", { class: "panel-foot" }, ui.has("leave") ? el("p", { class: "hint", text: ui.t("panel.seat-hint") }) : null, ...ways, el("slot", { name: "tools" }));
  const element = el(
    "aside",
    { class: "panel", part: "panel", id: "panel", "aria-label": ui.t("panel") },
    el("div", { class: "panel-head" }, who ? el("h2", { text: ui.t("panel.members") }) : null, count, closeButton),
    find,
    list,
    more,
    steer.element,
    foot,
  );

  /** Rows are kept from one update to the next, so that a focused button does not vanish under the finger. */
  function update() {
    if (!element.contains(ui.focused)) return change();
    const manage = ui.focused.closest(".choices")?.querySelector("summary");
    return ui.keepingFocus(change, [...(manage ? [manage] : []), ...(steer.hasFocus ? steer.controls : []), list]);
  }

  function change() {
    steer.update();
    if (!who) return;
    const members = room.participants;
    count.textContent = seats(room, members.length, ui);
    const [shown, others] = choose(members, find.value, room.me.id);
    find.hidden = members.length <= FEW && find.value === "";
    more.hidden = others === 0 && shown.length > 0;
    more.textContent = shown.length === 0 ? ui.t("panel.nobody") : ui.t("panel.more", { count: others });
    const present = new Set(shown.map((each) => each.id));
    for (const [id, row] of rows) {
      if (present.has(id)) continue;
      row.remove();
      rows.delete(id);
    }
    const fresh = document.createDocumentFragment();
    for (const member of shown) {
      if (!rows.has(member.id)) {
        rows.set(member.id, memberRow(room, member, ui));
        fresh.append(rows.get(member.id));
      }
      showRow(rows.get(member.id), member, room, list, ui);
    }
    list.append(fresh);
  }
  return { element, update, focus: () => closeButton.focus() };
}

/** How many are in the room, and how many of them are connected, where that is told. */
function seats({ maxParticipants, presence }, count, ui) {
  const taken = ui.t("panel.seats", { count, seats: maxParticipants });
  return ui.has("presence") && presence ? ui.t("panel.seats-here", { taken, count: presence.count }) : taken;
}

/** Who gets a row: in a crowd the first ones and oneself, or those who are looked for; and how many do not. */
function choose(members, wanted, me) {
  const text = wanted.trim().toLowerCase();
  const found = text === "" ? members : members.filter(({ name }) => name.toLowerCase().includes(text));
  const shown = found.filter(({ id }, i) => i < MANY || id === me);
  return [shown, found.length - shown.length];
}

function memberRow(room, member, ui) {
  const me = member.id === room.me.id;
  return el(
    "li",
    { class: `member ${hue(member.id)}`, hook: "member", "data-me": String(me) },
    mark(member.id),
    el("bdi", { class: "member-name", text: member.name }),
    me ? el("span", { class: "badge you", text: ui.t("panel.you") }) : null,
    el("span", { class: "presence", hook: "presence", hidden: true }, el("span", { class: "visually-hidden" })),
    el("span", { class: "badge role", hook: "role-badge", hidden: true }),
  );
}

/** What the owner may do with somebody; folded away, for it is not done by accident. */
function choices(room, member, list, ui) {
  const choice = (key, hook, action, tone = "") => button(ui.t(key), { class: `button small ${tone}`, part: "button", hook, on: { click: action } });
  return el(
    "details",
    { class: "choices", hook: "member-choices", hidden: true },
    el("summary", { "aria-label": ui.t("panel.manage-who", { who: member.name }), text: ui.t("panel.manage") }),
    el(
      "div",
      { class: "choices-row" },
      choice("panel.only-read", "make-reader", () => askToAssign(room, member, "reader", list, ui)),
      choice("panel.may-write", "make-member", () => askToAssign(room, member, "member", list, ui)),
      choice("panel.make-owner", "make-owner", () => askToAssign(room, member, "owner", list, ui)),
      choice("panel.remove", "free-seat", () => askToFree(room, member, list, ui), "danger-quiet"),
    ),
  );
}

function showRow(row, member, room, list, ui) {
  row.dataset.owner = String(member.owner);
  const badge = row.querySelector(".role");
  badge.hidden = member.role === "member";
  badge.textContent = badge.hidden ? "" : ui.t(`panel.${member.role}`);
  badge.classList.toggle("owner", member.owner);
  if (member.mixedUp && !row.querySelector(".mixed-up")) row.querySelector(".member-name").after(mixedUp(ui));
  showPresence(row.querySelector(".presence"), ui.has("presence") ? member.present : undefined, ui);
  if (member.id === room.me.id) return;
  // In a crowd hardly anybody steers.
  const steers = room.me.owner && ui.has("steer");
  if (steers && !row.querySelector(".choices")) row.append(choices(room, member, list, ui));
  const manage = row.querySelector(".choices");
  if (!manage) return;
  manage.hidden = !steers;
  manage.querySelector("[data-role=make-reader]").hidden = member.role === "reader";
  manage.querySelector("[data-role=make-member]").hidden = member.role === "member";
}

/** A dot to look at, and a word to listen to. */
function showPresence(dot, present, ui) {
  dot.hidden = present === undefined;
  if (dot.hidden) return;
  dot.classList.toggle("away", !present);
  const words = ui.t(present ? "panel.here" : "panel.away");
  dot.title = words;
  dot.firstElementChild.textContent = words;
}

const ASSIGN = { owner: "ask.owner-button", reader: "panel.only-read", member: "ask.member-button" };

function askToAssign(room, { id, name }, role, list, ui) {
  confirmFirst(ui, {
    title: ui.t(`ask.${role}`),
    body: ui.t(`ask.${role}-body`, { who: name }),
    confirmLabel: ui.t(ASSIGN[role]),
    after: list,
    action: () => room.assign(id, role),
  });
}

function askToLeave(room, ui) {
  confirmFirst(ui, {
    title: ui.t("ask.leave"),
    body: ui.t("ask.leave-body"),
    confirmLabel: ui.t("panel.leave"),
    cancelLabel: ui.t("ask.stay"),
    action: () => room.leave(),
  });
}

function askToDestroy(room, ui) {
  confirmFirst(ui, {
    title: ui.t("ask.destroy"),
    body: ui.t("ask.destroy-body"),
    confirmLabel: ui.t("ask.destroy-button"),
    cancelLabel: ui.t("ask.keep"),
    action: () => room.destroy(),
  });
}

const AFTERWARDS = ["lock", "passcode", "open"];
// The link is renewed with each removal, and a passcode can't be changed.
const AFTERWARDS_SEALED = ["renew", "lock"];
const AFTERWARDS_HOOKS = { renew: "renew-link", lock: "lock-too", passcode: "passcode-too", open: "leave-open" };

/** A removal sticks only where the link alone lets nobody in, so both are asked for at once. */
function askToFree(room, member, list, ui) {
  const field = passcodeField(ui, { label: ui.t("passcode.new"), hint: ui.t("ask.tell-passcode") });
  field.element.hidden = true;
  const offered = (room.encrypted ? AFTERWARDS_SEALED : AFTERWARDS).filter((what) => what !== "passcode" || (EphemeralChat.passcodesWork && ui.has("passcode")));
  const choices = el(
    "fieldset",
    { class: "afterwards", on: { change: () => (field.element.hidden = chosen() !== "passcode") } },
    el("legend", { text: ui.t("ask.afterwards") }),
    ...offered.map((what, i) => radio(what, AFTERWARDS_HOOKS[what], i === 0, ui)),
    field.element,
  );
  const chosen = () => choices.querySelector(":checked").value;
  confirmFirst(ui, {
    title: ui.t("ask.remove"),
    body: ui.t(room.locked ? "ask.remove-locked" : "ask.remove-body", { who: member.name }),
    more: room.locked ? null : choices,
    confirmLabel: ui.t("panel.remove"),
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

function radio(value, hook, checked, ui) {
  const input = el("input", { type: "radio", name: "afterwards", value, hook, checked });
  return el("label", { class: "check" }, input, ui.t(`ask.${hook}`));
}
