import { spellDuration } from "./countdown.js";

/** An error as a sentence for the person in front of the page. */
export function explain(error, words) {
  const again = (what) =>
    error.retryAfterMs > 0
      ? words.text("error.again-in", { what, span: spellDuration(error.retryAfterMs, words) })
      : words.text("error.again", { what });
  if (error.code === "rate_limited") return again(error.words ?? words.text("error.rate_limited"));
  if (error.code === "unknown") return again(words.text("error.unknown"));
  if (error.status >= 500) return again(words.text("error.unavailable"));
  const key = `error.${error.code}`;
  return words.text(words.has(key) ? key : "error.other");
}

/** What the last screen says; `own`: this tab did it. */
export function endWords(reason, own, words) {
  const key = own && words.has(`end.${reason}-own`) ? `end.${reason}-own` : `end.${reason}`;
  return { title: words.text(key), body: words.text(`${key}-body`) };
}
