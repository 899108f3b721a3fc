/* All rooms of a sitting as cards: those with trouble first, each with its states as a bar and its loudest troubles. */

import { element, icon, part } from "../lib/element.js";
import { message } from "../lib/messages.js";
import { byTrouble, isOver, stateWords, trouble } from "./words.js";

const SHOWN = 3;

function bar(tiles) {
  const counts = new Map();
  for (const tile of tiles) counts.set(tile.state, (counts.get(tile.state) ?? 0) + 1);
  const parts = [...counts].map(([state, count]) => {
    const segment = element("span", { class: "room-bar-part", "data-state": state, title: `${stateWords(state)[0]}: ${count}` });
    segment.style.flexGrow = String(count);
    return segment;
  });
  const words = [...counts].map(([state, count]) => `${stateWords(state)[0]}: ${count}`).join(", ");
  return element("span", { class: "room-bar", role: "img", "aria-label": words }, ...parts);
}

function concerns(tiles, now) {
  const troubled = tiles.filter((tile) => tile.trouble).sort(byTrouble);
  if (!troubled.length) {
    return [element("span", { class: "room-card-quiet" }, icon("circle-check"), message("all_quiet"))];
  }
  const lines = troubled.slice(0, SHOWN).map((tile) => {
    const [drawing, words] = trouble(tile, now);
    const who = `${message("seat", { seat: tile.seat ?? "–" })} · ${tile.name}: ${words}`;
    return element("span", { class: "room-card-concern", "data-trouble": tile.trouble }, icon(drawing), element("span", {}, who));
  });
  if (troubled.length > SHOWN) {
    lines.push(element("span", { class: "room-card-more" }, message("more", { n: troubled.length - SHOWN })));
  }
  return lines;
}

/** Paints a LiveBoard of many rooms into the page. */
export class RoomsView {
  #board;
  #cards = new Map();
  #only = null;

  constructor(board) {
    this.#board = board;
    document.querySelectorAll("[data-room-card]").forEach((card) => this.#cards.set(card.dataset.roomCard, card));
    this.paint();
  }

  /** Shows only rooms in which somebody is in this state; null shows all. */
  filter(state) {
    this.#only = state;
    this.paint();
  }

  paint() {
    const now = this.#board.clock.now();
    const byRoom = new Map([...this.#cards.keys()].map((room) => [room, []]));
    for (const tile of this.#board.tiles.values()) byRoom.get(tile.room_id)?.push(tile);
    const loud = (tiles) => tiles.reduce((sum, tile) => sum + (tile.trouble === 2 ? 100 : tile.trouble), 0);
    const ordered = [...byRoom].sort((one, other) => loud(other[1]) - loud(one[1]));
    const list = part("rooms");
    ordered.forEach(([room, tiles], at) => {
      const card = this.#cards.get(room);
      this.#paintCard(card, tiles, now);
      card.hidden = this.#only !== null && !tiles.some((tile) => tile.state === this.#only);
      if (list.children[at] !== card) list.insertBefore(card, list.children[at] ?? null);
    });
  }

  tick() {
    this.paint();
  }

  #paintCard(card, tiles, now) {
    const link = card.firstElementChild;
    const name = link.querySelector(".room-card-name");
    link.dataset.trouble = String(tiles.reduce((most, tile) => Math.max(most, tile.trouble), 0));
    const answered = tiles.reduce((sum, tile) => sum + tile.answered, 0);
    const items = tiles.reduce((sum, tile) => sum + (tile.state === "absent" ? 0 : tile.items), 0);
    const over = tiles.filter(isOver).length;
    const key = JSON.stringify([tiles.map((tile) => [tile.state, tile.trouble, tile.hand_at]), answered, Math.floor(now / 5000)]);
    if (card.dataset.key === key) return;
    card.dataset.key = key;
    const figures = element("span", { class: "room-card-figures figures" }, `${over}/${tiles.length}`, " ", icon("checks"));
    const share = element("span", { class: "room-card-share figures" }, items ? `${Math.round((100 * answered) / items)} %` : "");
    const top = element("span", { class: "room-card-top" }, name, share, figures);
    link.replaceChildren(top, bar(tiles), ...concerns(tiles, now));
  }
}
