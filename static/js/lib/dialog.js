/* Dialogs: data-open-dialog="id" opens, data-close-dialog closes, data-confirm="id" on a form asks first. */

function opener(event) {
  const close = event.target.closest("[data-close-dialog]");
  if (close) {
    close.closest("dialog")?.close();
    return;
  }
  const open = event.target.closest("[data-open-dialog]");
  if (open) {
    event.preventDefault();
    document.getElementById(open.dataset.openDialog)?.showModal();
    return;
  }
  // A press beside the box, on the veil, closes; a drag that ends there does not, because it starts inside.
  if (event.target instanceof HTMLDialogElement && event.detail > 0) {
    const box = event.target.getBoundingClientRect();
    const inside =
      event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside) event.target.close();
  }
}

/** Asks with the dialog `id`; gives true when the person agreed. */
export function confirmWith(id) {
  const dialog = document.getElementById(id);
  if (!dialog) return Promise.resolve(true);
  return new Promise((resolve) => {
    let agreed = false;
    const yes = dialog.querySelector("[data-confirm-yes]");
    const agree = () => {
      agreed = true;
      dialog.close();
    };
    yes?.addEventListener("click", agree);
    dialog.addEventListener(
      "close",
      () => {
        yes?.removeEventListener("click", agree);
        resolve(agreed);
      },
      { once: true },
    );
    dialog.showModal();
  });
}

async function askBeforeSending(event) {
  const form = event.target;
  const id = form.dataset?.confirm;
  if (!id || form.dataset.confirmed) return;
  event.preventDefault();
  const pressed = event.submitter;
  if (await confirmWith(id)) {
    form.dataset.confirmed = "yes";
    form.requestSubmit(pressed ?? undefined);
    delete form.dataset.confirmed;
  }
}

/** Wires the page's dialogs once. */
export function enhanceDialogs() {
  document.addEventListener("click", opener);
  // Capture: the question comes before any other listener sees the form sent.
  document.addEventListener("submit", askBeforeSending, true);
}
