import { nameProblem as problemOf } from "/ephemeral-chat/ephemeral-chat.js";
import { recall, remember } from "./storage.js";
import { wellFormed } from "./text.js";

const WORDS = [
  "Alder", "Argon", "Aster", "Birch", "Brook", "Calla", "Cinder", "Comet", "Coral", "Delta", "Ember", "Fable",
  "Fern", "Finch", "Flint", "Gale", "Hazel", "Heron", "Indigo", "Iris", "Juno", "Kestrel", "Lark", "Linden",
  "Lumen", "Lyra", "Maple", "Mica", "Mistral", "Nyx", "Onyx", "Opal", "Orion", "Petrel", "Quill", "Raven",
  "Reed", "Rowan", "Sable", "Sorrel", "Sparrow", "Tarn", "Thistle", "Umber", "Vega", "Willow", "Wren", "Zephyr",
];

const MAX_NAME = 30;

/** A name such as `Nyx_4f21ac`: says nothing about the person, and two people hardly ever get the same. */
export function anonymousName() {
  const [pick, ...tail] = crypto.getRandomValues(new Uint8Array(4));
  return `${WORDS[pick % WORDS.length]}_${tail.map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

export function storedName() {
  const name = recall("name");
  if (name !== null && nameProblem(name) === null) return name;
  const fresh = anonymousName();
  remember("name", fresh);
  return fresh;
}

export function storeName(name) {
  remember("name", name);
}

export function cleanName(raw) {
  return wellFormed(raw).trim();
}

const WORDS_FOR = {
  empty: "Please enter a name, or take a new one.",
  too_long: `A name has at most ${MAX_NAME} characters.`,
  nothing_visible: "A name needs a visible character.",
  space_around: "A name can’t begin or end with a space.",
  invisible: "A name can’t contain invisible characters.",
};

/** What is wrong with a cleaned name, in words for the person; null when it may be used. */
export function nameProblem(name) {
  return WORDS_FOR[problemOf(name)] ?? null;
}
