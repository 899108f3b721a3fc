/* The answer sheet in memory: the paper, what was marked on it, and where the candidate is. It knows no screen and no
   network; every change is told as an event "change" {kind, position, value, isOwn}. */

export const VALUE = "value";
export const FLAGGED = "flagged";
export const ELIMINATED = "eliminated";
export const NOTE = "note";

/** Whether a value says nothing: null, blank text, or a group without a mark. */
export function isBlank(value) {
  if (Array.isArray(value)) return value.every(isBlank);
  if (typeof value === "string") return value.trim() === "";
  return value === null || value === undefined;
}

function isSame(one, other) {
  return JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
}

/** One candidate's sheet on one paper. */
export class Sheet extends EventTarget {
  #marks = new Map();
  #seen = new Set();
  #current = 0;
  #places;

  constructor(paper) {
    super();
    this.paper = paper;
    this.items = paper.sections.flatMap((section, index) =>
      section.items.map((item, place) => ({ ...item, section, sectionIndex: index, isFirst: place === 0 })),
    );
    this.#places = new Map(this.items.map((item, place) => [item.position, place]));
  }

  get size() {
    return this.items.length;
  }

  get place() {
    return this.#current;
  }

  get item() {
    return this.items[this.#current];
  }

  /** Goes to the item at `place`, from 0; outside of the paper nothing happens. */
  goTo(place) {
    if (place < 0 || place >= this.size) return;
    this.#current = place;
    this.#seen.add(this.item.position);
    this.dispatchEvent(new Event("move"));
  }

  /** What was marked at a position; undefined if nothing ever was. */
  get(kind, position) {
    return this.#marks.get(`${kind} ${position}`)?.value;
  }

  /** The candidate's own mark: kept here and told to whoever sends it. The same again is no change. */
  mark(kind, position, value) {
    if (isSame(this.get(kind, position), value)) return;
    this.#set({ kind, position, value }, true);
  }

  /** What is being typed at a position and will be marked soon, as an event "draft" {kind, position, value}. */
  draft(kind, position, value) {
    this.dispatchEvent(new CustomEvent("draft", { detail: { kind, position, value } }));
  }

  /** Marks that are known already: from the server, or from this machine after a reload. */
  take(marks) {
    for (const mark of marks) if (this.#places.has(mark.position)) this.#set(mark, false);
  }

  /** All marks, as `take` takes them. */
  marks() {
    return [...this.#marks.values()];
  }

  #set(mark, isOwn) {
    this.#marks.set(`${mark.kind} ${mark.position}`, mark);
    if (!isBlank(mark.value)) this.#seen.add(mark.position);
    this.dispatchEvent(new CustomEvent("change", { detail: { ...mark, isOwn } }));
  }

  /** How much of an item is answered: {done, of}. */
  progress(item) {
    const value = this.get(VALUE, item.position);
    if (item.type !== "true_false_group") return { done: isBlank(value) ? 0 : 1, of: 1 };
    const done = Array.isArray(value) ? value.filter((truth) => truth !== null).length : 0;
    return { done, of: item.statements.length };
  }

  /** unseen, seen, partly or answered. */
  stateOf(item) {
    const { done, of } = this.progress(item);
    if (done === of) return "answered";
    if (done > 0) return "partly";
    return this.#seen.has(item.position) ? "seen" : "unseen";
  }

  isFlagged(item) {
    return this.get(FLAGGED, item.position) === true;
  }

  /** Places of items that are not answered at all, that are answered in part, and that are flagged. */
  summary() {
    const places = (wanted) => this.items.map((_, place) => place).filter((place) => wanted(this.items[place]));
    return {
      unanswered: places((item) => ["unseen", "seen"].includes(this.stateOf(item))),
      partly: places((item) => this.stateOf(item) === "partly"),
      flagged: places((item) => this.isFlagged(item)),
    };
  }

  /** How many items hold an answer, be it a part of one: what the receipt counts. */
  get answered() {
    return this.items.filter((item) => this.progress(item).done > 0).length;
  }
}

/** The marks that `GET /attempts/{a}` tells. */
export function marksOfStatus(status) {
  const each = (map, kind) =>
    Object.entries(map ?? {}).map(([position, value]) => ({ kind, position: Number(position), value }));
  return [
    ...Object.entries(status.answers).map(([position, { value }]) => ({ kind: VALUE, position: Number(position), value })),
    ...status.flags.map((position) => ({ kind: FLAGGED, position, value: true })),
    ...each(status.eliminated, ELIMINATED),
    ...each(status.notes, NOTE),
  ];
}

/** The mark that an entry of the outbox stands for. */
export function markOfEntry(content) {
  const kind = [VALUE, FLAGGED, ELIMINATED, NOTE].find((name) => name in content);
  return { kind, position: content.position, value: content[kind] };
}
