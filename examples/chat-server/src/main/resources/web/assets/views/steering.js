import { button, el, icon } from "../dom.js";
import { explain } from "../wording.js";

const MORE_SECONDS = 600;
const MAX_TITLE = 60;

/** What only the owner sees: who may come in, how long the room lives, and what it is called. */
export function steering(room) {
  const problem = el("p", { class: "problem", role: "alert" });
  const attempt = async (control, action) => {
    problem.textContent = "";
    control.disabled = true;
    try {
      await action();
    } catch (error) {
      problem.textContent = explain(error);
    }
    control.disabled = false;
  };
  const lock = button("", { class: "button", hook: "lock-room", on: { click: () => attempt(lock, () => (room.locked ? room.unlock() : room.lock())) } }, icon("lock"), el("span"));
  const extend = button("10 minutes more", { class: "button", hook: "extend-room", on: { click: () => attempt(extend, () => extendRoom(room)) } });
  const title = el("input", { id: "title", hook: "title-input", type: "text", maxlength: MAX_TITLE, autocomplete: "off", placeholder: "What is it about?" });
  const save = el("button", { type: "submit", class: "button", hook: "save-title", text: "Save" });
  const form = el(
    "form",
    { class: "field" },
    el("label", { for: "title", text: "Title" }),
    el("div", { class: "with-button" }, title, save),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(save, () => room.setProperty("title", title.value.trim() || null));
  });
  const element = el("section", { class: "steering", hook: "steering", "aria-label": "Steer the room", hidden: true }, form, extend, lock, problem);

  return {
    element,
    update() {
      element.hidden = !room.me.owner;
      lock.lastElementChild.textContent = room.locked ? "Let others in again" : "Let nobody else in";
      lock.setAttribute("aria-pressed", String(room.locked));
      extend.hidden = room.latestExpiresAt - room.expiresAt < 1_000;
      if (document.activeElement !== title) title.value = room.properties.title ?? "";
    },
  };
}

/** Never beyond the latest end. */
export function extendRoom(room) {
  const most = Math.floor((room.latestExpiresAt - room.expiresAt + room.msLeft) / 1_000);
  return room.endIn(Math.min(most, Math.floor(room.msLeft / 1_000) + MORE_SECONDS));
}
