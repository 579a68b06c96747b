import { nameProblem as problemOf } from "../ephemeral-chat.js";
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
  if (name !== null && problemOf(name) === null) return name;
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

/** What is wrong with a cleaned name, in words for the person; null when it may be used. */
export function nameProblem(name, words) {
  const problem = problemOf(name);
  return problem === null ? null : words.text(`name.${problem}`, { max: MAX_NAME });
}
