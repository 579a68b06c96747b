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
export function spellDuration(ms, words) {
  const seconds = Math.round(ms / SECOND);
  const unit = (name, count) => words.text(`time.${name}`, { count });
  if (seconds < 60) return unit("second", seconds);
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return unit("minute", minutes);
  const rest = minutes % 60;
  return unit("hour", Math.floor(minutes / 60)) + (rest ? ` ${unit("minute", rest)}` : "");
}

/** The words for the moment between two ticks, for instance "1 minute left"; null where it is none of the few. */
export function markBetween(before, now, words) {
  const mark = MARKS.findLast((at) => before > at && now <= at);
  return mark === undefined ? null : words.text("time.left", { span: spellDuration(mark, words) });
}

/** `15:40`, `15:40 tomorrow`: a moment that is not long from now. */
export function soonAt(date, words) {
  const time = words.clock(date);
  const midnight = new Date().setHours(24, 0, 0, 0);
  if (date < midnight) return time;
  return words.text(date - midnight < 24 * HOUR ? "time.tomorrow" : "time.two-days", { time });
}

/** When a room ends by this device's clock, which may be wrong: the time that is left is the server's. */
export function endOf(room) {
  return new Date(Date.now() + room.msLeft);
}
