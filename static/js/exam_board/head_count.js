/* The figures of a sitting that is open or runs, asked for every five seconds while the page is looked at. */

import { getJson } from "../lib/fetch.js";

const EVERY_MS = 5000;
const box = document.querySelector("[data-board]");

function figuresOf(totals) {
  return {
    expected: totals.expected,
    admitted: totals.admitted,
    in_progress: totals.in_progress + totals.paused,
    done: totals.submitted + totals.closed,
    absent: totals.absent,
  };
}

async function look() {
  if (!document.hidden) {
    try {
      const { totals } = await getJson(box.dataset.board);
      for (const [name, figure] of Object.entries(figuresOf(totals))) {
        const place = box.querySelector(`[data-standing="${name}"] .stat-value`);
        if (place) place.textContent = figure;
      }
    } catch {
      // The next look may work; the figures on the page are those of the last one.
    }
  }
  setTimeout(look, EVERY_MS);
}

if (box) setTimeout(look, EVERY_MS);
