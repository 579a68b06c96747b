import { markOf } from "/ephemeral-chat/ephemeral-chat.js";
import { clockTime } from "../countdown.js";
import { button, el, say } from "../dom.js";
import { linkified } from "../linkify.js";
import { explain } from "../wording.js";

const LONG = 1_500;
const LONG_LINES = 25;
const fullTime = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "medium" });

export function messageNode({ id, sender, text, sentAt }, own) {
  return el(
    "div",
    {
      class: own ? "message own" : `message ${hue(sender.id)}`,
      role: "listitem",
      hook: "message",
      "data-own": String(own),
      "data-id": id,
      "data-group": `${sender.id} ${minuteOf(sentAt)}`,
    },
    own ? heading("You", sentAt) : heading(sender.name, sentAt, mark(sender.id)),
    body(text),
  );
}

/** Stands beside a name and cannot be chosen: of two people with one name each has their own. */
export function mark(participantId) {
  return el("span", { class: "mark", hook: "mark", "aria-hidden": "true", translate: "no", text: markOf(participantId).letters });
}

const ROLES = { owner: "the owner", member: "a member", reader: "a reader" };

/** What happened: who it is about (nobody if it was the host), what, and what somebody wrote for it. */
const HAPPENED = {
  joined: ({ participant }) => [participant, "joined"],
  left: ({ participant }) => [participant, "left"],
  deadline: ({ by, expiresAt }) => [by, `moved the end to ${clockTime(expiresAt)}`],
  admission: ({ by, locked, proofRequired }) => [by, locked ? "locked the room" : proofRequired ? "opened the room to whoever knows the passcode" : "opened the room"],
  role: ({ participant }) => [participant, `became ${ROLES[participant.role]}`],
  property: ({ by, name, value }) => [by, value === undefined ? `removed the ${name}` : `set the ${name} to `, value],
};

export function noticeNode(type, entry, me) {
  const [who, what, quoted] = HAPPENED[type](entry);
  const name = who === undefined ? "The host" : who.id === me ? "You" : who.name;
  return el(
    "div",
    { class: "notice", role: "listitem", hook: "notice", title: entry.at ? fullTime.format(entry.at) : null },
    el("bdi", { text: name }),
    ` ${what}`,
    quoted === undefined ? null : el("bdi", { text: quoted }),
  );
}

/** A text of the host's, who has no seat. */
export function hostNode({ id, sender, text, sentAt }) {
  return el("div", { class: "message host", role: "listitem", hook: "host-notice", "data-id": id }, heading(sender.name, sentAt), body(text));
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
      el("span", { class: "delivery-text" }),
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
  if (status.textContent === words) return;
  status.textContent = words;
  // What goes well is not announced: the message is, once it has its place.
  if (state === "failed") say(words);
}

function heading(name, sentAt, beside = null) {
  const time = new Date(sentAt);
  return el(
    "div",
    { class: "message-head" },
    beside,
    el("bdi", { class: "message-name", text: name }),
    el("time", { datetime: time.toISOString(), title: fullTime.format(time), text: clockTime(time) }),
  );
}

function body(text) {
  const content = el("div", { class: "message-text", hook: "message-text", dir: "auto" }, ...linkified(text));
  return isLong(text) ? folded(content) : content;
}

function isLong(text) {
  return text.length > LONG || text.split("\n", LONG_LINES + 1).length > LONG_LINES;
}

/** Its beginning; the rest is one click away. */
function folded(content) {
  content.classList.add("folded");
  const more = button("Show all", { class: "link-button unfold", hook: "unfold", on: { click: () => unfold() } });
  const whole = el("div", {}, content, more);
  const unfold = () => {
    content.classList.remove("folded");
    content.tabIndex = -1;
    content.focus();
    more.remove();
  };
  return whole;
}

function minuteOf(sentAt) {
  return Math.floor(sentAt / 60_000);
}

/** One of a few colours by the participant's id. */
export function hue(participantId) {
  return `hue-${markOf(participantId).color}`;
}
