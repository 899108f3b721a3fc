/* One candidate in a dialog: facts, acts, and the course of the attempt. */

import { element, icon, part } from "../lib/element.js";
import { getJson } from "../lib/fetch.js";
import { message } from "../lib/messages.js";
import { applies } from "./acts.js";
import { at, lastLine, stateWords, trouble } from "./words.js";

const COURSE_MS = 5_000;

/** The dialog of a candidate; stays true to the board while it is open. */
export class Panel {
  #board;
  #dialog = document.getElementById("candidate");
  #candidate = null;
  #asked = 0;

  constructor(board, acts) {
    this.#board = board;
    part("panel-acts", this.#dialog).addEventListener("click", (event) => {
      const pressed = event.target.closest("[data-act-button]");
      const tile = board.tiles.get(this.#candidate);
      if (pressed && tile) acts.open(pressed.dataset.actButton, { kind: "candidate", id: tile.candidate_id, tile });
    });
    this.#dialog.addEventListener("close", () => (this.#candidate = null));
  }

  open(tile) {
    this.#candidate = tile.candidate_id;
    part("course", this.#dialog).replaceChildren();
    this.#asked = 0;
    this.paint();
    this.#dialog.showModal();
  }

  /** Brings facts and acts up to date, and the course every few seconds; `isNew`: at once. */
  paint(isNew = false) {
    const tile = this.#board.tiles.get(this.#candidate);
    if (!tile) return;
    const now = this.#board.clock.now();
    document.getElementById("candidate-title").textContent = tile.name;
    const [word, drawing] = stateWords(tile.state);
    const concern = trouble(tile, now);
    const chips = [this.#chip(word, drawing, tile.state)];
    if (concern && tile.state !== "silent" && tile.state !== "paused") chips.push(this.#chip(concern[1], concern[0], "concern"));
    part("panel-state", this.#dialog).replaceChildren(...chips);
    part("panel-facts", this.#dialog).replaceChildren(...this.#facts(tile, now));
    for (const button of part("panel-acts", this.#dialog).querySelectorAll("[data-act-button]")) {
      button.hidden = !applies(button.dataset.actButton, tile);
    }
    if (isNew || now - this.#asked > COURSE_MS) this.#course(now);
  }

  #chip(words, drawing, state) {
    return element("span", { class: "panel-chip", "data-state": state }, icon(drawing), words);
  }

  #facts(tile, now) {
    const words = JSON.parse(this.#dialog.querySelector("[data-facts]").textContent);
    const [, last] = lastLine(tile, now);
    const time = [
      tile.deadline ? message("ends_at", { time: at(tile.deadline) }) : "",
      tile.extra_seconds ? message("extra_minutes", { minutes: Math.round(tile.extra_seconds / 6) / 10 }) : "",
    ];
    const facts = [
      [words.seat, tile.seat ?? "–"],
      [words.number, tile.number],
      [words.class_name, tile.class_name],
      [words.form, tile.form],
      [words.progress, tile.items ? `${tile.answered}/${tile.items}` : tile.answered],
      [words.contact, last],
      [words.time, time.filter(Boolean).join(" · ")],
    ];
    return facts.filter(([, value]) => value !== "").flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]);
  }

  async #course(now) {
    this.#asked = now;
    const candidate = this.#candidate;
    const reply = await getJson(`/api/v1/candidates/${candidate}/timeline`).catch(() => null);
    if (!reply || candidate !== this.#candidate) return;
    const lines = reply.moments.map((moment) =>
      element(
        "li",
        {},
        element("time", { class: "figures", datetime: moment.at }, at(moment.at)),
        icon(moment.icon),
        element("span", {}, moment.text, moment.by ? element("small", {}, ` ${message("by", { name: moment.by })}`) : null),
      ),
    );
    const empty = element("li", { class: "muted" }, message("empty_timeline"));
    part("course", this.#dialog).replaceChildren(...(lines.length ? lines : [empty]));
  }
}
