import { button, el } from "./dom.js";
import { explain } from "./wording.js";

/**
 * Asks before something that can't be taken back. `action` runs while the dialog stays open, so that a failure is shown
 * where the person is looking, and can be tried again.
 */
export function confirmFirst({ title, body, more = null, confirmLabel, cancelLabel = "Cancel", action }) {
  const problem = el("p", { class: "problem", role: "alert" });
  const cancel = button(cancelLabel, { class: "button", hook: "cancel" });
  const confirm = button(confirmLabel, { class: "button danger", hook: "confirm" });
  const dialog = el(
    "dialog",
    { class: "dialog", "aria-labelledby": "dialog-title", "aria-describedby": "dialog-body" },
    el("h2", { id: "dialog-title", text: title }),
    el("p", { id: "dialog-body", text: body }),
    more,
    problem,
    el("div", { class: "dialog-actions" }, cancel, confirm),
  );
  cancel.addEventListener("click", () => dialog.close());
  confirm.addEventListener("click", async () => {
    problem.textContent = "";
    confirm.disabled = true;
    try {
      await action();
      dialog.close();
    } catch (error) {
      problem.textContent = explain(error);
      confirm.disabled = false;
    }
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  // The harmless answer has the focus: Enter alone destroys nothing.
  cancel.focus();
}

export function closeDialogs() {
  document.querySelectorAll("dialog[open]").forEach((dialog) => dialog.close());
}
