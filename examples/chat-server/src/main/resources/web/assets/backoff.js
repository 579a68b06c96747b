/**
 * How long to wait before the next attempt: doubling from half a second up to `max`, with half of it random so that
 * the clients of a server that comes back do not all arrive at once. What the server asked for is never undercut.
 */
export function backoff(attempt, { max = 15_000, atLeast = 0 } = {}) {
  const ceiling = Math.min(max, 500 * 2 ** Math.min(attempt, 10));
  return Math.max(ceiling / 2 + (Math.random() * ceiling) / 2, atLeast + Math.random() * 250);
}
