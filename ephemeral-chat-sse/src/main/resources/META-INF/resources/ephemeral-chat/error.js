// What stands for the moment only, whatever the status: nobody has refused anything.
const UNANSWERED = ["network", "unknown"];

/** A refusal of the server (`code` and `status` are its problem's), or no answer of the server's. */
export class ChatError extends Error {
  constructor(code, status = 0, retryAfterMs = null) {
    super(status === 0 ? code : `${status} ${code}`);
    this.name = "ChatError";
    this.code = code;
    this.status = status;
    this.retryAfterMs = retryAfterMs;
    this.encrypted = false;
  }

  /** Whether the same request may well succeed a little later. */
  get temporary() {
    return UNANSWERED.includes(this.code) || this.status >= 500 || this.status === 429;
  }
}
