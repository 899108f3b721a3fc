/* The save state in words, three only: saved at a time, saving, kept on this machine. A short cut is never a red scare. */

import { icon, part } from "../lib/element.js";
import { timeOfDay } from "../lib/clock.js";
import { message } from "../lib/messages.js";

const ICONS = { saved: "cloud-check", saving: "cloud-upload", local: "device-floppy" };
const CALM_MS = 4_000;

/** Shows what a sender tells. */
export class SaveState {
  #root;
  #sender;
  #say;
  #shown = "";
  #since = null;
  #timer = null;

  constructor(root, sender, say) {
    this.#root = part("save-state", root);
    this.#sender = sender;
    this.#say = say;
    sender.addEventListener("state", () => this.refresh());
    this.refresh();
  }

  /** Draws the state anew. */
  refresh() {
    clearTimeout(this.#timer);
    const { waiting, isFailing, savedAt } = this.#sender;
    this.#since = waiting ? (this.#since ?? performance.now()) : null;
    const isLong = waiting && performance.now() - this.#since > CALM_MS;
    const state = !waiting ? "saved" : isFailing || isLong ? "local" : "saving";
    if (waiting && !isLong) this.#timer = setTimeout(() => this.refresh(), CALM_MS + 50);
    const words = {
      saved: savedAt ? message("saved_at", { time: timeOfDay(savedAt) }) : message("nothing_to_save"),
      saving: message("saving"),
      local: message(this.#sender.isKept ? "kept_here" : "kept_in_page", { count: waiting }),
    };
    this.#draw(state, words[state]);
  }

  #draw(state, words) {
    if (state !== this.#root.dataset.state) {
      this.#root.dataset.state = state;
      this.#root.firstElementChild.replaceWith(icon(ICONS[state]));
      // Only the two changes that matter are spoken.
      if (state === "local" || (state === "saved" && this.#shown === "local")) this.#say(words);
      if (state !== "saving") this.#shown = state;
    }
    this.#root.lastElementChild.textContent = words;
  }
}
