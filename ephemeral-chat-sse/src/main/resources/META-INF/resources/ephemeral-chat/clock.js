/** The server's time, carried on by the monotonic clock: a wrong or changed clock of this device moves nothing. */
export class ServerClock {
  #offset = 0;
  #drift = 0;

  /** Takes the `now` of an answer that came at `at`: the server wrote it about half a round trip before. */
  sync(now, roundTrip, at) {
    this.#offset = Date.parse(now) + roundTrip / 2 - at;
    this.#drift = Date.now() - performance.now();
  }

  now() {
    return performance.now() + this.#offset;
  }

  /** Some systems stop the monotonic clock while they sleep: the wall clock has then run ahead of it. Told once. */
  hasJumped() {
    const drift = Date.now() - performance.now();
    if (Math.abs(drift - this.#drift) <= 2_000) return false;
    this.#drift = drift;
    return true;
  }
}
