import { button, el } from "../dom.js";
import { themeToggle } from "../theme.js";
import { brand } from "./brand.js";
import { codeText } from "./code-text.js";
import { nameField } from "./name-field.js";
import { passcodeField } from "./passcode-field.js";
import { submitting } from "./submit.js";

const TOO_MANY = "Too many wrong passcodes were tried.";

/** What an invitation link shows: nothing is taken or told before the person says yes. */
export function inviteView({ code, join, back, locked = false }) {
  const name = nameField();
  const passcode = passcodeField({ label: "Passcode", hint: "Whoever invited you knows it." });
  const asks = (on) => (passcode.element.hidden = !on);
  asks(locked);
  const submit = el("button", { type: "submit", class: "button primary", hook: "invite-join" }, el("span", { text: "Join the room" }));
  const form = el(
    "form",
    { class: "card", "aria-labelledby": "invite-title" },
    name.element,
    passcode.element,
    el("div", { class: "actions" }, submit, button("Not now", { class: "button", hook: "back-to-lobby", on: { click: back } })),
  );
  submitting(form, submit, async () => {
    const who = name.value();
    const asked = !passcode.element.hidden;
    const what = asked ? passcode.value() : undefined;
    if (who === null || what === null) return;
    try {
      await join({ name: who, passcode: what });
    } catch (error) {
      if (asked && error.code === "rate_limited") throw Object.assign(error, { words: TOO_MANY });
      if (error.code !== "wrong_proof") throw error;
      asks(true);
      if (asked) passcode.refuse("That is not the passcode. Upper and lower case matter.");
      else passcode.focus();
    }
  });
  return el(
    "main",
    { class: "invite", hook: "invite-view" },
    el("div", { class: "topline" }, brand(), themeToggle()),
    el("p", { class: "eyebrow", text: "You’re invited to room" }),
    el("h1", { id: "invite-title", class: "big-code" }, codeText(code)),
    el("p", {
      class: "lead",
      text: "You take one of its seats and can read what was said. When its time is up, everything in it is gone from the server.",
    }),
    form,
  );
}
