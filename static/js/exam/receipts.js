/* The last receipt of this tab, so that a reload after the end shows it again. It holds no answer. */

const KEPT = "truongthi-receipt";

/** Keeps what `Ending.showReceipt` was told. */
export function keepReceipt(sitting, told) {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify({ sitting, told }));
  } catch {
    // Without it a reload leads to the door; the receipt stays with the server.
  }
}

/** What was told at this sitting, or null. */
export function lastReceipt(sitting) {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEPT));
    return kept?.sitting === sitting ? kept.told : null;
  } catch {
    return null;
  }
}

/** Forgets it: another candidate sits down. */
export function forgetReceipt() {
  try {
    sessionStorage.removeItem(KEPT);
  } catch {
    // Nothing was kept.
  }
}
