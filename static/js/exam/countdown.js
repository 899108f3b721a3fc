/* The clock of the sheet: server time, hidden if the candidate wants, never in the last five minutes. The ticking figures
   are silent; a polite region speaks at half time and at 15, 5 and 1 minutes. */

import { part } from "../lib/element.js";
import { lasting } from "../lib/clock.js";
import { message } from "../lib/messages.js";

const LAST_MS = 5 * 60_000;
const MINUTES_SPOKEN = [15, 5, 1];

/** "1 giờ 12 phút", "9 phút", "50 giây". */
export function inWords(ms) {
  const minutes = Math.ceil(ms / 60_000);
  if (ms < 60_000) return message("seconds", { count: Math.max(0, Math.ceil(ms / 1000)) });
  if (minutes < 60) return message("minutes", { count: minutes });
  return message("hours_minutes", { hours: Math.floor(minutes / 60), minutes: minutes % 60 });
}

/** Shows how long is left; `onOver` is called once, at zero. */
export class Countdown {
  #clock;
  #root;
  #say;
  #onOver;
  #deadline = null;
  #whole = 0;
  #spoken = new Set();
  #timer = null;
  #isHidden = false;
  #stoppedAt = null;

  constructor(root, clock, say, onOver) {
    this.#root = part("clock", root);
    this.#clock = clock;
    this.#say = say;
    this.#onOver = onOver;
  }

  get left() {
    return this.#stoppedAt ?? this.#deadline - this.#clock.now();
  }

  /** A deadline in milliseconds; `startedAt` tells half time. */
  set(deadline, startedAt) {
    this.#deadline = deadline;
    this.#whole = deadline - startedAt;
    // What lies behind is not said again after a reload; more time makes it worth saying.
    for (const mark of this.#marks()) if (this.left <= mark.ms) this.#spoken.add(mark.name);
      else this.#spoken.delete(mark.name);
    this.#tick();
  }

  /** The pause: figures stand still. */
  hold(isHeld) {
    this.#stoppedAt = isHeld ? this.left : null;
    this.#tick();
  }

  setHidden(isHidden) {
    this.#isHidden = isHidden;
    this.#show();
  }

  /** Says the time left, when asked. */
  speak() {
    this.#say(message("time_left", { time: inWords(this.left) }));
  }

  stop() {
    clearTimeout(this.#timer);
  }

  #marks() {
    const marks = MINUTES_SPOKEN.filter((minutes) => minutes * 60_000 < this.#whole);
    return [
      ...marks.map((minutes) => ({ name: String(minutes), ms: minutes * 60_000 })),
      { name: "half", ms: this.#whole / 2 },
    ];
  }

  #tick() {
    clearTimeout(this.#timer);
    this.#show();
    if (this.#stoppedAt !== null) return;
    const left = this.left;
    const due = this.#marks().filter(({ name, ms }) => left <= ms && !this.#spoken.has(name));
    for (const { name } of due) this.#spoken.add(name);
    if (due.length) this.speak();
    if (left <= 0) {
      this.#onOver();
      return;
    }
    this.#timer = setTimeout(() => this.#tick(), (left % 1000) + 15);
  }

  #show() {
    const left = this.left;
    const isLast = left <= LAST_MS;
    const isShown = isLast || !this.#isHidden;
    this.#root.classList.toggle("is-last", isLast);
    part("clock-figures", this.#root).textContent = isShown ? lasting(left) : message("clock_hidden");
  }
}
