/* Typing is written down when the hands rest, and at the latest every few seconds while they do not. Until then it is a
   draft of the sheet. */

const REST_MS = 600;
const LONGEST_MS = 4_000;

/** The typing of one kind (an answer, a note) at one position of a sheet. */
export class Slowly {
  #sheet;
  #kind;
  #position;
  #text = null;
  #timer = null;
  #since = 0;

  constructor(sheet, kind, position) {
    this.#sheet = sheet;
    this.#kind = kind;
    this.#position = position;
  }

  get isWaiting() {
    return this.#text !== null;
  }

  /** Takes a text that will be written soon. */
  take(text) {
    if (this.#text === null) this.#since = performance.now();
    this.#text = text;
    this.#sheet.draft(this.#kind, this.#position, text);
    clearTimeout(this.#timer);
    const left = LONGEST_MS - (performance.now() - this.#since);
    this.#timer = setTimeout(() => this.flush(), Math.max(0, Math.min(REST_MS, left)));
  }

  /** Writes now what has not been written; an empty box is no answer. */
  flush() {
    clearTimeout(this.#timer);
    if (this.#text === null) return;
    const text = this.#text;
    this.#text = null;
    this.#sheet.mark(this.#kind, this.#position, text === "" ? null : text);
  }
}
