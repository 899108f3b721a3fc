/* The live pages of invigilators: puts board, views, acts and the clock together. */

import { lasting, timeOfDay } from "../lib/clock.js";
import { part } from "../lib/element.js";
import { message } from "../lib/messages.js";
import { Acts } from "./acts.js";
import { LiveBoard } from "./live.js";
import { Panel } from "./panel.js";
import { RoomView } from "./room.js";
import { RoomsView } from "./rooms.js";

const WORKING = ["in_progress", "silent", "paused"];

document.body.dataset.sprite ??= document.querySelector("[data-sprite]").dataset.sprite;
const first = JSON.parse(document.getElementById("board").textContent);
const room = document.querySelector("[data-room]")?.dataset.room ?? null;
const board = new LiveBoard(first, room);
const acts = new Acts(board, async () => {
  await board.refresh();
  panel.paint(true);
});
const panel = new Panel(board, acts);
const view = room ? new RoomView(board, (tile) => panel.open(tile)) : part("rooms") ? new RoomsView(board) : null;

function paintCounts() {
  for (const node of document.querySelectorAll("[data-count]")) {
    const count = board.counts[node.dataset.count];
    node.textContent = count;
    node.closest("button").toggleAttribute("data-none", count === 0);
  }
}

function paintClock() {
  const { sitting } = board;
  const now = board.clock.now();
  const ends = [...board.tiles.values()].filter((tile) => WORKING.includes(tile.state)).map((tile) => Date.parse(tile.deadline));
  const last = Math.max(...ends.filter(Boolean), 0);
  const [figures, note] =
    sitting.state === "closed"
      ? ["–", message("sitting_over")]
      : sitting.state !== "started"
        ? [timeOfDay(now), message("starts_at", { time: timeOfDay(Date.parse(sitting.starts_at)).slice(0, 5) })]
        : last
          ? [lasting(last - now), message("last_ends_at", { time: timeOfDay(last) })]
          : [timeOfDay(now), message("nobody_working")];
  part("clock").textContent = figures;
  part("clock-note").textContent = note;
}

function paintLine() {
  const line = part("line");
  line.dataset.line = board.line;
  const words = message(board.line, { time: timeOfDay(board.heardAt) });
  if (line.lastElementChild.textContent !== words) line.lastElementChild.textContent = words;
}

function filterBy(button) {
  const isOn = button.getAttribute("aria-pressed") === "true";
  document.querySelectorAll("[data-filter-state]").forEach((other) => other.setAttribute("aria-pressed", "false"));
  button.setAttribute("aria-pressed", String(!isOn));
  view?.filter(isOn ? null : button.dataset.filterState);
}

document.querySelectorAll("[data-filter-state]").forEach((button) => button.addEventListener("click", () => filterBy(button)));
document.querySelectorAll("[data-target-kind] [data-act-button]").forEach((button) => {
  const { targetKind: kind, targetId: id, targetPlace: place } = button.closest("[data-target-kind]").dataset;
  button.addEventListener("click", () => {
    button.closest("details")?.removeAttribute("open");
    acts.open(button.dataset.actButton, { kind, id, place });
  });
});
board.addEventListener("change", (event) => {
  view?.paint(event.detail);
  paintCounts();
  paintClock();
  panel.paint();
});
board.addEventListener("line", paintLine);
setInterval(() => {
  view?.tick();
  paintClock();
  paintLine();
  panel.paint();
}, 1_000);
paintCounts();
paintClock();
paintLine();
board.open();
