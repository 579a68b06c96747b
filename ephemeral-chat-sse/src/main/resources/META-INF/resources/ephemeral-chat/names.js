const MAX = 30;
const BLANK = "\\p{Z}\\p{M}\\p{Cc}\\p{Cf}\\p{Cs}\\p{Co}\\u115F\\u1160\\u3164\\uFFA0\\u2800";
const VISIBLE = new RegExp(`[^${BLANK}]`, "u");
const SPACE_AROUND = /^\p{Z}|\p{Z}$/u;
// Controls, what turns the direction, halves of characters, private ones, line ends.
const FORBIDDEN = /[\p{Cc}\p{Cs}\p{Co}\p{Zl}\p{Zp}]|(?![\u200C\u200D])\p{Cf}/u;
// Joiners belong to some scripts and to many emoji, but only between characters.
const LOOSE_JOINER = new RegExp(`(?<![^${BLANK}]\\p{M}*)[\\u200C\\u200D]|[\\u200C\\u200D](?![^${BLANK}])`, "u");

const LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ";
const COLORS = 8;

const MAX_TEXT = 4_000;
const HALF = /\p{Cs}/u;

/** The server's rule for texts, which it cannot judge where it does not see them. */
export function isText(text) {
  return typeof text === "string" && [...text].length <= MAX_TEXT && VISIBLE.test(text) && !HALF.test(text);
}

/** Half a character has no bytes of its own. */
export function isSealable(text) {
  return !HALF.test(text);
}

/** The server's rule for names: null where it accepts the name, else what is wrong with it. */
export function nameProblem(name) {
  if (name === "") return "empty";
  if ([...name].length > MAX) return "too_long";
  if (!VISIBLE.test(name)) return "nothing_visible";
  if (SPACE_AROUND.test(name)) return "space_around";
  return FORBIDDEN.test(name) || LOOSE_JOINER.test(name) ? "invisible" : null;
}

/** Two letters and a colour that nobody can choose: of two people with one name each has their own. */
export function markOf(participantId) {
  let hash = 0x811c9dc5;
  for (const unit of participantId) hash = Math.imul(hash ^ unit.codePointAt(0), 0x01000193) >>> 0;
  const letter = (by) => LETTERS[Math.floor(hash / by) % LETTERS.length];
  return { letters: letter(COLORS) + letter(COLORS * LETTERS.length), color: hash % COLORS };
}
