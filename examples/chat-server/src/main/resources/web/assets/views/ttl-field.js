import { clockTime, spellDuration } from "../countdown.js";
import { button, el } from "../dom.js";
import { wholeNumber } from "../text.js";

const PRESETS = [
  [5, "5 min"],
  [10, "10 min"],
  [60, "1 h"],
  [480, "8 h"],
  [1440, "24 h"],
];
const MAX = 1440;
const DAY_MS = 86_400_000;

/** How long the room lives: presets, any number of minutes, and what that means on the clock. */
export function ttlField() {
  const input = el("input", {
    id: "ttl",
    hook: "ttl-input",
    type: "number",
    inputmode: "numeric",
    min: 1,
    max: MAX,
    value: 10,
    "aria-describedby": "ttl-meaning ttl-problem",
  });
  const presets = PRESETS.map(([minutes, label]) =>
    button(label, {
      class: "chip",
      "data-minutes": minutes,
      on: {
        click: () => {
          input.value = minutes;
          update();
        },
      },
    }),
  );
  const meaning = el("p", { id: "ttl-meaning", class: "hint" });
  const problem = el("p", { id: "ttl-problem", class: "problem", role: "alert" });

  const minutes = () => wholeNumber(input.value, 1, MAX);
  const update = () => {
    const chosen = minutes();
    presets.forEach((each) => each.setAttribute("aria-pressed", String(Number(each.dataset.minutes) === chosen)));
    meaning.textContent = chosen === null ? "1 to 1440 minutes" : goneAt(chosen);
    if (chosen !== null) problem.textContent = "";
  };
  input.addEventListener("input", update);
  update();

  const element = el(
    "div",
    { class: "field" },
    el("label", { for: "ttl", text: "It lives for" }),
    el("div", { class: "chips", role: "group", "aria-label": "Common lifetimes" }, ...presets),
    el("div", { class: "ttl-row" }, el("div", { class: "unit" }, input, el("span", { text: "minutes" })), meaning),
    problem,
  );
  return {
    element,
    value() {
      const chosen = minutes();
      problem.textContent = chosen === null ? "A room lives for 1 to 1440 whole minutes." : "";
      input.setAttribute("aria-invalid", String(chosen === null));
      if (chosen === null) input.focus();
      return chosen;
    },
  };
}

function goneAt(minutes) {
  const end = new Date(Date.now() + minutes * 60_000);
  const time = clockTime(end);
  const midnight = new Date().setHours(24, 0, 0, 0);
  const day = end < midnight ? "" : end - midnight < DAY_MS ? " tomorrow" : " in two days";
  const long = minutes > 90 ? `${spellDuration(minutes * 60_000)}, gone` : "Gone";
  return `${long} at ${time}${day}`;
}
