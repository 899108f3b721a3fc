/* What this machine keeps of an attempt so that a reload without network loses nothing: the seat, the paper, the sheet as
   it stands. Wiped after the receipt, because the next candidate sits at the same machine. */

import { openDB } from "../../vendor/idb.js";

const DATABASE = "truongthi-sheet";
const STORES = ["seats", "papers", "marks"];

function upgrade(database) {
  for (const store of STORES) database.createObjectStore(store);
}

/** All marks of an attempt, as a range of keys. */
function marksOf(attempt) {
  return IDBKeyRange.bound([attempt], [attempt, []]);
}

class Keeping {
  #database;

  constructor(database) {
    this.#database = database;
  }

  /** The seat taken at this sitting, or undefined. */
  async seat(sitting) {
    return this.#database?.get("seats", sitting);
  }

  /** Keeps a seat; `seat.sitting` names it. */
  async keepSeat(seat) {
    await this.#database?.put("seats", seat, seat.sitting);
  }

  /** The paper of an attempt, or undefined. */
  async paper(attempt) {
    return this.#database?.get("papers", attempt);
  }

  /** Keeps a paper. */
  async keepPaper(attempt, paper) {
    await this.#database?.put("papers", paper, attempt);
  }

  /** The entries that make the sheet: [{kind, position, value}]. */
  async marks(attempt) {
    return (await this.#database?.getAll("marks", marksOf(attempt))) ?? [];
  }

  /** Keeps one mark over the earlier one of its kind and position. */
  async keepMark(attempt, mark) {
    await this.#database?.put("marks", mark, [attempt, mark.kind, mark.position]);
  }

  /** Replaces all marks: the server has told how the sheet stands. */
  async keepMarks(attempt, marks) {
    const change = this.#database?.transaction("marks", "readwrite");
    if (!change) return;
    change.store.delete(marksOf(attempt));
    for (const mark of marks) change.store.put(mark, [attempt, mark.kind, mark.position]);
    await change.done;
  }

  /** Forgets the seat of a sitting; the work on it stays. */
  async forgetSeat(sitting) {
    await this.#database?.delete("seats", sitting);
  }

  /** Forgets the seat of a sitting and all that belongs to its attempt. */
  async wipe({ sitting, attempt }) {
    const change = this.#database?.transaction(STORES, "readwrite");
    if (!change) return;
    change.objectStore("seats").delete(sitting);
    change.objectStore("papers").delete(attempt);
    change.objectStore("marks").delete(marksOf(attempt));
    await change.done;
  }
}

/** What is kept on this machine; a browser that stores nothing gets one that forgets. */
export async function openKeeping() {
  try {
    return new Keeping(await openDB(DATABASE, 1, { upgrade }));
  } catch {
    return new Keeping(null);
  }
}
