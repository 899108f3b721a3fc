/* The bar between passage and item: drag it, or move it with the arrow keys. */

const STEP = 5;
const [LEAST, MOST] = [25, 75];

/** Wires `bar` (role=separator) so that it moves the columns of `split`. */
export function enhanceSplitter(bar, split) {
  let share = 50;
  const move = (wanted) => {
    share = Math.round(Math.min(MOST, Math.max(LEAST, wanted)));
    split.style.setProperty("--split", `${share / (100 - share)}fr`);
    bar.setAttribute("aria-valuenow", String(share));
  };
  bar.addEventListener("keydown", (event) => {
    const wanted = { ArrowLeft: share - STEP, ArrowRight: share + STEP, Home: LEAST, End: MOST, Enter: 50 }[event.key];
    if (wanted === undefined) return;
    event.preventDefault();
    move(wanted);
  });
  bar.addEventListener("pointerdown", (event) => bar.setPointerCapture(event.pointerId));
  bar.addEventListener("pointermove", (event) => {
    if (!bar.hasPointerCapture(event.pointerId)) return;
    const box = split.getBoundingClientRect();
    move((100 * (event.clientX - box.left)) / box.width);
  });
  bar.addEventListener("dblclick", () => move(50));
  move(share);
}
