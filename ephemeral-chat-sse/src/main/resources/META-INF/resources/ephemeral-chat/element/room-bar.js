import { codeText } from "./code-text.js";
import { formatLeft, endOf, soonAt } from "./countdown.js";
import { copy } from "./clipboard.js";
import { button, el, icon } from "./dom.js";

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
    ? [el("h1", { hook: "room-code", tabindex: -1, "aria-label": ui.t("room.name", { code: room.code }) }, codeText(room.code)), title, locked, el("div", { class: "copies" }, ...copyButtons(room, ui))]
    : [title, locked];
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
      burning.style.setProperty("--left", String(Math.min(1, Math.max(0, ms / (room.expiresAt - room.createdAt)))));
    },
  };
}

function copyButtons(room, ui) {
  const { code } = room;
  const link = ui.link(code);
  const buttons = [copyButton(ui, ui.t("room.copy-code"), "copy", "copy-code", code)];
  if (link !== null) buttons.push(copyButton(ui, ui.t("room.copy-link"), "link", "copy-link", link));
  if (navigator.share) buttons.push(shareButton(room, ui, link));
  return buttons;
}

/** Whoever gets it is told how long there is time. */
function shareButton(room, ui, link) {
  const share = button(ui.t("room.share"), { class: "tool", hook: "share" }, icon("share"));
  const what = () => ({ text: ui.t("room.share-text", { code: room.code, time: soonAt(endOf(room), ui.words) }), ...(link && { url: link }) });
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

export function copyButton(ui, label, iconName, hook, text, style = "tool") {
  const one = button(label, { class: style, part: style === "tool" ? null : "button", hook }, icon(iconName));
  const words = one.querySelector("span");
  let timer;
  one.addEventListener("click", async () => {
    const copied = await copy(text, ui);
    one.classList.toggle("done", copied);
    one.classList.toggle("failed", !copied);
    one.firstElementChild.replaceWith(icon(copied ? "check" : iconName));
    words.textContent = ui.t(copied ? "room.copied" : "room.not-copied");
    ui.say(copied ? ui.t("room.copied-what", { what: label }) : ui.t("room.not-copied-what", { text }));
    clearTimeout(timer);
    timer = setTimeout(() => {
      words.textContent = label;
      one.firstElementChild.replaceWith(icon(iconName));
      one.classList.remove("done", "failed");
    }, 2_000);
  });
  return one;
}
