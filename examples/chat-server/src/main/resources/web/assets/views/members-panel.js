import { confirmFirst } from "../dialogs.js";
import { button, el, icon } from "../dom.js";
import { themeToggle } from "../theme.js";
import { hue } from "./message-nodes.js";

/** Who has a seat, and the ways out: leave, or destroy the room for everyone. */
export function membersPanel(room, { close }) {
  const rows = new Map();
  const count = el("span", { class: "seats", hook: "seats" });
  const list = el("ul", { class: "members", hook: "members", "aria-label": "Members" });
  const closeButton = button("", { class: "icon-button panel-close", "aria-label": "Close", on: { click: close } }, icon("close"));
  const element = el(
    "aside",
    { class: "panel", id: "panel", "aria-label": "Members and room" },
    el("div", { class: "panel-head" }, el("h2", { text: "Members" }), count, closeButton),
    list,
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
    const members = room.participants;
    count.textContent = `${members.length} of ${room.maxParticipants} seats`;
    const present = new Set(members.map((each) => each.id));
    for (const [id, row] of rows) {
      if (present.has(id)) continue;
      row.remove();
      rows.delete(id);
    }
    for (const member of members) {
      if (!rows.has(member.id)) {
        rows.set(member.id, memberRow(room, member));
        list.append(rows.get(member.id));
      }
      showRow(rows.get(member.id), member, room);
    }
  }
  return { element, update, focus: () => closeButton.focus() };
}

function memberRow(room, member) {
  const me = member.id === room.me.id;
  return el(
    "li",
    { class: `member ${hue(member.id)}`, hook: "member", "data-me": String(me) },
    el("span", { class: "dot", "aria-hidden": "true" }),
    el("bdi", { class: "member-name", text: member.name }),
    me ? el("span", { class: "badge you", text: "you" }) : null,
    el("span", { class: "badge owner", text: "owner", hidden: true }),
    me
      ? null
      : button("Remove", {
          class: "link-button",
          hook: "free-seat",
          "aria-label": `Free the seat of ${member.name}`,
          hidden: true,
          on: { click: () => askToFree(room, member) },
        }),
  );
}

function showRow(row, member, room) {
  row.dataset.owner = String(member.owner);
  row.querySelector(".owner").hidden = !member.owner;
  const free = row.querySelector("[data-role=free-seat]");
  if (free) free.hidden = !room.me.owner;
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

function askToFree(room, member) {
  confirmFirst({
    title: "Free this seat?",
    body: `${member.name} is put out of the room. Somebody who has the link can take the seat again.`,
    confirmLabel: "Free the seat",
    action: () => room.remove(member.id),
  });
}
