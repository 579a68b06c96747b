import { button, el } from "./dom.js";
import { findInvitation } from "./invitation.js";
import { lifeSelect, secondsOf } from "./message-life.js";
import { nameField } from "./name-field.js";
import { passcodeField } from "./passcode-field.js";
import { sealField } from "./seal.js";
import { submitting } from "./submit.js";
import { wholeNumber } from "./text.js";
import { topline } from "./topline.js";
import { ttlField } from "./ttl-field.js";

const SEATS = 10;

/**
 * The front page: a name, a new room, or the way into one that exists.
 *
 * @param joinCode what stands in the field for a code
 * @param like what a new room is to be like: what EphemeralChat.create takes, without a passcode; or null
 */
export function lobbyView(ui, { joinCode, like, create, join }) {
  const name = nameField(ui, like?.name);
  const forms = [
    ui.has("join") ? joinForm(ui, name, join, joinCode) : null,
    ui.has("create") ? createForm(ui, name, create, like) : null,
  ].filter((form) => form !== null);
  return el(
    "main",
    { class: "lobby", part: "lobby", hook: "lobby-view" },
    topline(),
    el(
      "slot",
      { name: "intro" },
      el(
        "div",
        { class: "pitch" },
        el("h1", { tabindex: -1 }, ui.t("lobby.title"), el("br"), el("span", { class: "fading", text: ui.t("lobby.fading") })),
        el("p", { class: "lead", text: ui.t("lobby.lead") }),
        el("p", { class: "hint", text: ui.t("lobby.hint") }),
      ),
    ),
    name.element === null || forms.length === 0 ? null : el("section", { class: "card who", part: "card", "aria-label": ui.t("lobby.who") }, name.element),
    el("div", { class: "desk" }, ...forms),
  );
}

function createForm(ui, name, create, like) {
  const ttl = ttlField(ui, { minutes: like?.ttlMinutes });
  const capacity = el("input", {
    id: "capacity",
    part: "input",
    hook: "capacity-input",
    type: "number",
    inputmode: "numeric",
    min: 2,
    max: 1000,
    value: like?.maxParticipants ?? SEATS,
    "aria-describedby": "capacity-problem",
  });
  const problem = el("p", { id: "capacity-problem", class: "problem", role: "alert" });
  const passcode = ui.has("passcode")
    ? passcodeField(ui, { label: ui.t("passcode.label"), hint: ui.t("passcode.create-hint"), placeholder: ui.t("passcode.none"), optional: true })
    : { element: null, value: () => undefined, explain() {} };
  const seal = sealField(ui, {
    plain: like?.encrypted === false,
    changed: (isEncrypted) => passcode.explain(ui.t(isEncrypted ? "passcode.sealed-hint" : "passcode.create-hint")),
  });
  const life = lifeSelect(ui, { id: "messages-stay", hook: "messages-stay", usual: "life.room", chosen: like?.messageTtlSeconds });
  const submit = el("button", { type: "submit", class: "button primary", part: "button button-primary", hook: "create-room" }, el("span", { text: ui.t("lobby.create-button") }));
  const form = el(
    "form",
    { class: "card", part: "card", "aria-labelledby": "create-title" },
    el("h2", { id: "create-title", text: ui.t("lobby.create") }),
    ttl.element,
    el(
      "div",
      { class: "field inline" },
      el("label", { for: "capacity", text: ui.t("lobby.seats") }),
      el("div", { class: "stepper" }, step(ui, capacity, -1), capacity, step(ui, capacity, 1)),
      problem,
    ),
    ui.has("forget") ? el("div", { class: "field inline" }, el("label", { for: "messages-stay", text: ui.t("life.label") }), life) : null,
    passcode.element,
    seal.element,
    submit,
  );
  return submitting(ui, form, submit, async () => {
    const seats = wholeNumber(capacity.value, 2, 1000);
    problem.textContent = seats === null ? ui.t("lobby.seats-problem") : "";
    capacity.setAttribute("aria-invalid", String(seats === null));
    if (seats === null) capacity.focus();
    const minutes = ttl.value();
    const who = name.value();
    const secret = passcode.value();
    if (seats === null || minutes === null || who === null || secret === null) return;
    const chosen = { ttlMinutes: minutes, maxParticipants: seats, name: who, messageTtlSeconds: secondsOf(life), passcode: secret, encrypted: seal.value() };
    await create({ ...unasked(like, chosen), ...chosen });
  });
}

/** What no field asks for. The properties of an encrypted room are not for a server that can read them. */
function unasked(like, { encrypted }) {
  const { ownerOnlyDestroy, properties, encrypted: before } = like ?? {};
  return { ownerOnlyDestroy, ...(before === encrypted && { properties }) };
}

function step(ui, input, by) {
  const one = button(by < 0 ? "−" : "+", { class: "button", part: "button", "aria-label": ui.t(by < 0 ? "lobby.seat-less" : "lobby.seat-more") });
  one.addEventListener("click", () => {
    const next = (Number.parseInt(input.value, 10) || 0) + by;
    input.value = Math.min(1000, Math.max(2, next));
  });
  return one;
}

function joinForm(ui, name, join, joinCode) {
  const input = el("input", {
    id: "join-code",
    part: "input",
    hook: "join-code-input",
    class: "code-input",
    type: "text",
    autocomplete: "off",
    autocapitalize: "off",
    autocorrect: "off",
    spellcheck: "false",
    dir: "ltr",
    placeholder: "k3J9xQ2b",
    "aria-describedby": "join-problem",
  });
  input.value = joinCode;
  const problem = el("p", { id: "join-problem", class: "problem", role: "alert" });
  const submit = el("button", { type: "submit", class: "button", part: "button", hook: "join-room" }, el("span", { text: ui.t("lobby.join-button") }));
  const form = el(
    "form",
    { class: "card", part: "card", "aria-labelledby": "join-title" },
    el("h2", { id: "join-title", text: ui.t("lobby.join") }),
    el(
      "div",
      { class: "field" },
      el("label", { for: "join-code", text: ui.t("lobby.code") }),
      el("div", { class: "with-button" }, input, submit),
      problem,
    ),
  );
  return submitting(ui, form, submit, async () => {
    const { code, key } = findInvitation(input.value);
    problem.textContent = code === null ? ui.t("lobby.code-problem") : "";
    input.setAttribute("aria-invalid", String(code === null));
    if (code === null) input.focus();
    const who = code === null ? null : name.value();
    if (who !== null) await join(code, { name: who, key });
  });
}
