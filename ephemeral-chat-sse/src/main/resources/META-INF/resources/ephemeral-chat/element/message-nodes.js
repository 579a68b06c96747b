import { markOf } from "../ephemeral-chat.js";
import { button, el, icon } from "./dom.js";
import { linkified } from "./linkify.js";
import { deleteButton, until, withoutText } from "./message-life.js";
import { explain } from "./wording.js";

const LONG = 1_500;
const LONG_LINES = 25;

/** One line of the conversation; what separates it from the one before stands at its top. */
export function row(bubble, at) {
  return { element: el("div", { class: "row", role: "listitem" }, bubble), bubble, day: at?.toDateString(), at };
}

export function messageNode(entry, own, ui, handlers) {
  const { id, sender, sentAt } = entry;
  return el(
    "div",
    {
      class: own ? "message own" : `message ${hue(sender.id)}`,
      part: own ? "message message-own" : "message",
      hook: "message",
      "data-own": String(own),
      "data-id": id,
      "data-group": `${sender.id} ${minuteOf(sentAt)} ${sender.mixedUp ?? false}`,
    },
    own ? heading(ui.t("messages.you"), sentAt, ui) : heading(sender.name, sentAt, ui, mark(sender.id), sender.mixedUp ? mixedUp(ui) : null),
    content(entry, own, ui, handlers),
    entry.forgotten === undefined ? deleteButton(entry.sequence, ui, handlers) : null,
  );
}

/** The text and when it goes, or what stands in its place. */
export function content(entry, own, ui, handlers) {
  const inPlace = withoutText(entry, own, ui, handlers);
  return el("div", { class: "message-body" }, inPlace ?? body(entry.text, ui), entry.forgotten === undefined ? until(entry, ui) : null);
}

/** Stands beside a name and cannot be chosen: of two people with one name each has their own. */
export function mark(participantId) {
  return el("span", { class: "mark", hook: "mark", "aria-hidden": "true", translate: "no", text: markOf(participantId).letters });
}

/** The server has mixed up who is who: the words or the name may be another one's. */
export function mixedUp(ui) {
  return el("span", { class: "mixed-up", hook: "mixed-up", title: ui.t("seal.mixed-up-why") }, icon("warning"), el("span", { text: ui.t("seal.mixed-up") }));
}

/** What happened: who it is about (nobody if it was the host), which words, and what stands in them. */
const HAPPENED = {
  joined: ({ participant }) => [participant, "joined"],
  left: ({ participant }) => [participant, "left"],
  deadline: ({ by, expiresAt }, { words }) => [by, "deadline", { time: words.clock(expiresAt) }],
  admission: ({ by, locked, proofRequired }) => [by, locked ? "locked" : proofRequired ? "proof" : "opened"],
  renewed: ({ by }) => [by, "renewed"],
  unreadable: ({ property }, ui) => [undefined, "unreadable", { name: nameOf(property, ui) }],
  role: ({ participant }) => [participant, participant.role],
  property: ({ by, name, value }, ui) => [
    by,
    value === undefined ? "removed" : "property",
    { name: nameOf(name, ui), value: el("bdi", { text: value ?? "" }) },
  ],
};

function nameOf(property, ui) {
  return ui.words.has(`property.${property}`) ? ui.t(`property.${property}`) : property;
}

export function noticeNode(type, entry, me, ui) {
  const [who, what, values = {}] = HAPPENED[type](entry, ui);
  const form = who === undefined ? "-host" : who.id === me ? "-you" : "";
  return el(
    "div",
    { class: "notice", part: "notice", hook: "notice", "data-group": "notices", title: entry.at ? ui.words.full(entry.at) : null },
    ...ui.words.nodes(`happened.${what}${form}`, { ...values, who: el("bdi", { text: who?.name ?? "" }) }),
  );
}

/** A text of the host's, who has no seat. Its name is the host's to choose, so a word says who that is. */
export function hostNode(entry, ui, handlers) {
  const { id, sender, sentAt } = entry;
  return el(
    "div",
    { class: "message host", part: "message", hook: "host-notice", "data-id": id },
    heading(sender.name, sentAt, ui, null, el("span", { class: "host-word", text: ui.t("messages.host") })),
    content(entry, false, ui, handlers),
  );
}

export function ownPendingNode({ id, text, writtenAt }, { retry, discard }, ui) {
  const choice = (key, hook, action) => button(ui.t(key), { class: "link-button", hook, on: { click: action } });
  return el(
    "div",
    { class: "message own", part: "message message-own", hook: "message", "data-own": "true", "data-id": id },
    heading(ui.t("messages.you"), writtenAt, ui),
    body(text, ui),
    el(
      "div",
      { class: "delivery" },
      el("span", { class: "delivery-text" }),
      el("span", { class: "delivery-choices" }, choice("messages.retry", "message-retry", retry), choice("messages.discard", "message-discard", discard)),
    ),
  );
}

export function showPendingState(node, { state, error }, ui) {
  node.dataset.state = state;
  // An attempt after a failure keeps the choices where they are: buttons that come and go can't be hit.
  const troubled = state !== "sending" || error !== null;
  node.querySelectorAll(".delivery button").forEach((each) => (each.hidden = !troubled));
  const words =
    state === "failed"
      ? ui.t("messages.failed", { why: explain(error, ui.words) })
      : ui.t(troubled ? "messages.waiting" : "messages.sending");
  const status = node.querySelector(".delivery-text");
  if (status.textContent === words) return;
  status.textContent = words;
  // What goes well is not announced: the message is, once it has its place.
  if (state === "failed") ui.say(words);
}

function heading(name, sentAt, ui, beside = null, remark = null) {
  const time = new Date(sentAt);
  return el(
    "div",
    { class: "message-head" },
    beside,
    el("bdi", { class: "message-name", text: name }),
    remark,
    el("time", { datetime: time.toISOString(), title: ui.words.full(time), text: ui.words.clock(time) }),
  );
}

function body(text, ui) {
  const content = el("div", { class: "message-text", part: "message-text", hook: "message-text", dir: "auto" }, ...linkified(text));
  return isLong(text) ? folded(content, ui) : content;
}

function isLong(text) {
  return text.length > LONG || text.split("\n", LONG_LINES + 1).length > LONG_LINES;
}

/** Its beginning; the rest is one click away. */
function folded(content, ui) {
  content.classList.add("folded");
  const more = button(ui.t("messages.show-all"), { class: "link-button unfold", hook: "unfold", on: { click: () => unfold() } });
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
