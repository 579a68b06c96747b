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

/** Calls `onTick(msLeft)` on every whole second, `onMark(words)` at the few moments worth saying, `onZero()` once. */
export function startCountdown({ left, onTick, onMark, onZero }) {
  let timer;
  let before = left();
  const tick = () => {
    const now = left();
    onTick(now);
    const mark = MARKS.findLast((at) => before > at && now <= at);
    if (mark !== undefined) onMark(`${spellDuration(mark)} left`);
    before = now;
    if (now <= 0) onZero();
    // Just after the next whole second, so that no second is shown twice or skipped.
    else timer = setTimeout(tick, (now % SECOND || SECOND) + 10);
  };
  tick();
  return () => clearTimeout(timer);
}
