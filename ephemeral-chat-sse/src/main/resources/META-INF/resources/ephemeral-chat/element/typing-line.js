import { el } from "./dom.js";

const NAMED = 2;

/**
 * Below the conversation: who is typing. Its line is there all the time, so that nothing moves, and it is read to nobody: a
 * screen reader would hardly come to say anything else.
 */
export function typingLine(ui) {
  const element = el("p", { class: "typing", part: "typing", hook: "typing" });
  return {
    element,
    show(people) {
      const names = people.map(({ name }) => el("bdi", { text: name }));
      const words = names.length > NAMED ? [ui.t("typing.several")] : ui.words.nodes(`typing.${names.length}`, { who: names[0], other: names[1] });
      element.replaceChildren(...(names.length === 0 ? [] : words));
    },
  };
}
