// The only place that knows the HTTP API. The browser's cookie authenticates; the token in the answers is ignored.

const BASE = "/api";
const TIMEOUT_MS = 12_000;

/** An answer other than 2xx (`code` is the problem's stable code), or none at all (status 0, code `network`). */
export class ApiError extends Error {
  constructor(status, code, retryAfterMs = null) {
    super(`${status} ${code}`);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }

  /** Whether the same request may well succeed a little later. */
  get passing() {
    return this.status === 0 || this.status >= 500 || this.code === "rate_limited";
  }
}

export const api = {
  createRoom: (options) => request("POST", "/rooms", options),
  join: (code, name) => request("POST", `/rooms/${code}/participants`, { name }),
  room: (code) => request("GET", `/rooms/${code}`),
  post: (code, message) => request("POST", `/rooms/${code}/messages`, message),
  headSequence: async (code, after) =>
    (await request("GET", `/rooms/${code}/messages?after=${after}&limit=1`)).data.lastSequence,
  leave: (code) => request("DELETE", `/rooms/${code}/participants/me`),
  freeSeat: (code, participantId) =>
    request("DELETE", `/rooms/${code}/participants/${encodeURIComponent(participantId)}`),
  destroy: (code) => request("DELETE", `/rooms/${code}`),
  streamUrl: (code) => `${BASE}/rooms/${code}/events`,
};

async function request(method, path, body) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), TIMEOUT_MS);
  const started = performance.now();
  try {
    const response = await fetch(BASE + path, {
      method,
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "same-origin",
      cache: "no-store",
      signal: abort.signal,
    });
    const roundTrip = performance.now() - started;
    if (!response.ok) throw await problem(response);
    return { data: response.status === 204 ? null : await response.json(), roundTrip };
  } catch (error) {
    if (error instanceof ApiError) throw error;
    // No answer, a cut one, or one that is not JSON (a proxy's page): nothing is known about what the server did.
    throw new ApiError(0, "network");
  } finally {
    clearTimeout(timer);
  }
}

async function problem(response) {
  const body = await response.json().catch(() => ({}));
  const code = typeof body?.code === "string" ? body.code : "unknown";
  return new ApiError(response.status, code, retryAfterMs(response.headers.get("Retry-After")));
}

function retryAfterMs(header) {
  if (header === null) return null;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : null;
}
