import { button, el } from "../dom.js";
import { themeToggle } from "../theme.js";
import { brand } from "./brand.js";
import { nameField } from "./name-field.js";
import { codeText } from "./code-text.js";
import { submitting } from "./submit.js";

/** What an invitation link shows: nothing is taken or told before the person says yes. */
export function inviteView({ code, join, back }) {
  const name = nameField();
  const submit = el("button", { type: "submit", class: "button primary", hook: "invite-join", text: "Join the room" });
  const form = el(
    "form",
    { class: "card", "aria-labelledby": "invite-title" },
    name.element,
    el("div", { class: "actions" }, submit, button("Not now", { class: "button", hook: "back-to-lobby", on: { click: back } })),
  );
  submitting(form, submit, async () => {
    const who = name.value();
    if (who !== null) await join(who);
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
