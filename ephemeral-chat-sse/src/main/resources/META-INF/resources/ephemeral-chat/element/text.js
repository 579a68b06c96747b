// The server counts code points and refuses lone surrogates, so the page must do both the same way.

export function codePoints(text) {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** Replaces lone surrogates (half an emoji, left over by a cut) by the replacement character. */
export function wellFormed(text) {
  return text.replace(/\p{Surrogate}/gu, "\ufffd");
}

/** The whole number that `text` is, if it lies within the bounds; else null. */
export function wholeNumber(text, min, max) {
  const number = /^\s*\d+\s*$/.test(text) ? Number(text) : Number.NaN;
  return number >= min && number <= max ? number : null;
}
