/* The waiting room: who sits here, when it begins by the server's clock, and the start by itself. */

import { part } from "../lib/element.js";
import { lasting } from "../lib/clock.js";
import { message } from "../lib/messages.js";
import { sittingState } from "./api.js";

const NEAR_MS = 120_000;
const OFTEN_MS = 3_000;
const SELDOM_MS = 12_000;

/** The stage inside `root`. */
export class WaitingRoom {
  #root;
  #clock;
  #ticking = null;

  constructor(root, clock) {
    this.#root = root;
    this.#clock = clock;
  }

  /** Shows whose seat it is. */
  show(seat) {
    const fill = (name, text) => (part(name, this.#root).textContent = text);
    fill("waiting-name", seat.full_name);
    fill("waiting-number", seat.number);
    fill("waiting-room", seat.room || "—");
    fill("waiting-seat", seat.seat ?? "—");
    fill("waiting-exam", seat.exam_title);
    this.#tick(Date.parse(seat.starts_at));
  }

  /** Resolves when the papers are out. The wait between questions is spread, so that a school does not ask in one instant. */
  async untilStarted(sitting) {
    for (;;) {
      const askedAt = performance.now();
      let wait = OFTEN_MS;
      try {
        const { state, server_time: serverTime, starts_at: startsAt } = await sittingState(sitting);
        this.#clock.hear(serverTime, askedAt);
        this.#tick(Date.parse(startsAt));
        this.#say(state === "closed" ? "waiting_closed" : "");
        if (state === "started") break;
        if (Date.parse(startsAt) - this.#clock.now() > NEAR_MS) wait = SELDOM_MS;
      } catch {
        this.#say("waiting_offline");
      }
      await new Promise((resolve) => setTimeout(resolve, wait * (0.6 + 0.8 * Math.random())));
    }
    clearTimeout(this.#ticking);
    this.#say("waiting_opening");
  }

  #say(name) {
    part("waiting-note", this.#root).textContent = name ? message(name) : "";
  }

  #tick(startsAt) {
    clearTimeout(this.#ticking);
    const left = startsAt - this.#clock.now();
    part("waiting-left", this.#root).textContent = left > 0 ? lasting(left) : "00:00";
    part("waiting-words", this.#root).textContent = message(left > 0 ? "starts_in" : "starts_any_moment");
    this.#ticking = setTimeout(() => this.#tick(startsAt), (left % 1000) + 1015);
  }
}
