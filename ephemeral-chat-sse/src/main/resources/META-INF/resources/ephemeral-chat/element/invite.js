import { codeText } from "./code-text.js";
import { button, el } from "./dom.js";
import { wantsPasscode } from "./invitation.js";
import { keyField } from "./key-field.js";
import { nameField } from "./name-field.js";
import { passcodeField } from "./passcode-field.js";
import { submitting } from "./submit.js";
import { topline } from "./topline.js";

/**
 * What an invitation link shows: nothing is taken or told before the person says yes. What else the room asks for is asked
 * once it is known.
 *
 * @param key the key of an encrypted room, from the link; null where there is none
 * @param seated whether this browser has a seat there already, and only the key is wanted
 * @param refused why an earlier attempt failed; null where there was none
 * @param join called with `{name, key, passcode}`
 */
export function inviteView(ui, { code, key, seated, refused, join, back }) {
  const name = seated ? { element: null, value: () => undefined } : nameField(ui);
  const fields = asking(ui, key);
  const submit = el("button", { type: "submit", class: "button primary", part: "button button-primary", hook: "invite-join" }, el("span", { text: ui.t(seated ? "invite.open" : "invite.join") }));
  const notNow = ui.has("create") || ui.has("join") ? button(ui.t("invite.not-now"), { class: "button", part: "button", hook: "back-to-lobby", on: { click: back } }) : null;
  const form = el(
    "form",
    { class: "card", part: "card", "aria-labelledby": "invite-title" },
    name.element,
    ...fields.elements,
    el("div", { class: "actions" }, submit, notNow),
  );
  submitting(ui, form, submit, async () => {
    const who = name.value();
    const given = fields.value();
    if (who === null || given === null) return;
    try {
      await join({ name: who, ...given });
    } catch (error) {
      fields.refuse(error, given);
    }
  });
  const element = el(
    "main",
    { class: "invite", part: "invite", hook: "invite-view" },
    topline(),
    el("p", { class: "eyebrow", text: ui.t(seated ? "invite.back" : "invite.title") }),
    el("h1", { id: "invite-title", class: "big-code", tabindex: -1 }, codeText(code)),
    el("p", { class: "lead", text: ui.t(seated ? "invite.back-lead" : "invite.lead") }),
    form,
  );
  return { element, shown: () => refused && fields.refuse(refused, { key, passcode: undefined }) };
}

/** The fields for key and passcode, hidden until the room asks for them. */
function asking(ui, ofLink) {
  const key = keyField(ui);
  const passcode = passcodeField(ui, { label: ui.t("passcode.label"), hint: ui.t("passcode.join-hint") });
  const keyed = () => (key.element.hidden || (key.isEmpty && ofLink !== null) ? ofLink : key.value());
  const ask = (field) => {
    field.element.hidden = false;
    field.focus();
  };
  const complain = (field, words) => {
    ask(field);
    field.refuse(ui.t(words));
  };
  passcode.element.hidden = !wantsPasscode(ofLink);

  /** The server does not say which of both is wrong, and neither does a key alone say whether there is a passcode. */
  function refuseBoth(given) {
    ask(key);
    if (!given.includes("=")) passcode.element.hidden = false;
    if (wantsPasscode(given)) complain(passcode, "key.wrong-passcode");
    else complain(key, passcode.element.hidden ? "key.wrong" : "key.wrong-or-passcode");
  }

  return {
    elements: [key.element, passcode.element],
    /** Asks for what is missing, or says what is wrong; anything else is the form's to tell. */
    refuse(error, given) {
      const asked = given.passcode !== undefined;
      if (error.code === "key_required") ask(key);
      else if (error.code === "passcode_required") ask(passcode);
      else if (error.code === "invalid_key") complain(key, "key.invalid");
      else if (error.code === "rate_limited" && asked) throw Object.assign(error, { words: ui.t("passcode.too-many") });
      else if (error.code !== "wrong_proof" && error.code !== "wrong_key") throw error;
      else if (given.key !== null) refuseBoth(given.key);
      else if (asked) complain(passcode, "passcode.wrong");
      else ask(passcode);
    },
    /** Null after showing what is missing. */
    value() {
      const what = keyed();
      if (what === null && !key.element.hidden) return null;
      if (wantsPasscode(what) && passcode.element.hidden) {
        ask(passcode);
        return null;
      }
      const isOptional = what !== null && !wantsPasscode(what);
      const secret = passcode.element.hidden ? undefined : passcode.value({ isOptional });
      return secret === null ? null : { key: what, passcode: secret };
    },
  };
}
