import { button, el } from "../dom.js";
import { linkified } from "../linkify.js";
import { explain } from "../wording.js";

const HUES = 8;
const clockTime = new Intl.DateTimeFormat("en", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const fullTime = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "medium" });

export function messageNode({ id, sender, text, sentAt }, own) {
  return el(
    "div",
    {
      class: own ? "message own" : `message ${hue(sender.id)}`,
      hook: "message",
      "data-own": String(own),
      "data-id": id,
      "data-group": `${sender.id} ${minuteOf(sentAt)}`,
    },
    heading(own ? "You" : sender.name, sentAt),
    body(text),
  );
}

export function noticeNode(type, { participant, at }, me) {
  const who = participant.id === me ? "You" : participant.name;
  return el(
    "div",
    { class: "notice", hook: "notice", title: fullTime.format(at) },
    el("bdi", { text: who }),
    ` ${type === "joined" ? "joined" : "left"}`,
  );
}

export function ownPendingNode({ id, text, writtenAt }, { retry, discard }) {
  return el(
    "div",
    { class: "message own", hook: "message", "data-own": "true", "data-id": id },
    heading("You", writtenAt),
    body(text),
    el(
      "div",
      { class: "delivery" },
      el("span", { class: "delivery-text", role: "status" }),
      el(
        "span",
        { class: "delivery-choices" },
        button("Retry", { class: "link-button", hook: "message-retry", on: { click: retry } }),
        button("Discard", { class: "link-button", hook: "message-discard", on: { click: discard } }),
      ),
    ),
  );
}

export function showPendingState(node, { state, error }) {
  node.dataset.state = state;
  // An attempt after a failure keeps the choices where they are: buttons that come and go can't be hit.
  const troubled = state !== "sending" || error !== null;
  node.querySelectorAll("button").forEach((each) => (each.hidden = !troubled));
  const words = state === "failed" ? `Not sent. ${explain(error)}` : troubled ? "Not sent yet. Trying again." : "Sending…";
  const status = node.querySelector(".delivery-text");
  if (status.textContent !== words) status.textContent = words;
}

function heading(name, sentAt) {
  const time = new Date(sentAt);
  return el(
    "div",
    { class: "message-head" },
    el("bdi", { class: "message-name", text: name }),
    el("time", { datetime: time.toISOString(), title: fullTime.format(time), text: clockTime.format(time) }),
  );
}

function body(text) {
  return el("div", { class: "message-text", hook: "message-text", dir: "auto" }, ...linkified(text));
}

function minuteOf(sentAt) {
  return Math.floor(sentAt / 60_000);
}

/** One of a few colours by the participant's id: two people of the same name can be told apart. */
export function hue(participantId) {
  let hash = 7;
  for (const unit of participantId) hash = (hash * 31 + unit.codePointAt(0)) >>> 0;
  return `hue-${hash % HUES}`;
}
