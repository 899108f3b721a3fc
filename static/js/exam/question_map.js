/* The question map: one cell an item with its state, a count of what is left, a filter. On phones it is a sheet from below. */

import { element, part } from "../lib/element.js";
import { message } from "../lib/messages.js";

function wordsFor(sheet, item, place) {
  const { done, of } = sheet.progress(item);
  const state = sheet.stateOf(item);
  const words = [message("question", { number: place + 1 })];
  words.push(state === "partly" ? message("map_partly", { done, of }) : message(`map_${state}`));
  if (sheet.isFlagged(item)) words.push(message("map_flagged"));
  return words.join(", ");
}

/** The map inside the part "map". */
export class QuestionMap {
  #sheet;
  #root;
  #cells = [];
  #opener;

  /** `onChoose(place)` hears which item is wanted. */
  constructor(root, sheet, onChoose) {
    this.#sheet = sheet;
    this.#root = part("map", root);
    this.#opener = part("open-map", root);
    part("map-sections", this.#root).replaceChildren(...this.#sections(onChoose));
    this.#opener.addEventListener("click", () => this.toggle());
    part("close-map", this.#root).addEventListener("click", () => this.toggle(false));
    root.addEventListener("keydown", (event) => event.key === "Escape" && this.isOpen && this.toggle(false));
    part("work", root).addEventListener("pointerdown", () => this.isOpen && this.toggle(false));
    part("map-filter", this.#root).addEventListener("change", () => this.refresh());
    sheet.addEventListener("change", () => this.refresh());
    sheet.addEventListener("move", () => this.refresh());
    this.refresh();
  }

  get isOpen() {
    return this.#root.classList.contains("is-open");
  }

  /** Opens or closes the phone's sheet; where the map always shows, focus goes to the current cell. */
  toggle(open = !this.isOpen) {
    const was = this.isOpen;
    this.#root.classList.toggle("is-open", open);
    this.#opener.setAttribute("aria-expanded", String(open));
    if (open) this.#cells[this.#sheet.place].focus();
    else if (was && this.#root.contains(document.activeElement)) this.#opener.focus();
  }

  /** Draws the states anew. */
  refresh() {
    const { unanswered } = this.#sheet.summary();
    const isFiltered = part("map-filter", this.#root).checked;
    const words = unanswered.length ? message("left", { count: unanswered.length }) : message("none_left");
    part("map-left", this.#root).textContent = words;
    this.#sheet.items.forEach((item, place) => this.#draw(item, place, isFiltered && !unanswered.includes(place)));
  }

  #draw(item, place, isHidden) {
    const cell = this.#cells[place];
    const state = this.#sheet.stateOf(item);
    const { done, of } = this.#sheet.progress(item);
    cell.dataset.state = state;
    cell.classList.toggle("is-flagged", this.#sheet.isFlagged(item));
    cell.hidden = isHidden && place !== this.#sheet.place;
    cell.setAttribute("aria-label", wordsFor(this.#sheet, item, place));
    if (place === this.#sheet.place) cell.setAttribute("aria-current", "true");
    else cell.removeAttribute("aria-current");
    // Drawn by the style sheet: the label says it in words already.
    cell.lastChild.dataset.done = state === "partly" ? `${done}/${of}` : "";
  }

  #sections(onChoose) {
    const groups = [];
    this.#sheet.items.forEach((item, place) => {
      if (item.isFirst) {
        const heading = element("h3", { class: "map-section" }, item.section.title);
        const grid = element("div", { class: "map-grid" });
        groups.push({ grid, node: element("section", {}, heading, grid) });
      }
      const cell = element(
        "button",
        { type: "button", class: "map-cell", onclick: () => onChoose(place) },
        element("span", {}, String(place + 1)),
        element("span", { class: "map-part" }),
      );
      this.#cells.push(cell);
      groups.at(-1).grid.append(cell);
    });
    return groups.map((group) => group.node);
  }
}
