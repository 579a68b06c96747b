// Base58 leaves out 0, O, I and l, which people mix up when they read a code aloud.
const CODE = /^[1-9A-HJ-NP-Za-km-z]{8}$/;
// A link's path or fragment; what a sentence has left behind it does not count.
const IN_LINK = /(?:\/room\/|[#=/])([1-9A-HJ-NP-Za-km-z]{8})(?![0-9A-Za-z])/g;
const BEFORE = /^[\s"'<(\[\u00ab\u2018-\u201f\u3008-\u3011\uff08]+/;
const BEHIND = `[\\s.,;:!?"'>)\\]\\u00bb\\u2018-\\u201f\\u2026\\u3001\\u3002\\u3008-\\u3011\\uff01\\uff09\\uff0c\\uff0e\\uff1f]`;
// From its first character only: else the time that it takes grows with the square of the length.
const AFTER = new RegExp(`(?<!${BEHIND})${BEHIND}+$`);

/**
 * The code in what a person typed or pasted: a bare code (spaces and hyphens allowed), one after another word, or a link to a
 * room, in a sentence too; null if there is none.
 */
export function findRoomCode(input) {
  const text = input.normalize("NFKC").replace(/[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]/g, "");
  const inLink = findInPath(text) ?? [...text.matchAll(IN_LINK)].at(-1)?.[1];
  if (inLink) return inLink;
  const candidate = text.replace(BEFORE, "").replace(AFTER, "").replace(/[\s\u00a0\u2010-\u2015-]/g, "");
  if (CODE.test(candidate)) return candidate;
  // A word of eight letters is more likely a word: a digit or a capital inside makes it a code.
  const found = text.split(/[^0-9A-Za-z]+/).filter((word) => CODE.test(word) && /\d|.[A-Z]/.test(word));
  return found.length === 1 ? found[0] : null;
}

/** The code in a link to a room, whatever a sentence has left behind it. */
export function findInPath(text) {
  const [, code] = /\/room\/([1-9A-HJ-NP-Za-km-z]{8})(?![0-9A-Za-z])/.exec(text) ?? [];
  return code ?? null;
}
