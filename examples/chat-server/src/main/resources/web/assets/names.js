import { recall, remember } from "./storage.js";
import { codePoints, wellFormed } from "./text.js";

const WORDS = [
  "Alder", "Argon", "Aster", "Birch", "Brook", "Calla", "Cinder", "Comet", "Coral", "Delta", "Ember", "Fable",
  "Fern", "Finch", "Flint", "Gale", "Hazel", "Heron", "Indigo", "Iris", "Juno", "Kestrel", "Lark", "Linden",
  "Lumen", "Lyra", "Maple", "Mica", "Mistral", "Nyx", "Onyx", "Opal", "Orion", "Petrel", "Quill", "Raven",
  "Reed", "Rowan", "Sable", "Sorrel", "Sparrow", "Tarn", "Thistle", "Umber", "Vega", "Willow", "Wren", "Zephyr",
];

export const MAX_NAME = 30;

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

/** What is wrong with a cleaned name, in words for the person; null when it may be used. */
export function nameProblem(name) {
  if (name === "") return "Please enter a name, or take a new one.";
  if (codePoints(name) > MAX_NAME) return `A name has at most ${MAX_NAME} characters.`;
  if (/[\p{Cc}\p{Cs}\p{Co}\p{Zl}\p{Zp}]|(?![\u200C\u200D])\p{Cf}/u.test(name)) return "A name can't contain invisible characters.";
  if (!/(?![\u115F\u1160\u3164\uFFA0\u2800])[^\p{Z}\p{M}\p{C}]/u.test(name)) return "A name needs a visible character.";
  return null;
}
