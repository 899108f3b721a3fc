/* The seat plan of one room, and the list of those who need attention above it. */

import { element, icon, part } from "../lib/element.js";
import { message } from "../lib/messages.js";
import { TileView } from "./tile.js";
import { byTrouble, trouble } from "./words.js";

const PHONE = matchMedia("(max-width: 48rem)");

/** Paints a LiveBoard of one room into the page. `onOpen(tile)` is called for a pressed tile. */
export class RoomView {
  #board;
  #seats = part("seats");
  #views = new Map();
  #columns;
  #order = "seats";
  #only = null;

  constructor(board, onOpen) {
    this.#board = board;
    this.#columns = Number(this.#seats.closest("[data-columns]").dataset.columns);
    this.#seats.style.setProperty("--columns", this.#columns);
    this.#seats.replaceChildren();
    const open = (event) => {
      const pressed = event.target.closest("[data-candidate]");
      if (pressed) onOpen(board.tiles.get(pressed.dataset.candidate));
    };
    this.#seats.addEventListener("click", open);
    part("attention-list").addEventListener("click", open);
    document.querySelectorAll("[data-order]").forEach((button) => {
      button.addEventListener("click", () => this.#arrange(button.dataset.order));
    });
    PHONE.addEventListener("change", () => this.paint(null));
    this.paint(null);
    if (PHONE.matches) this.#arrange("trouble");
  }

  /** Shows only one state; null shows all. */
  filter(state) {
    this.#only = state;
    for (const view of this.#views.values()) this.#applyFilter(view);
  }

  /** Paints `changed` candidates, or all for null. */
  paint(changed) {
    const now = this.#board.clock.now();
    for (const candidate of changed ?? new Set([...this.#board.tiles.keys(), ...this.#views.keys()])) {
      const tile = this.#board.tiles.get(candidate);
      if (!tile) {
        this.#views.get(candidate)?.node.remove();
        this.#views.delete(candidate);
        continue;
      }
      const view = this.#views.get(candidate) ?? new TileView(candidate);
      view.paint(tile, now);
      this.#applyFilter(view);
      this.#views.set(candidate, view);
    }
    this.#place();
    this.#attention(now);
  }

  /** Once a second: times go on. */
  tick() {
    const now = this.#board.clock.now();
    for (const view of this.#views.values()) view.paintTime(now);
    this.#attention(now);
  }

  #applyFilter(view) {
    view.node.hidden = this.#only !== null && view.tile.state !== this.#only;
  }

  #arrange(order) {
    this.#order = order;
    document.querySelectorAll("[data-order]").forEach((button) => {
      button.setAttribute("aria-pressed", String(button.dataset.order === order));
    });
    this.#seats.dataset.arranged = order;
    this.#place();
  }

  #place() {
    const isMap = this.#order === "seats" && !PHONE.matches;
    const views = [...this.#views.values()];
    if (this.#order === "trouble") views.sort((one, other) => byTrouble(one.tile, other.tile));
    else views.sort((one, other) => (one.tile.seat ?? 999) - (other.tile.seat ?? 999));
    views.forEach((view, at) => {
      view.place(isMap ? this.#columns : 0);
      // Moving a node takes its focus away, so only those that stand wrong are moved.
      if (this.#seats.children[at] !== view.node) this.#seats.insertBefore(view.node, this.#seats.children[at] ?? null);
    });
  }

  #attention(now) {
    const troubled = [...this.#board.tiles.values()].filter((tile) => tile.trouble).sort(byTrouble);
    const box = part("attention");
    box.dataset.quiet = String(!troubled.length);
    const title = part("attention-title");
    const words = troubled.length ? message("attention", { n: troubled.length }) : message("all_quiet");
    if (title.dataset.words !== words) {
      title.dataset.words = words;
      title.replaceChildren(icon(troubled.length ? "alert-triangle" : "circle-check"), words);
    }
    this.#list(troubled, now);
  }

  #list(troubled, now) {
    const list = part("attention-list");
    const key = troubled.map((tile) => `${tile.candidate_id}${tile.state}${tile.hand_at}`).join();
    if (list.dataset.key !== key) {
      list.dataset.key = key;
      list.replaceChildren(
        ...troubled.map((tile) => {
          const attributes = { type: "button", class: "concern", "data-candidate": tile.candidate_id, "data-trouble": tile.trouble };
          const seat = element("b", {}, tile.seat ?? "–");
          const [drawing] = trouble(tile, now);
          const words = element("span", {}, element("span", { class: "concern-name" }, tile.name), element("span", { class: "concern-why" }));
          return element("li", {}, element("button", attributes, seat, icon(drawing), words));
        }),
      );
    }
    list.querySelectorAll(".concern-why").forEach((node, at) => {
      const [, words] = trouble(troubled[at], now);
      if (node.textContent !== words) node.textContent = words;
    });
  }
}
