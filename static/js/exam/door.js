/* The door: number and code, or one press for a pupil who is signed in. Every refusal is a sentence; the two that only need
   time (not open yet, an invigilator must move the exam here) wait and go on by themselves. */

import { part } from "../lib/element.js";
import { message } from "../lib/messages.js";
import { admit } from "./api.js";

const AGAIN_MS = { not_open: 5_000, transfer_needed: 5_000, offline: 4_000, busy: 4_000 };
const CODE_LENGTH = 8;

/** What a typed code means: letters and digits, with a dash in the middle. */
export function tidyCode(typed) {
  const signs = typed.toUpperCase().replace(/[^0-9A-Z]/g, "").slice(0, CODE_LENGTH);
  return signs.length > 4 ? `${signs.slice(0, 4)}-${signs.slice(4)}` : signs;
}

/** Puts the dash in as one types, without moving the caret away from where the hand is. */
function enhanceCode(input) {
  input.addEventListener("input", (event) => {
    if (event.isComposing) return;
    const behind = input.value.slice(input.selectionStart).replace(/[^0-9A-Za-z]/g, "").length;
    input.value = tidyCode(input.value);
    let caret = input.value.length;
    for (let left = behind; left > 0 && caret > 0; caret -= 1) if (input.value[caret - 1] !== "-") left -= 1;
    input.setSelectionRange(caret, caret);
  });
}

/** The stage of the door inside `root`; `onAdmitted(admission)` gets what the server gave. */
export class Door {
  #root;
  #sitting;
  #onAdmitted;
  #timer = null;

  constructor(root, sitting, onAdmitted) {
    this.#root = root;
    this.#sitting = sitting;
    this.#onAdmitted = onAdmitted;
    const form = part("door-form", root);
    enhanceCode(form.elements.access_code);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#enterWithCode(form);
    });
    part("door-account", root)?.addEventListener("click", () => this.#enter({}));
  }

  /** Shows a sentence at the door: tone info, warning or danger. */
  tell(text, tone = "warning") {
    const box = part("door-message", this.#root);
    box.className = `callout callout-${tone}`;
    part("door-words", box).textContent = text;
    box.hidden = false;
  }

  #enterWithCode(form) {
    const number = form.elements.candidate_number.value.trim();
    const code = tidyCode(form.elements.access_code.value);
    if (!number || code.length !== CODE_LENGTH + 1) {
      this.tell(message(number ? "code_is_short" : "number_is_missing"));
      form.elements[number ? "access_code" : "candidate_number"].focus();
      return;
    }
    this.#enter({ candidate_number: number, access_code: code });
  }

  async #enter(body) {
    clearTimeout(this.#timer);
    this.#setBusy(true);
    try {
      const admission = await admit(this.#sitting, body);
      part("door-message", this.#root).hidden = true;
      await this.#onAdmitted(admission);
    } catch (problem) {
      this.#refuse(problem, body);
      return;
    }
    this.#setBusy(false);
  }

  #refuse(problem, body) {
    const wait = AGAIN_MS[problem.code];
    if (wait) {
      this.tell(`${problem.message} ${message(`then_${problem.code}`)}`, "info");
      this.#timer = setTimeout(() => this.#enter(body), wait * (0.8 + 0.4 * Math.random()));
      this.#setBusy(false, true);
      return;
    }
    this.tell(problem.message, "danger");
    this.#setBusy(false);
    if (problem.retryAfter) this.#hold(problem.retryAfter);
    else part("door-form", this.#root).elements.access_code.select();
  }

  /** Counts the delay down on the button. */
  #hold(seconds) {
    const button = part("door-enter", this.#root);
    const words = part("door-enter-words", this.#root);
    if (seconds <= 0) {
      button.disabled = false;
      words.textContent = message("enter");
      return;
    }
    button.disabled = true;
    words.textContent = message("enter_in", { seconds });
    this.#timer = setTimeout(() => this.#hold(seconds - 1), 1000);
  }

  #setBusy(isBusy, isWaiting = false) {
    for (const button of this.#root.querySelectorAll("[data-part=door-enter], [data-part=door-account]")) {
      if (isBusy || isWaiting) button.setAttribute("aria-busy", "true");
      else button.removeAttribute("aria-busy");
      button.disabled = isBusy;
    }
  }
}
