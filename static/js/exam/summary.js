/* The summary before the end: what is unanswered, half answered or flagged, each a way back, and the one confirmation. */

import { element, part } from "../lib/element.js";
import { message } from "../lib/messages.js";

const GROUPS = ["unanswered", "partly", "flagged"];

/** The dialog inside the part "summary". */
export class Summary {
  #dialog;
  #sheet;
  #onChoose;

  /** `onChoose(place)` goes back to an item, `onSubmit()` ends. */
  constructor(root, sheet, { onChoose, onSubmit }) {
    this.#dialog = part("summary", root);
    this.#sheet = sheet;
    this.#onChoose = onChoose;
    part("hand-in", root).addEventListener("click", () => this.open());
    part("hand-in-now", this.#dialog).addEventListener("click", () => {
      this.#dialog.close();
      onSubmit();
    });
  }

  open() {
    const summary = this.#sheet.summary();
    part("summary-answered", this.#dialog).textContent = message("answered_of", {
      answered: this.#sheet.answered,
      total: this.#sheet.size,
    });
    for (const group of GROUPS) this.#draw(part(`summary-${group}`, this.#dialog), summary[group]);
    part("summary-complete", this.#dialog).hidden = summary.unanswered.length + summary.partly.length > 0;
    this.#dialog.showModal();
  }

  close() {
    this.#dialog.close();
  }

  #draw(section, places) {
    section.hidden = places.length === 0;
    part("count", section).textContent = String(places.length);
    part("jumps", section).replaceChildren(...places.map((place) => this.#jump(place)));
  }

  #jump(place) {
    const go = () => {
      this.#dialog.close();
      this.#onChoose(place);
    };
    const label = message("question", { number: place + 1 });
    return element("button", { type: "button", class: "button button-small", "aria-label": label, onclick: go }, String(place + 1));
  }
}
