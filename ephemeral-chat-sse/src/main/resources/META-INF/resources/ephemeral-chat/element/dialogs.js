import { button, el } from "./dom.js";
import { explain } from "./wording.js";

/**
 * Asks before something that can't be taken back. `action` runs while the dialog stays open, so that a failure is shown
 * where the person is looking, and can be tried again; it returns false where the dialog is to stay. What had the focus
 * gets it back; where that is gone, `after` does.
 */
export function confirmFirst(ui, { title, body, more = null, confirmLabel, cancelLabel = ui.t("ask.cancel"), harmless = false, first, after, action }) {
  const problem = el("p", { class: "problem", role: "alert" });
  const cancel = button(cancelLabel, { class: "button", part: "button", hook: "cancel" });
  const confirm = button(confirmLabel, { class: harmless ? "button primary" : "button danger", part: "button", hook: "confirm" });
  const dialog = dialogOf({ title, body }, more, problem, el("div", { class: "dialog-actions" }, cancel, confirm));
  cancel.addEventListener("click", () => dialog.close());
  confirm.addEventListener("click", async () => {
    if (confirm.ariaDisabled === "true") return;
    problem.textContent = "";
    confirm.setAttribute("aria-disabled", "true");
    try {
      if ((await action()) !== false) dialog.close();
    } catch (error) {
      problem.textContent = explain(error, ui.words);
      ui.tell("error", { error });
    }
    confirm.removeAttribute("aria-disabled");
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.type === "text" && !event.isComposing) confirm.click();
  });
  // The harmless answer has the focus: Enter alone destroys nothing.
  openDialog(ui, dialog, { first: first ?? cancel, after });
}

export function dialogOf({ title, body }, ...content) {
  return el(
    "dialog",
    { class: "dialog", part: "dialog", "aria-labelledby": "dialog-title", "aria-describedby": "dialog-body" },
    el("h2", { id: "dialog-title", text: title }),
    el("p", { id: "dialog-body", text: body }),
    ...content,
  );
}

/** Shows a dialog until it is closed. What had the focus gets it back; where that is gone, `after` does. */
export function openDialog(ui, dialog, { first, after }) {
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (ui.focused === null) after?.focus();
  });
  ui.overlay(dialog);
  dialog.showModal();
  first.focus();
}
