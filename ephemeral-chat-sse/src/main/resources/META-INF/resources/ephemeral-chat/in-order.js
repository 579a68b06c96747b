import { breathe } from "./common.js";

// So many may wait before whoever brings more should stop for a moment.
const MANY = 100;
const SLICE_MS = 8;

/** Awaits many things at once and hands them on one by one, in the order in which they came. */
export class InOrder {
  #waiting = [];
  #running = false;
  #closed = false;
  #fewer = null;

  /** A promise while too many are waiting; else null. */
  get behind() {
    if (this.#waiting.length < MANY) return null;
    this.#fewer ??= defer();
    return this.#fewer.promise;
  }

  add(awaited, handOn) {
    this.#waiting.push({ awaited, handOn });
    if (!this.#running) this.#run();
  }

  close() {
    this.#closed = true;
    this.#waiting = [];
    this.#told();
  }

  async #run() {
    this.#running = true;
    let since = performance.now();
    while (this.#waiting.length > 0) {
      const { awaited, handOn } = this.#waiting[0];
      const value = await awaited;
      // What was awaited comes in crowds, and whoever is told has a page to draw.
      if (performance.now() - since > SLICE_MS) {
        await breathe();
        since = performance.now();
      }
      if (this.#closed) return;
      this.#waiting.shift();
      if (this.#waiting.length < MANY / 2) this.#told();
      try {
        handOn(value);
      } catch (error) {
        // It is reported, and holds up none of the others.
        setTimeout(() => {
          throw error;
        });
      }
    }
    this.#running = false;
  }

  #told() {
    this.#fewer?.resolve();
    this.#fewer = null;
  }
}

function defer() {
  let resolve;
  const promise = new Promise((done) => (resolve = done));
  // Not in the midst of what is handed on.
  return { promise: promise.then(breathe), resolve };
}
