/* Short messages at the page's edge. They go by themselves, except what went wrong, which waits to be closed. */

import { message } from "./messages.js";

const ICONS = { success: "circle-check", warning: "alert-triangle", danger: "alert-octagon", info: "info-circle" };
const SHOWN_MS = 7000;
const SVG = "http://www.w3.org/2000/svg";

function drawing(region, name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${region.dataset.sprite}#${name}`);
  svg.append(use);
  return svg;
}

function arm(region, box) {
  const close = document.createElement("button");
  close.type = "button";
  close.className = "button button-quiet button-small button-icon";
  const words = document.createElement("span");
  words.className = "visually-hidden";
  words.textContent = message("close");
  close.append(drawing(region, "x"), words);
  close.addEventListener("click", () => box.remove());
  box.append(close);
  if (box.classList.contains("toast-danger")) return;
  let timer = setTimeout(() => box.remove(), SHOWN_MS);
  // Someone who reads or points at it has not finished with it.
  const hold = () => clearTimeout(timer);
  const release = () => {
    clearTimeout(timer);
    timer = setTimeout(() => box.remove(), SHOWN_MS);
  };
  box.addEventListener("mouseenter", hold);
  box.addEventListener("focusin", hold);
  box.addEventListener("mouseleave", release);
  box.addEventListener("focusout", release);
}

/** Shows `text` with a tone: success, warning, danger or info. */
export function toast(text, tone = "info") {
  const region = document.querySelector("[data-toasts]");
  if (!region) return;
  const box = document.createElement("div");
  box.className = `toast toast-${tone}`;
  const words = document.createElement("p");
  words.textContent = text;
  box.append(drawing(region, ICONS[tone] ?? ICONS.info), words);
  region.append(box);
  arm(region, box);
}

/** Gives the messages that came with the page their close buttons. */
export function enhanceToasts() {
  const region = document.querySelector("[data-toasts]");
  region?.querySelectorAll("[data-toast]").forEach((box) => arm(region, box));
}
