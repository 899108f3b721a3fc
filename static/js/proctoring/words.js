/* What the board says in words: states, times, what troubles a tile. */

import { lasting, timeOfDay } from "../lib/clock.js";
import { message } from "../lib/messages.js";

const states = JSON.parse(document.getElementById("states").textContent);

/** [word, drawing] of a state. */
export function stateWords(state) {
  return states[state];
}

/** `12 giây trước`. */
export function ago(at, now) {
  const seconds = Math.max(0, Math.round((now - Date.parse(at)) / 1000));
  if (seconds < 3) return message("just_now");
  if (seconds < 60) return message("seconds_ago", { n: seconds });
  if (seconds < 3600) return message("minutes_ago", { n: Math.floor(seconds / 60) });
  return message("hours_ago", { n: Math.floor(seconds / 3600) });
}

/** `08:15:02` of an instant. */
export function at(instant) {
  return timeOfDay(Date.parse(instant));
}

/** The line of a tile: when the candidate was last heard, in the way their state asks for; and its drawing. */
export function lastLine(tile, now) {
  const line = tile.connected ? "wifi" : "wifi-off";
  switch (tile.state) {
    case "in_progress":
      return [tile.connected ? "wifi" : "cloud-check", message("saved", { ago: ago(tile.last_seen, now) })];
    case "silent":
      return ["wifi-off", message("silent_for", { time: lasting(now - Date.parse(tile.last_seen)) })];
    case "admitted":
      return [line, message("entered", { ago: ago(tile.last_seen, now) })];
    case "paused":
      return ["clock-pause", message("paused_since")];
    case "submitted":
    case "closed":
      return ["clock", tile.over_at ? message("over_at", { time: at(tile.over_at) }) : ""];
    default:
      return [null, ""];
  }
}

/** What asks for attention: [drawing, words] or null. */
export function trouble(tile, now) {
  if (!tile.trouble) return null;
  if (tile.hand_at) return ["hand-stop", message("hand_raised")];
  if (tile.state === "silent") return lastLine(tile, now);
  if (tile.awaits_transfer) return ["transfer", message("awaits_machine")];
  if (tile.state === "paused") return ["player-pause", stateWords("paused")[0]];
  if (tile.hidden_at) return ["eye-off", message("page_hidden")];
  return ["circle-dashed", message("late")];
}

/** The loudest first; among equals by seat. */
export function byTrouble(one, other) {
  return other.trouble - one.trouble || isOver(one) - isOver(other) || (one.seat ?? 999) - (other.seat ?? 999);
}

/** Whether nothing more is to be expected of this candidate. */
export function isOver(tile) {
  return ["submitted", "closed", "absent"].includes(tile.state);
}
