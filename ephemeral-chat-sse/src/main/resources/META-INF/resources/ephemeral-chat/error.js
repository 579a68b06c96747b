/** A refusal of the server (`code` and `status` are its problem's), or no answer at all (status 0). */
export class ChatError extends Error {
  constructor(code, status = 0, retryAfterMs = null) {
    super(status === 0 ? code : `${status} ${code}`);
    this.name = "ChatError";
    this.code = code;
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }

  /** Whether the same request may well succeed a little later. */
  get temporary() {
    return this.code === "network" || this.status >= 500 || this.status === 429;
  }
}
