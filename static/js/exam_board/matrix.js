/* The matrix counts itself while a teacher types: totals, shares, and what the bank lacks, in words.
   The server counts again when it is saved; there the answer is exact where cells compete for the same questions. */

import { message } from "../lib/messages.js";
import { shortages, totals } from "./matrix_sums.js";

const table = document.querySelector("[data-matrix]");
const form = document.getElementById("matrix-form");
const data = JSON.parse(document.getElementById("matrix-data").textContent);
const figures = new Intl.NumberFormat(data.locale === "vi" ? "vi-VN" : "en-GB", { maximumFractionDigits: 2 });
const shares = new Intl.NumberFormat(data.locale === "vi" ? "vi-VN" : "en-GB", { maximumFractionDigits: 1 });

/** The cells as they are typed now; what is no number counts as nothing until the server says so. */
function read() {
  return [...table.querySelectorAll(".matrix-input")].map((input) => ({
    input,
    section: Number(input.dataset.section),
    kind: input.dataset.kind,
    level: input.dataset.level,
    topic: input.dataset.topic,
    stock: Number(input.dataset.stock),
    count: /^\d{1,3}$/.test(input.value.trim()) ? Number(input.value) : 0,
  }));
}

function write(selector, text) {
  table.querySelectorAll(selector).forEach((place) => (place.textContent = text));
}

function showTotals(sums) {
  sums.sections.forEach((section, place) => {
    write(`[data-section-count="${place}"]`, section.count);
    write(`[data-section-points="${place}"], [data-part-points="${place}"]`, figures.format(section.points));
    write(`[data-part-share="${place}"]`, shares.format(section.share));
    const planned = data.sections[place].count;
    const plan = table.querySelector(`[data-plan="${place}"]`);
    plan.classList.toggle("is-met", planned !== null && section.count === planned);
    plan.classList.toggle("is-over", planned !== null && section.count > planned);
    for (const [level, count] of Object.entries(section.levels)) write(`[data-column="${place}.${level}"]`, count || "");
  });
  for (const [level, sum] of Object.entries(sums.levels)) {
    write(`[data-level-count="${level}"]`, sum.count || "");
    write(`[data-level-points="${level}"]`, figures.format(sum.points));
    write(`[data-level-share="${level}"]`, shares.format(sum.share));
  }
  write('[data-whole="count"]', sums.count);
  write('[data-whole="points"]', figures.format(sums.points));
  write('[data-whole="share"]', sums.points ? 100 : 0);
  for (const row of table.querySelectorAll("[data-row]")) {
    const sum = sums.topics[row.dataset.row];
    for (const place of row.querySelectorAll("[data-row-level]")) {
      place.textContent = sum?.levels[place.dataset.rowLevel] || "";
    }
    row.querySelector("[data-row-share]").textContent = sum?.count ? shares.format(sum.share) : "";
  }
  const summary = document.querySelector("[data-matrix-summary]");
  if (summary) summary.textContent = `${message("matrix_total", { count: sums.count, points: figures.format(sums.points) })} · ${message("matrix_unsaved")}`;
}

function topicName(topic) {
  if (topic === data.any) return data.any_topic;
  return table.querySelector(`[data-row="${CSS.escape(topic)}"] [data-row-name]`)?.textContent ?? "";
}

function showShortages(cells, lacking) {
  for (const cell of cells) {
    const missing = lacking.get(cell) ?? 0;
    const box = cell.input.closest("td");
    box.classList.toggle("is-short", missing > 0);
    box.classList.toggle("is-filled", cell.count > 0);
    const note = box.querySelector("[data-stock-note]");
    note.textContent = missing ? message("matrix_lacking", { count: missing }) : `/${cell.stock}`;
  }
  const callout = document.querySelector("[data-matrix-shortages]");
  const sentences = [...lacking].map(([cell, missing]) => {
    const line = document.createElement("li");
    line.textContent = message("matrix_shortage", {
      missing,
      kind: data.kinds[cell.kind],
      level: data.levels[cell.level],
      topic: topicName(cell.topic),
      wanted: cell.count,
      available: cell.count - missing,
    });
    return line;
  });
  callout.hidden = sentences.length === 0;
  callout.querySelector("ul").replaceChildren(...sentences);
}

function recount() {
  const cells = read();
  showTotals(totals(cells, data.sections));
  showShortages(cells, shortages(cells, data.stock, data.any));
}

/** Arrow keys move through the grid as in a spreadsheet; left and right only at the ends of what is typed. */
function move(event) {
  const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], Enter: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  const step = steps[event.key];
  const input = event.target.closest(".matrix-input");
  if (!step || !input) return;
  const rows = [...table.tBodies[0].rows].map((row) => [...row.querySelectorAll(".matrix-input")]);
  const down = rows.findIndex((row) => row.includes(input));
  const next = rows[down + step[0]]?.[rows[down].indexOf(input) + step[1]];
  event.preventDefault();
  next?.focus();
  next?.select();
}

if (form && table) {
  table.addEventListener("input", recount);
  table.addEventListener("keydown", move);
  let sent = false;
  let typed = false;
  table.addEventListener("input", () => (typed = true));
  form.addEventListener("submit", () => (sent = true));
  window.addEventListener("beforeunload", (event) => {
    if (typed && !sent) event.preventDefault();
  });
}
