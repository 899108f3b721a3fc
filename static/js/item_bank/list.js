/* Lists of questions: choose all, and in the review queue J and K move, X chooses. */

import { watchScrollers } from "./scrollers.js";

function chooseAll(button) {
  const form = document.querySelector(button.dataset.chooseAll);
  button.hidden = false;
  button.addEventListener("click", () => {
    const boxes = [...form.elements].filter((field) => field.type === "checkbox");
    const all = boxes.every((box) => box.checked);
    boxes.forEach((box) => (box.checked = !all));
  });
}

function isTyping(target) {
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

function move(stops, by) {
  const at = stops.findIndex((stop) => stop.contains(document.activeElement));
  const next = stops[Math.min(stops.length - 1, Math.max(0, at + by))];
  next?.focus();
  next?.scrollIntoView({ block: "center" });
}

function onKey(event, stops) {
  if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
  const key = event.key.toLowerCase();
  if (key === "j") move(stops, 1);
  else if (key === "k") move(stops, -1);
  else if (key === "x") document.activeElement.closest?.("[data-stop]")?.querySelector("input[type=checkbox]")?.click();
  else return;
  event.preventDefault();
}

document.querySelectorAll("[data-choose-all]").forEach(chooseAll);
const stops = [...document.querySelectorAll("[data-stop]")];
if (stops.length) document.addEventListener("keydown", (event) => onKey(event, stops));

// The facets stand open beside the list and folded above it on a phone.
const wide = matchMedia("(min-width: 60rem)");
document.querySelectorAll("[data-open-wide]").forEach((details) => {
  if (wide.matches) details.open = true;
});

watchScrollers();
