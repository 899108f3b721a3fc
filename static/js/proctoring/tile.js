/* One tile of the seat plan: made once, painted whenever it or the time has changed. */

import { element, icon } from "../lib/element.js";
import { message } from "../lib/messages.js";
import { lastLine, stateWords, trouble } from "./words.js";

function drawing(holder, name) {
  if (holder.dataset.drawing === (name ?? "")) return;
  holder.dataset.drawing = name ?? "";
  holder.replaceChildren(...(name ? [icon(name)] : []));
}

function say(node, words) {
  if (node.textContent !== words) node.textContent = words;
}

/** A tile of the page: `node` is the list item, `paint(tile, now)` brings it up to date. */
export class TileView {
  constructor(candidate) {
    const made = (name) => (this[name] = element("span", { class: `tile-${name}` }));
    this.bar = element("progress", { max: 1, value: 0, "aria-hidden": "true" });
    this.button = element(
      "button",
      { type: "button", class: "tile", "data-candidate": candidate },
      element("span", { class: "visually-hidden" }, `${message("seat_word")} `),
      element("span", { class: "tile-top" }, made("seat"), element("span", { class: "tile-state" }, made("mark"), made("word"))),
      made("name"),
      made("facts"),
      element("span", { class: "tile-progress" }, this.bar, made("count")),
      element("span", { class: "tile-seen" }, made("line"), made("last")),
    );
    this.node = element("li", {}, this.button);
  }

  paint(tile, now) {
    this.tile = tile;
    const [word, mark] = stateWords(tile.state);
    const concern = trouble(tile, now);
    Object.assign(this.button.dataset, { state: tile.state, trouble: tile.trouble });
    this.button.toggleAttribute("data-hand", Boolean(tile.hand_at));
    drawing(this.mark, tile.hand_at ? "hand-stop" : mark);
    say(this.word, tile.hand_at ? concern[1] : word);
    say(this.seat, tile.seat ?? "–");
    say(this.name, tile.name);
    say(this.facts, message("number_form", { number: tile.number, form: tile.form || "–" }));
    this.bar.max = tile.items || 1;
    this.bar.value = tile.answered;
    say(this.count, tile.items ? `${tile.answered}/${tile.items}` : String(tile.answered));
    this.paintTime(now);
  }

  /** What goes on by itself: "12 giây trước". */
  paintTime(now) {
    const { tile } = this;
    const isSpecial = tile.trouble && !tile.hand_at && tile.state !== "silent" && tile.state !== "paused";
    const [line, words] = isSpecial ? trouble(tile, now) : lastLine(tile, now);
    drawing(this.line, line);
    say(this.last, words);
  }

  /** Puts the tile where the seat stands, or leaves it to the order of the list. */
  place(columns) {
    const { seat } = this.tile;
    this.node.style.gridColumn = columns && seat ? String(((seat - 1) % columns) + 1) : "";
    this.node.style.gridRow = columns && seat ? String(Math.floor((seat - 1) / columns) + 1) : "";
  }
}
