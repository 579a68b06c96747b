import { spellDuration } from "./countdown.js";
import { button, el, icon } from "./dom.js";

const LIVES_S = [30, 300, 3_600];

/** What stands in place of a text that is not there: why it is gone, or the way to it. Null where the text is there. */
export function withoutText({ forgotten, unreadable, claims, text, sequence }, own, ui, { onClaim }) {
  if (forgotten !== undefined) return gone(forgotten, ui);
  if (unreadable) return el("p", { class: "gone unreadable", hook: "unreadable" }, icon("warning"), el("span", { text: ui.t("messages.unreadable") }));
  if (claims === undefined || text !== undefined) return null;
  if (own) return el("p", { class: "gone", hook: "claims-left", text: ui.t("messages.claims-own", { count: claims.left }) });
  return button(ui.t("messages.claim", { count: claims.left }), { class: "button claim", part: "button", hook: "claim", on: { click: () => onClaim(sequence) } });
}

export function gone(reason, ui) {
  return el("p", { class: "gone", hook: "gone", text: ui.t(`messages.gone-${reason}`) });
}

/** Beside a message: shown to whom it obeys, as the style sheet says. */
export function deleteButton(sequence, ui, { onDelete }) {
  return button("", { class: "delete", hook: "delete-message", "aria-label": ui.t("messages.delete"), on: { click: () => onDelete(sequence) } }, icon("close"));
}

/** When a message goes by itself. */
export function until({ expiresAt }, ui) {
  return expiresAt === undefined ? null : el("span", { class: "until", hook: "until", text: ui.t("messages.until", { time: ui.words.clock(expiresAt) }) });
}

/** How long messages stay: all of a new room, or the next one; at first `chosen` seconds, where that is given. */
export function lifeSelect(ui, { id, hook, usual, chosen }) {
  const lives = chosen === undefined || LIVES_S.includes(chosen) ? LIVES_S : [...LIVES_S, chosen].sort((a, b) => a - b);
  const options = lives.map((seconds) =>
    el("option", { value: seconds, selected: seconds === chosen, text: spellDuration(seconds * 1_000, ui.words) }),
  );
  return el("select", { id, hook, part: "input" }, el("option", { value: "", text: ui.t(usual) }), ...options);
}

export function secondsOf(select) {
  return select.value === "" ? undefined : Number(select.value);
}

/** The life of the next message, behind a button of the composer. */
export function nextLife(ui) {
  const ttl = lifeSelect(ui, { id: "message-ttl", hook: "message-ttl", usual: "life.usual" });
  const once = el("input", { id: "message-once", type: "checkbox", hook: "message-once" });
  const readers = el("input", { id: "message-readers", type: "number", inputmode: "numeric", part: "input", hook: "message-readers", min: 1, max: 1000, value: 1, disabled: true });
  const opener = el("summary", { class: "tool", hook: "message-life", "aria-label": ui.t("life.message") }, icon("clock"));
  const element = el(
    "details",
    { class: "life" },
    opener,
    el(
      "div",
      { class: "life-choices" },
      el("label", { for: "message-ttl", text: ui.t("life.stays") }),
      ttl,
      el("label", { class: "check" }, once, el("span", { text: ui.t("life.once") })),
      el("label", { for: "message-readers", text: ui.t("life.readers") }),
      readers,
    ),
  );
  const update = () => {
    readers.disabled = !once.checked;
    opener.classList.toggle("done", once.checked || ttl.value !== "");
  };
  element.addEventListener("change", update);
  element.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget !== null && !element.contains(relatedTarget)) element.open = false;
  });
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !element.open) return;
    event.stopPropagation();
    element.open = false;
    opener.focus();
  });
  return {
    element,
    /** Takes the choice: who may read is asked anew for each message. */
    take() {
      const claims = once.checked ? Math.min(1000, Math.max(1, Math.trunc(Number(readers.value)) || 1)) : undefined;
      once.checked = false;
      element.open = false;
      update();
      return { ttlSeconds: secondsOf(ttl), claims };
    },
  };
}
