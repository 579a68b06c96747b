import { button, el } from "../dom.js";
import { findRoomCode } from "../room-code.js";
import { wholeNumber } from "../text.js";
import { themeToggle } from "../theme.js";
import { brand } from "./brand.js";
import { nameField } from "./name-field.js";
import { passcodeField } from "./passcode-field.js";
import { submitting } from "./submit.js";
import { ttlField } from "./ttl-field.js";

/** The front page: a name, a new room, or the way into one that exists. */
export function lobbyView({ joinCode, create, join }) {
  const name = nameField();
  return el(
    "main",
    { class: "lobby", hook: "lobby-view" },
    el("div", { class: "topline" }, brand(), themeToggle()),
    el(
      "div",
      { class: "pitch" },
      el("h1", {}, "Talk now.", el("br"), el("span", { class: "fading", text: "Gone later." })),
      el("p", {
        class: "lead",
        text: "A room for a few minutes or for a day. Share its code, talk under a made-up name, and when the time is up the server keeps nothing of it.",
      }),
      el("p", { class: "hint", text: "What people copy from their screens, no server can take back." }),
    ),
    el("section", { class: "card who", "aria-label": "Your name" }, name.element),
    el("div", { class: "desk" }, joinForm(name, join, joinCode), createForm(name, create)),
  );
}

function createForm(name, create) {
  const ttl = ttlField();
  const capacity = el("input", {
    id: "capacity",
    hook: "capacity-input",
    type: "number",
    inputmode: "numeric",
    min: 2,
    max: 1000,
    value: 10,
    "aria-describedby": "capacity-problem",
  });
  const problem = el("p", { id: "capacity-problem", class: "problem", role: "alert" });
  const passcode = passcodeField({
    label: "Passcode",
    hint: "Whoever comes in has to know it. The server never gets it, only a proof made of it.",
    placeholder: "none",
    optional: true,
  });
  const submit = el("button", { type: "submit", class: "button primary", hook: "create-room" }, el("span", { text: "Create room" }));
  const form = el(
    "form",
    { class: "card", "aria-labelledby": "create-title" },
    el("h2", { id: "create-title", text: "Open a new room" }),
    ttl.element,
    el(
      "div",
      { class: "field inline" },
      el("label", { for: "capacity", text: "Seats, yours included" }),
      el("div", { class: "stepper" }, step(capacity, -1), capacity, step(capacity, 1)),
      problem,
    ),
    passcode.element,
    submit,
  );
  return submitting(form, submit, async () => {
    const seats = wholeNumber(capacity.value, 2, 1000);
    problem.textContent = seats === null ? "Seats: a whole number from 2 to 1000." : "";
    capacity.setAttribute("aria-invalid", String(seats === null));
    if (seats === null) capacity.focus();
    const minutes = ttl.value();
    const who = name.value();
    const secret = passcode.value();
    if (seats === null || minutes === null || who === null || secret === null) return;
    await create({ ttlMinutes: minutes, maxParticipants: seats, name: who, passcode: secret });
  });
}

function step(input, by) {
  const one = button(by < 0 ? "−" : "+", { class: "button", "aria-label": by < 0 ? "One seat less" : "One seat more" });
  one.addEventListener("click", () => {
    const next = (Number.parseInt(input.value, 10) || 0) + by;
    input.value = Math.min(1000, Math.max(2, next));
  });
  return one;
}

function joinForm(name, join, joinCode) {
  const input = el("input", {
    id: "join-code",
    hook: "join-code-input",
    class: "code-input",
    type: "text",
    autocomplete: "off",
    autocapitalize: "off",
    autocorrect: "off",
    spellcheck: "false",
    placeholder: "k3J9xQ2b",
    "aria-describedby": "join-problem",
  });
  input.value = joinCode;
  const problem = el("p", { id: "join-problem", class: "problem", role: "alert" });
  const submit = el("button", { type: "submit", class: "button", hook: "join-room" }, el("span", { text: "Join" }));
  const form = el(
    "form",
    { class: "card", "aria-labelledby": "join-title" },
    el("h2", { id: "join-title", text: "Join a room" }),
    el(
      "div",
      { class: "field" },
      el("label", { for: "join-code", text: "Code or link" }),
      el("div", { class: "with-button" }, input, submit),
      problem,
    ),
  );
  return submitting(form, submit, async () => {
    const code = findRoomCode(input.value);
    problem.textContent =
      code === null ? "A code has 8 letters and digits (never 0, O, I or l). A link to a room works too." : "";
    input.setAttribute("aria-invalid", String(code === null));
    if (code === null) input.focus();
    const who = code === null ? null : name.value();
    if (who !== null) await join(code, who);
  });
}
