import { ChatError } from "./error.js";

const REQUEST_MS = 12_000;

/**
 * The HTTP API. Without a token the browser's cookie authenticates: of the participant that is named, if one is. Where the
 * cookie turns out to be missing, the spare token takes its place.
 *
 * Only the server's own answers count. A login page, a captive portal or a gateway may answer in its place, with any status
 * and any text: that says nothing about the room.
 */
export class Api {
  #base;
  #host;
  #participant;
  #spare;

  constructor(base, host, { token = null, spare = null, participant = null } = {}) {
    this.#base = base;
    this.#host = host;
    this.token = token;
    this.#spare = spare;
    this.#participant = participant;
    this.roundTrip = 0;
  }

  as(seat) {
    return new Api(this.#base, this.#host, seat);
  }

  url(path) {
    return this.#base + path;
  }

  /**
   * The JSON of the server's answer.
   *
   * @param has the members by which an answer is known to be the server's
   */
  async call(method, path, { body, signal, has = [], within = REQUEST_MS } = {}) {
    const begun = performance.now();
    const data = await limited(within, signal, async (limit) => {
      const response = await this.#ask(method, path, { body, signal: limit });
      if (response.status === 204) return null;
      if (!hasType(response, "application/json")) throw new ChatError("unknown", response.status);
      return ours(await response.json(), has);
    });
    const at = performance.now();
    this.roundTrip = at - begun;
    return { data, roundTrip: this.roundTrip, begun, at };
  }

  /** The bytes of an event stream after the entry `lastId`. */
  async stream(path, { method = "GET", lastId, signal }) {
    const headers = { Accept: "text/event-stream", ...(lastId !== null && { "Last-Event-ID": lastId }) };
    const response = await this.#ask(method, path, { headers, signal });
    if (!hasType(response, "text/event-stream")) throw new ChatError("unknown", response.status);
    return response.body;
  }

  async #ask(method, path, request) {
    const { token } = this;
    try {
      return await this.#fetch(method, path, { ...request, token });
    } catch (error) {
      // Another call may have found it out in the meantime.
      if (error.code !== "unauthorized" || token !== null || this.#spare === null) throw error;
      // This browser keeps no cookies, or has lost them: the seat is this tab's all the same.
      this.token = this.#spare;
      return this.#fetch(method, path, { ...request, token: this.token });
    }
  }

  async #fetch(method, path, { token, body, headers = {}, signal }) {
    const { fetch: send = globalThis.fetch, headers: hosts, credentials } = this.#host;
    const given = new Headers(await unlessAborted(signal, valueOf(hosts)));
    for (const [name, value] of Object.entries(headers)) given.set(name, value);
    if (body !== undefined) given.set("Content-Type", "application/json");
    // A header of its own: `Authorization` may be the host's.
    if (token !== null) given.set("Ephemeral-Chat-Token", token);
    if (this.#participant !== null) given.set("Ephemeral-Chat-Participant", this.#participant);
    const response = await send(this.url(path), {
      method,
      headers: given,
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: "no-store",
      credentials: (await unlessAborted(signal, valueOf(credentials))) ?? "same-origin",
      signal,
    });
    if (!response.ok) throw await problem(response);
    return response;
  }
}

/** Runs a request that ends after a while, or with the signal. */
async function limited(ms, signal, request) {
  signal?.throwIfAborted();
  const limit = new AbortController();
  const stop = () => limit.abort();
  signal?.addEventListener("abort", stop);
  const timer = setTimeout(stop, ms);
  try {
    return await request(limit.signal);
  } catch (error) {
    signal?.throwIfAborted();
    // No answer, a cut one, or one that is not JSON: nothing is known about what the server did.
    throw error instanceof ChatError ? error : new ChatError("network");
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
  }
}

function ours(data, has) {
  if (data === null || typeof data !== "object" || has.some((name) => data[name] === undefined)) throw new ChatError("unknown");
  return data;
}

/** The host gives a value, or a function that is asked each time. */
function valueOf(given) {
  return typeof given === "function" ? given() : given;
}

/** The host's function knows nothing of the signal. */
async function unlessAborted(signal, value) {
  if (!signal) return value;
  signal.throwIfAborted();
  let stop;
  const aborted = new Promise((resolve, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop);
  });
  try {
    return await Promise.race([value, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

function hasType(response, type) {
  return (response.headers.get("Content-Type") ?? "").toLowerCase().startsWith(type);
}

async function problem(response) {
  const wait = retryAfterMs(response.headers.get("Retry-After"));
  const body = hasType(response, "application/problem+json") ? await response.json().catch(() => null) : null;
  const error = new ChatError(typeof body?.code === "string" ? body.code : "unknown", response.status, wait);
  return Object.assign(error, { encrypted: body?.encrypted === true });
}

function retryAfterMs(header) {
  if (header === null) return null;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1_000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : null;
}
