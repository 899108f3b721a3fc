/* The stages of the exam page (door, waiting, sheet, ending, moved), of which one is shown, and the voice of the page. */

const NAMES = ["door", "waiting", "sheet", "ending", "moved"];
const GAP_MS = 80;

/** The element of a stage. */
export function stage(name) {
  return document.getElementById(`stage-${name}`);
}

/** Shows one stage and hides the others. */
export function showStage(name) {
  for (const each of NAMES) {
    const root = stage(each);
    if (root) root.hidden = each !== name;
  }
  document.body.dataset.stage = name;
}

/** Says a sentence to screen readers when they have finished; the same again is said again. */
export function sayPolitely(text) {
  const region = document.getElementById("voice");
  region.textContent = "";
  setTimeout(() => (region.textContent = text), GAP_MS);
}
