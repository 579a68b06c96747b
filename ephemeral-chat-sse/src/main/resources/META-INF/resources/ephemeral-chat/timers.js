/** What is done later, unless it is over by then. */
export class Timers {
  #running = new Set();
  #closed = false;

  after(ms, action) {
    if (this.#closed) return;
    const timer = setTimeout(() => {
      this.#running.delete(timer);
      action();
    }, ms);
    this.#running.add(timer);
  }

  close() {
    this.#closed = true;
    this.#running.forEach(clearTimeout);
  }
}
