import { ChatError } from "./error.js";

const REQUEST_MS = 12_000;

/** The HTTP API. Without a token the browser's cookie authenticates: of the participant that is named, if one is. */
export class Api {
  #base;
  #participant;

  constructor(base, token, participant = null) {
    this.#base = base;
    this.token = token;
    this.#participant = participant;
  }

  as(token, participant) {
    return new Api(this.#base, token, participant);
  }

  url(path) {
    return this.#base + path;
  }

  async call(method, path, { body, signal } = {}) {
    signal?.throwIfAborted();
    const limit = new AbortController();
    const dropped = () => limit.abort();
    signal?.addEventListener("abort", dropped);
    const timer = setTimeout(dropped, REQUEST_MS);
    const begun = performance.now();
    try {
      const response = await this.#fetch(method, path, { body, signal: limit.signal });
      const roundTrip = performance.now() - begun;
      return { data: response.status === 204 ? null : await response.json(), roundTrip };
    } catch (error) {
      signal?.throwIfAborted();
      // No answer, a cut one, or one that is not JSON (a proxy's page): nothing is known about what the server did.
      throw error instanceof ChatError ? error : new ChatError("network");
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", dropped);
    }
  }

  /** The bytes of an event stream after the entry `lastId`. */
  async stream(path, lastId, signal) {
    const headers = { Accept: "text/event-stream", ...(lastId !== null && { "Last-Event-ID": lastId }) };
    const response = await this.#fetch("GET", path, { headers, signal });
    if (!/^text\/event-stream/i.test(response.headers.get("Content-Type") ?? "")) throw new ChatError("network");
    return response.body;
  }

  async #fetch(method, path, { body, headers = {}, signal }) {
    const response = await fetch(this.url(path), {
      method,
      headers: {
        ...headers,
        ...(body !== undefined && { "Content-Type": "application/json" }),
        ...(this.token !== null && { Authorization: `Bearer ${this.token}` }),
        ...(this.#participant !== null && { "Ephemeral-Chat-Participant": this.#participant }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: "no-store",
      signal,
    });
    if (!response.ok) throw await problem(response);
    return response;
  }
}

async function problem(response) {
  const body = await response.json().catch(() => null);
  const code = typeof body?.code === "string" ? body.code : "unknown";
  return new ChatError(code, response.status, retryAfterMs(response.headers.get("Retry-After")));
}

function retryAfterMs(header) {
  if (header === null) return null;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1_000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : null;
}
