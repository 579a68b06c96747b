import { codeText } from "./code-text.js";
import { button, el } from "./dom.js";
import { nameField } from "./name-field.js";
import { passcodeField } from "./passcode-field.js";
import { submitting } from "./submit.js";
import { topline } from "./topline.js";

/** What an invitation link shows: nothing is taken or told before the person says yes. */
export function inviteView(ui, { code, join, back, locked = false }) {
  const name = nameField(ui);
  const passcode = passcodeField(ui, { label: ui.t("passcode.label"), hint: ui.t("passcode.join-hint") });
  const asks = (on) => (passcode.element.hidden = !on);
  asks(locked);
  const submit = el("button", { type: "submit", class: "button primary", part: "button button-primary", hook: "invite-join" }, el("span", { text: ui.t("invite.join") }));
  const notNow = ui.has("create") || ui.has("join") ? button(ui.t("invite.not-now"), { class: "button", part: "button", hook: "back-to-lobby", on: { click: back } }) : null;
  const form = el(
    "form",
    { class: "card", part: "card", "aria-labelledby": "invite-title" },
    name.element,
    passcode.element,
    el("div", { class: "actions" }, submit, notNow),
  );
  submitting(ui, form, submit, async () => {
    const who = name.value();
    const asked = !passcode.element.hidden;
    const what = asked ? passcode.value() : undefined;
    if (who === null || what === null) return;
    try {
      await join({ name: who, passcode: what });
    } catch (error) {
      if (asked && error.code === "rate_limited") throw Object.assign(error, { words: ui.t("passcode.too-many") });
      if (error.code !== "wrong_proof") throw error;
      asks(true);
      if (asked) passcode.refuse(ui.t("passcode.wrong"));
      else passcode.focus();
    }
  });
  return el(
    "main",
    { class: "invite", part: "invite", hook: "invite-view" },
    topline(),
    el("p", { class: "eyebrow", text: ui.t("invite.title") }),
    el("h1", { id: "invite-title", class: "big-code", tabindex: -1 }, codeText(code)),
    el("p", { class: "lead", text: ui.t("invite.lead") }),
    form,
  );
}
