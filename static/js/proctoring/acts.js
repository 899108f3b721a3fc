/* What a person may do, each in a dialog that says whom it concerns before it is done. */

import { element, part } from "../lib/element.js";
import { send } from "../lib/fetch.js";
import { message } from "../lib/messages.js";
import { toast } from "../lib/toast.js";

/** In which states an act applies, for the preview; the server has the last word. */
const APPLIES = {
  "messages": () => true,
  "extra-time": (tile) => ["admitted", "in_progress", "silent", "paused"].includes(tile.state),
  "pause": (tile) => ["in_progress", "silent"].includes(tile.state),
  "resume": (tile) => tile.state === "paused",
  "attend": (tile) => Boolean(tile.hand_at),
  "transfer": (tile) => ["admitted", "in_progress", "silent", "paused"].includes(tile.state),
  "end": (tile) => ["admitted", "in_progress", "silent", "paused"].includes(tile.state),
  "absent": (tile) => tile.state === "expected",
  "present": (tile) => tile.state === "absent",
  "access-code": (tile) => !["submitted", "closed"].includes(tile.state),
};
const PLAIN = { "attend": "attend", "resume": "resume", "transfer": "transfer", "absent": "absent", "present": "present", "access-code": "code" };

/** Whether `verb` can be done to this candidate now. */
export function applies(verb, tile) {
  return APPLIES[verb](tile);
}

/** Opens the dialogs and sends what they say. `onDone()` runs after each act. */
export class Acts {
  #board;
  #onDone;
  #verb;
  #target;

  constructor(board, onDone) {
    this.#board = board;
    this.#onDone = onDone;
    document.querySelectorAll("form[data-act]").forEach((form) => {
      form.addEventListener("submit", (event) => this.#submit(event, form));
    });
    part("preview").closest("form").addEventListener("input", () => this.#preview());
    document.querySelector("[data-print]").addEventListener("click", () => window.print());
    const slips = document.getElementById("new-codes");
    slips.addEventListener("close", () => part("codes", slips).replaceChildren());
  }

  /** `target`: {kind, id, tile} for one candidate, {kind, id, place} for a room or the sitting. */
  open(verb, target) {
    this.#verb = verb;
    this.#target = target;
    const dialog = document.getElementById(`act-${PLAIN[verb] ? "plain" : verb}`);
    const form = dialog.querySelector("form");
    form.reset();
    this.#fail(form, "");
    if (PLAIN[verb]) {
      document.getElementById("act-plain-title").textContent = message(`${PLAIN[verb]}_title`);
      part("text", form).textContent = message(`${PLAIN[verb]}_text`);
    }
    const count = this.#concerned();
    part("whom", form).textContent = count === 0 ? message("for_nobody", { place: target.place }) : this.#whom();
    form.querySelector("button:not([type=button])").disabled = count === 0;
    this.#preview();
    dialog.showModal();
  }

  #concerned() {
    if (this.#target.tile) return 1;
    return [...this.#board.tiles.values()].filter((tile) => applies(this.#verb, tile)).length;
  }

  #whom() {
    const { tile, place } = this.#target;
    if (tile) return message("this_candidate", { name: tile.name, number: tile.number });
    return message("for_candidates", { n: this.#concerned(), place });
  }

  #preview() {
    const line = part("preview");
    const minutes = line.closest("form").elements.minutes.value;
    line.textContent =
      this.#target && minutes > 0 ? message("give_minutes", { minutes, whom: this.#whom() }) : "";
  }

  #body(form) {
    const { minutes, reason, text } = form.elements;
    if (this.#verb === "extra-time") return { seconds: Math.round(Number(minutes.value) * 60), reason: reason.value };
    if (this.#verb === "messages") return { text: text.value };
    if (this.#verb === "absent" || this.#verb === "present") return { absent: this.#verb === "absent" };
    return reason ? { reason: reason.value } : {};
  }

  async #submit(event, form) {
    event.preventDefault();
    const button = form.querySelector("button:not([type=button])");
    button.setAttribute("aria-busy", "true");
    button.disabled = true;
    const { kind, id } = this.#target;
    const verb = this.#verb === "present" ? "absent" : this.#verb;
    try {
      const reply = await send(`/api/v1/${kind}s/${id}/${verb}`, this.#body(form));
      form.closest("dialog").close();
      this.#tell(reply);
      this.#onDone();
    } catch (problem) {
      this.#fail(form, problem.errors?.map((error) => error.message).join(" ") || problem.message);
    } finally {
      button.removeAttribute("aria-busy");
      button.disabled = false;
    }
  }

  #tell(reply) {
    if (reply.codes) return this.#slips(reply.codes);
    if (this.#verb === "messages") return toast(message("message_sent"), "success");
    return toast(this.#target.tile ? message("done_for_one") : message("done_for", { n: reply.affected }), "success");
  }

  #slips(codes) {
    const dialog = document.getElementById("new-codes");
    part("codes", dialog).replaceChildren(
      ...codes.map((code) =>
        element(
          "li",
          { class: "code-slip" },
          element("span", {}, code.full_name),
          element("span", { class: "muted small figures" }, code.candidate_number),
          element("b", { class: "code-slip-code" }, code.printed),
        ),
      ),
    );
    dialog.showModal();
  }

  #fail(form, words) {
    const line = part("failed", form);
    line.hidden = !words;
    line.querySelector("span").textContent = words;
  }
}
