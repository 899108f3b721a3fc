/* Typing is written down when the hands rest, and at the latest every few seconds while they do not. */

const REST_MS = 600;
const LONGEST_MS = 4_000;

/** Calls `write(text)` for the last text taken. */
export class Slowly {
  #write;
  #text = null;
  #timer = null;
  #since = 0;

  constructor(write) {
    this.#write = write;
  }

  get isWaiting() {
    return this.#text !== null;
  }

  /** Takes a text that will be written soon. */
  take(text) {
    if (this.#text === null) this.#since = performance.now();
    this.#text = text;
    clearTimeout(this.#timer);
    const left = LONGEST_MS - (performance.now() - this.#since);
    this.#timer = setTimeout(() => this.flush(), Math.max(0, Math.min(REST_MS, left)));
  }

  /** Writes now what has not been written. */
  flush() {
    clearTimeout(this.#timer);
    if (this.#text === null) return;
    const text = this.#text;
    this.#text = null;
    this.#write(text);
  }
}
