/* What makes the sheet comfortable: text size, theme, ruling options out, hiding the clock. Chosen for this tab only, because
   the next candidate at this machine sees for themselves. */

import { part } from "../lib/element.js";
import { message } from "../lib/messages.js";

const ZOOMS = [100, 125, 150, 175, 200];
const KEPT = "truongthi-comfort";

function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT)) ?? {};
  } catch {
    return {};
  }
}

function keep(choice) {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify({ ...kept(), ...choice }));
  } catch {
    // A browser that stores nothing forgets the choice at a reload; no more is lost.
  }
}

/** Forgets the choices of this candidate. */
export function forgetComfort() {
  try {
    sessionStorage.removeItem(KEPT);
  } catch {
    // Nothing was kept.
  }
}

function enhanceZoom(root) {
  const figure = part("zoom-figure", root);
  const [smaller, larger] = [part("zoom-out", root), part("zoom-in", root)];
  const show = (zoom) => {
    root.dataset.zoom = String(zoom);
    figure.textContent = `${zoom} %`;
    smaller.disabled = zoom === ZOOMS[0];
    larger.disabled = zoom === ZOOMS.at(-1);
    keep({ zoom });
  };
  const step = (by) => show(ZOOMS[ZOOMS.indexOf(Number(root.dataset.zoom)) + by]);
  smaller.addEventListener("click", () => step(-1));
  larger.addEventListener("click", () => step(1));
  show(ZOOMS.includes(kept().zoom) ? kept().zoom : 100);
}

function enhanceThemes(root) {
  const buttons = [...root.querySelectorAll("[data-theme-choice]")];
  const show = (theme) => {
    document.documentElement.dataset.theme = theme;
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.themeChoice === theme));
  };
  for (const button of buttons)
    button.addEventListener("click", () => {
      show(button.dataset.themeChoice);
      keep({ theme: button.dataset.themeChoice });
    });
  show(kept().theme ?? document.documentElement.dataset.theme);
}

function enhanceSwitch(button, name, show) {
  const set = (isOn) => {
    button.setAttribute("aria-pressed", String(isOn));
    keep({ [name]: isOn });
    show(isOn);
  };
  button.addEventListener("click", () => set(button.getAttribute("aria-pressed") !== "true"));
  set(kept()[name] === true);
}

/** Wires the tools of the sheet. */
export function enhanceTools(root, countdown) {
  enhanceZoom(root);
  enhanceThemes(root);
  enhanceSwitch(part("strike", root), "strike", (isOn) => root.classList.toggle("is-striking", isOn));
  enhanceSwitch(part("hide-clock", root), "hidesClock", (isOn) => {
    countdown.setHidden(isOn);
    part("hide-clock-words", root).textContent = message(isOn ? "show_clock" : "hide_clock");
  });
}
