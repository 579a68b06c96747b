// Together with the layout and what else is done in a frame, less than 50 ms.
const SLICE_MS = 6;
const STEP = 5;
// A page that nobody sees draws no frames, and browsers let its timers fire seldom: there are fewer slices, and longer ones.
const HIDDEN_MS = 50;
const HIDDEN_SLICE_MS = 40;

/** Calls back before the next frame, or soon where there is none; returns how to call it off. */
export function nextFrame(action) {
  if (isHidden()) {
    const timer = setTimeout(action, HIDDEN_MS);
    return () => clearTimeout(timer);
  }
  const frame = requestAnimationFrame(action);
  return () => cancelAnimationFrame(frame);
}

/** Does something at most once a frame, however often it is asked for. */
export class OncePerFrame {
  #action;
  #callOff = null;

  constructor(action) {
    this.#action = action;
  }

  ask() {
    this.#callOff ??= nextFrame(() => {
      this.#callOff = null;
      this.#action();
    });
  }

  cancel() {
    this.#callOff?.();
    this.#callOff = null;
  }
}

/** Takes what comes a slice a frame, so that the page answers meanwhile however much comes at once. */
export class Batches {
  #waiting = [];
  #taken = 0;
  #frames;

  constructor(take) {
    this.#frames = new OncePerFrame(() => this.#slice(take));
    this.onVisible = () => this.#waiting.length > 0 && this.#restart();
    document.addEventListener("visibilitychange", this.onVisible);
  }

  add(one) {
    this.#waiting.push(one);
    this.#frames.ask();
  }

  clear() {
    this.#waiting = [];
    this.#taken = 0;
    this.#frames.cancel();
  }

  dispose() {
    this.clear();
    document.removeEventListener("visibilitychange", this.onVisible);
  }

  #slice(take) {
    const until = performance.now() + (isHidden() ? HIDDEN_SLICE_MS : SLICE_MS);
    do {
      take(this.#waiting.slice(this.#taken, (this.#taken += STEP)));
    } while (this.#taken < this.#waiting.length && performance.now() < until);
    if (this.#taken < this.#waiting.length) this.#frames.ask();
    else this.clear();
  }

  /** A frame that was asked for before the page was hidden does not come. */
  #restart() {
    this.#frames.cancel();
    this.#frames.ask();
  }
}

function isHidden() {
  return document.visibilityState === "hidden";
}
