import { codeText } from "./code-text.js";
import { formatLeft, endOf, soonAt } from "./countdown.js";
import { copyButton } from "./copy-button.js";
import { button, el, icon } from "./dom.js";
import { qrButton } from "./qr.js";
import { sealBadge } from "./seal.js";

const URGENT_MS = 60_000;
const HOUR_MS = 3_600_000;

/** Above the conversation: which room, how long it still lives, and whether the page is connected. */
export function roomBar(room, ui, { togglePanel }) {
  const countdown = el("span", { class: "countdown", part: "countdown", hook: "countdown", role: "timer", "aria-label": ui.t("room.time-left") });
  // What is wrong with the connection is said once, by the strip below.
  const status = el("span", { class: "connection", hook: "connection-status" });
  const people = el("span", { "aria-hidden": "true", hook: "member-count" });
  const peopleLabel = el("span", { class: "visually-hidden" });
  const panelToggle = button(
    "",
    { class: "icon-button panel-toggle", hook: "panel-toggle", "aria-controls": "panel", "aria-expanded": "false", on: { click: togglePanel } },
    icon("people"),
    people,
    peopleLabel,
  );
  const title = el("bdi", { class: "room-title", hook: "room-title", hidden: true });
  const locked = el("span", { class: "badge", hook: "locked-badge", hidden: true, text: ui.t("room.locked") });
  const burning = el("div", { class: "fuse", "aria-hidden": "true" }, el("div", { class: "fuse-left" }));
  const code = ui.has("code")
    ? [el("h1", { hook: "room-code", tabindex: -1, "aria-label": ui.t("room.name", { code: room.code }) }, codeText(room.code)), sealBadge(room, ui), title, locked, el("div", { class: "copies" }, ...copyButtons(room, ui))]
    : [sealBadge(room, ui), title, locked];
  const element = el(
    "header",
    { class: "room-bar", part: "bar" },
    burning,
    el("div", { class: "room-id" }, ...code),
    status,
    el("div", { class: "time-left" }, countdown, el("span", { class: "time-label", "aria-hidden": "true", text: ui.t("room.left") })),
    panelToggle,
  );
  return {
    element,
    panelToggle,
    showConnection(state) {
      status.dataset.state = state;
      status.textContent = ui.t(`state.${state}`);
    },
    showMembers(count) {
      people.textContent = count;
      peopleLabel.textContent = ui.t("room.members-show", { count });
    },
    /** Title and lock. */
    showState() {
      title.textContent = room.properties.title ?? "";
      title.hidden = title.textContent === "";
      locked.hidden = !room.locked;
    },
    showLeft(ms) {
      countdown.textContent = formatLeft(ms);
      countdown.dataset.seconds = Math.max(0, Math.ceil(ms / 1000));
      element.classList.toggle("urgent", ms <= URGENT_MS);
      element.classList.toggle("long", ms > HOUR_MS);
      burning.style.setProperty("--_left", String(Math.min(1, Math.max(0, ms / (room.expiresAt - room.createdAt)))));
    },
  };
}

/** A code alone opens no encrypted room. */
function copyButtons(room, ui) {
  const invitation = () => ui.invitation(room);
  const buttons = [];
  if (!room.encrypted) buttons.push(copyButton(ui, ui.t("room.copy-code"), "copy", "copy-code", () => room.code));
  if (ui.hasLinks) buttons.push(copyButton(ui, ui.t("room.copy-link"), "link", "copy-link", invitation));
  else if (room.encrypted) buttons.push(copyButton(ui, ui.t("room.copy-key"), "link", "copy-link", invitation));
  if (navigator.share && (ui.hasLinks || !room.encrypted)) buttons.push(shareButton(room, ui));
  if (ui.hasLinks) buttons.push(qrButton(room, ui, "tool"));
  return buttons;
}

/** Whoever gets it is told how long there is time. */
function shareButton(room, ui) {
  const share = button(ui.t("room.share"), { class: "tool", hook: "share" }, icon("share"));
  const what = () => ({
    text: ui.t("room.share-text", { code: room.code, time: soonAt(endOf(room), ui.words) }),
    ...(ui.hasLinks && { url: ui.invitation(room) }),
  });
  // Closing the share sheet rejects; there is nothing to say about it.
  share.addEventListener("click", () => navigator.share(what()).catch(() => {}));
  return share;
}

/** What those inside tell others: how many seats are free, and until when. */
export function shareFacts(room, ui) {
  const free = room.maxParticipants - room.participants.length;
  const seats = free > 0 ? ui.t("room.free-seats", { count: free }) : ui.t("room.no-seats");
  return ui.t("room.share-facts", { seats, time: soonAt(endOf(room), ui.words) });
}
