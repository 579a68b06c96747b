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

const ROLES = { owner: "the owner", member: "a member", reader: "a reader" };

/** What happened: who it is about (nobody if it was the host), what, and what somebody wrote for it. */
const HAPPENED = {
  joined: ({ participant }) => [participant, "joined"],
  left: ({ participant }) => [participant, "left"],
  deadline: ({ by, expiresAt }) => [by, `moved the end to ${clockTime.format(expiresAt)}`],
  admission: ({ by, locked, proofRequired }) => [by, locked ? "locked the room" : proofRequired ? "opened the room to whoever brings the proof" : "opened the room"],
  role: ({ participant }) => [participant, `became ${ROLES[participant.role]}`],
  property: ({ by, name, value }) => [by, value === undefined ? `removed the ${name}` : `set the ${name} to `, value],
};

export function noticeNode(type, entry, me) {
  const [who, what, quoted] = HAPPENED[type](entry);
  const name = who === undefined ? "The host" : who.id === me ? "You" : who.name;
  return el(
    "div",
    { class: "notice", hook: "notice", title: entry.at ? fullTime.format(entry.at) : null },
    el("bdi", { text: name }),
    ` ${what}`,
    quoted === undefined ? null : el("bdi", { text: quoted }),
  );
}

/** A text of the host's, who has no seat. */
export function hostNode({ id, sender, text, sentAt }) {
  return el("div", { class: "message host", hook: "host-notice", "data-id": id }, heading(sender.name, sentAt), body(text));
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
