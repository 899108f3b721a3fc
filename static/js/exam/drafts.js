/* Text that is being typed and not yet written down: kept at every stroke, at once, so that not even the last half second is
   lost when the page goes. A page that is leaving has no time for IndexedDB. */

const KEPT = "truongthi-drafts";

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT)) ?? [];
  } catch {
    return [];
  }
}

function write(drafts) {
  try {
    if (drafts.length) sessionStorage.setItem(KEPT, JSON.stringify(drafts));
    else sessionStorage.removeItem(KEPT);
  } catch {
    // A browser that stores nothing loses the last half second of typing at a reload, and says so at the door.
  }
}

function isAt({ attempt, kind, position }) {
  return (draft) => draft.attempt === attempt && draft.kind === kind && draft.position === position;
}

/** Keeps one draft {attempt, kind, position, value} over the earlier one of its place. */
export function keepDraft(draft) {
  write([...read().filter((each) => !isAt(draft)(each)), draft]);
}

/** Forgets a draft once this very text is written down. */
export function dropDraft(written) {
  const isWritten = (draft) => isAt(written)(draft) && (draft.value || null) === (written.value ?? null);
  write(read().filter((draft) => !isWritten(draft)));
}

/** The drafts of an attempt. */
export function draftsOf(attempt) {
  return read().filter((draft) => draft.attempt === attempt);
}

/** Forgets all: the attempt is over. */
export function forgetDrafts() {
  write([]);
}
