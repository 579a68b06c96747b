const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

// A screen reader hears these few moments and is spared the seconds in between.
const MARKS = [HOUR, 10 * MINUTE, 5 * MINUTE, MINUTE, 10 * SECOND];

/** `1:02:07`, `9:58`, `0:07`. Rounded up, so that 0:00 means over. */
export function formatLeft(ms) {
  const seconds = Math.max(0, Math.ceil(ms / SECOND));
  const two = (n) => String(n).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes}:${two(seconds % 60)}`
    : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

/** `1 hour`, `1 hour 30 minutes`, `10 seconds`. */
export function spellDuration(ms) {
  const seconds = Math.round(ms / SECOND);
  if (seconds < 60) return plural(seconds, "second");
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return plural(minutes, "minute");
  const rest = minutes % 60;
  return plural(Math.floor(minutes / 60), "hour") + (rest ? ` ${plural(rest, "minute")}` : "");
}

function plural(count, unit) {
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

/** The words for the moment between two ticks, for instance "1 minute left"; null where it is none of the few. */
export function markBetween(before, now) {
  const mark = MARKS.findLast((at) => before > at && now <= at);
  return mark === undefined ? null : `${spellDuration(mark)} left`;
}

const clock = new Intl.DateTimeFormat("en", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

/** `15:40`. */
export function clockTime(date) {
  return clock.format(date);
}
