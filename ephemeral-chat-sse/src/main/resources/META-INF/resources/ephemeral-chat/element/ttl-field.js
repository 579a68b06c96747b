import { soonAt, spellDuration } from "./countdown.js";
import { button, el } from "./dom.js";
import { wholeNumber } from "./text.js";

const PRESETS = [5, 10, 60, 480, 1440];
const MAX = 1440;
const SPELL_FROM = 90;

/** How long the room lives: presets, any number of minutes, and what that means on the clock. */
export function ttlField(ui, { minutes: first = 10 } = {}) {
  const input = el("input", {
    id: "ttl",
    part: "input",
    hook: "ttl-input",
    type: "number",
    inputmode: "numeric",
    min: 1,
    max: MAX,
    value: first,
    "aria-describedby": "ttl-meaning ttl-problem",
  });
  const presets = PRESETS.map((minutes) =>
    button(minutes < 60 ? ui.t("ttl.minutes-short", { count: minutes }) : ui.t("ttl.hours-short", { count: minutes / 60 }), {
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
    meaning.textContent = chosen === null ? ui.t("ttl.range") : goneAt(chosen, ui);
    if (chosen !== null) problem.textContent = "";
  };
  input.addEventListener("input", update);
  update();

  const element = el(
    "div",
    { class: "field" },
    el("label", { for: "ttl", text: ui.t("ttl.label") }),
    el("div", { class: "chips", role: "group", "aria-label": ui.t("ttl.common") }, ...presets),
    el("div", { class: "ttl-row" }, el("div", { class: "unit" }, input, el("span", { text: ui.t("ttl.minutes") })), meaning),
    problem,
  );
  return {
    element,
    value() {
      const chosen = minutes();
      problem.textContent = chosen === null ? ui.t("ttl.problem") : "";
      input.setAttribute("aria-invalid", String(chosen === null));
      if (chosen === null) input.focus();
      return chosen;
    },
  };
}

function goneAt(minutes, ui) {
  const time = soonAt(new Date(Date.now() + minutes * 60_000), ui.words);
  return minutes > SPELL_FROM ? ui.t("ttl.gone-long", { span: spellDuration(minutes * 60_000, ui.words), time }) : ui.t("ttl.gone", { time });
}
