/* A formula wider than its line scrolls there: then, and only then, the keyboard can reach it. */

const PLACES = ".question-stem, .question-option > div, .draft-source > .prose, .changes dd";

const watcher = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});

/** Watches the formulas of the page, or of a piece that came later. */
export function watchScrollers(root = document) {
  root.querySelectorAll(PLACES).forEach((place) => watcher.observe(place));
}
