/* The centre of the sheet: the current item, beside its passage if it has one. Items are built once and kept, so that going
   back and forth costs a swap of nodes. */

import { element, icon, part } from "../lib/element.js";
import { message } from "../lib/messages.js";
import { fragment } from "../lib/trusted.js";
import { NOTE } from "./sheet.js";
import { enhanceSplitter } from "./splitter.js";
import { types } from "./types/registry.js";
import { Slowly } from "./types/slowly.js";

function note(item, sheet) {
  const id = `note-${item.position}`;
  const slowly = new Slowly(sheet, NOTE, item.position);
  const box = element("textarea", { class: "input", id, rows: "2", maxlength: "2000", spellcheck: "false" });
  box.addEventListener("input", () => slowly.take(box.value));
  box.addEventListener("blur", () => slowly.flush());
  const label = element("label", { class: "field-label", for: id }, message("note_label"));
  const node = element("details", { class: "item-note" }, element("summary", {}, icon("note"), message("note")), label, box);
  const refresh = () => {
    if (slowly.isWaiting || document.activeElement === box) return;
    box.value = sheet.get(NOTE, item.position) ?? "";
    node.open ||= box.value !== "";
  };
  return { node, refresh, flush: () => slowly.flush() };
}

function stem(item) {
  const node = element("div", { class: "item-stem" });
  node.append(fragment(item.stem));
  return node;
}

function build(item, place, sheet) {
  const answer = types[item.type].build(item, sheet);
  const notes = note(item, sheet);
  const number = element("h2", { class: "item-number", id: `item-${item.position}`, tabindex: "-1" });
  number.textContent = message("question_of", { number: place + 1, total: sheet.size });
  const instruction = item.isFirst && item.section.instruction ? element("p", { class: "item-instruction" }, item.section.instruction) : null;
  const node = element(
    "section",
    { class: "item", "aria-labelledby": `item-${item.position}` },
    instruction,
    element("div", { class: "item-head" }, number),
    stem(item),
    answer.node,
    notes.node,
  );
  return {
    node,
    number,
    choose: answer.choose,
    refresh: () => {
      answer.refresh();
      notes.refresh();
    },
    flush: () => {
      answer.flush?.();
      notes.flush();
    },
  };
}

/** Shows the sheet's current item inside the part "work". */
export class ItemView {
  #sheet;
  #built = new Map();
  #passages = new Map();
  #work;
  #split;
  #passage;
  #splitter;
  #isReadOnly = false;

  constructor(root, sheet) {
    this.#sheet = sheet;
    this.#work = part("work", root);
    this.#split = part("split", root);
    this.#passage = part("passage", root);
    this.#splitter = part("splitter", root);
    enhanceSplitter(this.#splitter, this.#split);
    sheet.addEventListener("change", ({ detail }) => this.#refresh(detail.position));
  }

  /** Puts the current item on the screen; with `focus` its heading is focused, so that it is read out. */
  show({ focus }) {
    const view = this.current;
    const passage = this.#sheet.item.passage;
    const last = this.#split.lastElementChild;
    if (last !== view.node) (last.classList.contains("item") ? last.replaceWith(view.node) : this.#split.append(view.node));
    this.#split.classList.toggle("has-passage", Boolean(passage));
    this.#passage.hidden = this.#splitter.hidden = !passage;
    if (passage) this.#passage.replaceChildren(this.#passageNode(passage));
    view.refresh();
    this.#lock(view);
    this.#work.scrollTop = 0;
    if (focus) view.number.focus({ preventScroll: true });
  }

  /** The view of the current item. */
  get current() {
    return this.#viewAt(this.#sheet.place);
  }

  /** Builds what is likely to be wanted next, while the browser is idle. */
  prepare() {
    for (const place of [this.#sheet.place + 1, this.#sheet.place - 1]) if (this.#sheet.items[place]) this.#viewAt(place);
  }

  /** Writes down text that rests in boxes. */
  flush() {
    for (const view of this.#built.values()) view.flush();
  }

  /** Nothing can be changed from now on (time over, another tab), or again. */
  setReadOnly(isReadOnly) {
    this.#isReadOnly = isReadOnly;
    for (const view of this.#built.values()) this.#lock(view);
  }

  #viewAt(place) {
    const item = this.#sheet.items[place];
    if (!this.#built.has(item.position)) this.#built.set(item.position, build(item, place, this.#sheet));
    return this.#built.get(item.position);
  }

  #passageNode(name) {
    if (!this.#passages.has(name)) {
      const node = element("div", { class: "prose" });
      node.append(fragment(this.#sheet.paper.passages[name]));
      this.#passages.set(name, node);
    }
    return this.#passages.get(name);
  }

  #refresh(position) {
    this.#built.get(position)?.refresh();
  }

  #lock(view) {
    view.node.classList.toggle("is-locked", this.#isReadOnly);
    for (const control of view.node.querySelectorAll("input, textarea, button")) {
      if (control.matches("input[type=radio], button")) control.disabled = this.#isReadOnly;
      else control.readOnly = this.#isReadOnly;
    }
    if (!this.#isReadOnly) view.refresh();
  }
}
