import { copy } from "../clipboard.js";
import { formatLeft } from "../countdown.js";
import { button, el, icon, say } from "../dom.js";
import { roomLink } from "../room-code.js";
import { codeText } from "./code-text.js";

const URGENT_MS = 60_000;
const HOUR_MS = 3_600_000;

/** Above the conversation: which room, how long it still lives, and whether the page is connected. */
export function roomBar(room, { togglePanel }) {
  const countdown = el("span", { class: "countdown", hook: "countdown", role: "timer", "aria-label": "Time left" });
  const status = el("span", { class: "connection", hook: "connection-status", role: "status" });
  const people = el("span", { hook: "member-count" });
  const panelToggle = button(
    "",
    { class: "icon-button panel-toggle", hook: "panel-toggle", "aria-controls": "panel", "aria-expanded": "false", on: { click: togglePanel } },
    icon("people"),
    people,
    el("span", { class: "visually-hidden", text: "members; show" }),
  );
  const title = el("bdi", { class: "room-title", hook: "room-title", hidden: true });
  const locked = el("span", { class: "badge", hook: "locked-badge", hidden: true, text: "locked" });
  const burning = el("div", { class: "fuse", "aria-hidden": "true" }, el("div", { class: "fuse-left" }));
  const element = el(
    "header",
    { class: "room-bar" },
    burning,
    el(
      "div",
      { class: "room-id" },
      el("h1", { hook: "room-code", "aria-label": `Room ${room.code}` }, codeText(room.code)),
      title,
      locked,
      el("div", { class: "copies" }, ...copyButtons(room.code)),
    ),
    status,
    el("div", { class: "time-left" }, countdown, el("span", { class: "time-label", "aria-hidden": "true", text: "left" })),
    panelToggle,
  );
  return {
    element,
    panelToggle,
    showConnection(state) {
      status.dataset.state = state;
      status.textContent = { live: "Live", connecting: "Connecting", offline: "Offline", replaced: "Paused" }[state];
    },
    showMembers(count) {
      people.textContent = count;
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

export function copyButtons(code) {
  const link = roomLink(code);
  const buttons = [
    copyButton("Copy code", "copy", "copy-code", code),
    copyButton("Copy link", "link", "copy-link", link),
  ];
  if (navigator.share) {
    const share = button("Share", { class: "tool", hook: "share" }, icon("share"));
    // Closing the share sheet rejects; there is nothing to say about it.
    share.addEventListener("click", () => navigator.share({ title: "Ephemeral chat", url: link }).catch(() => {}));
    buttons.push(share);
  }
  return buttons;
}

export function copyButton(label, iconName, hook, text, style = "tool") {
  const one = button(label, { class: style, hook }, icon(iconName));
  const words = one.querySelector("span");
  let timer;
  one.addEventListener("click", async () => {
    const copied = await copy(text);
    one.classList.toggle("done", copied);
    one.classList.toggle("failed", !copied);
    one.firstElementChild.replaceWith(icon(copied ? "check" : iconName));
    words.textContent = copied ? "Copied" : "Can’t copy";
    say(copied ? `${label}: copied` : `The browser did not allow copying. The text is ${text}`);
    clearTimeout(timer);
    timer = setTimeout(() => {
      words.textContent = label;
      one.firstElementChild.replaceWith(icon(iconName));
      one.classList.remove("done", "failed");
    }, 2_000);
  });
  return one;
}
