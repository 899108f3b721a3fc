/* Keys of the sheet. Letters alone do nothing outside the options, because Telex typing uses them all. */

import { LETTERS } from "./types/single_choice.js";

const MOVES = { KeyN: "next", KeyP: "previous", KeyF: "flag", KeyM: "map", KeyT: "time" };

function optionPlace(event) {
  if (/^[1-9]$/.test(event.key)) return Number(event.key) - 1;
  return event.key.length === 1 ? LETTERS.indexOf(event.key.toUpperCase()) : -1;
}

function isTyping(target) {
  return target.matches("textarea, select, input:not([type=radio]):not([type=checkbox])");
}

/** Calls `actions` {next, previous, flag, map, time, keys, choose(place)}; nothing while `isIdle()`. */
export function listen(actions, isIdle) {
  document.addEventListener("keydown", (event) => {
    if (isIdle() || event.isComposing || document.querySelector("dialog[open]")) return;
    if (event.altKey && event.shiftKey && !event.ctrlKey && MOVES[event.code]) {
      event.preventDefault();
      actions[MOVES[event.code]]();
      return;
    }
    if (event.altKey || event.ctrlKey || event.metaKey || isTyping(event.target)) return;
    if (event.key === "?") {
      event.preventDefault();
      actions.keys();
    } else if (event.target.closest(".options")) {
      const place = optionPlace(event);
      if (place >= 0 && actions.choose(place)) event.preventDefault();
    }
  });
}
