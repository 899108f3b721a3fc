/* Menus are <details data-menu>; this closes them on Escape, on a press elsewhere and when focus leaves. */

function close(menu, andFocus) {
  menu.open = false;
  if (andFocus) menu.querySelector("summary")?.focus();
}

function openMenus() {
  return document.querySelectorAll("details[data-menu][open]");
}

/** Wires all menus of the page, also those added later. */
export function enhanceMenus() {
  document.addEventListener("click", (event) => {
    openMenus().forEach((menu) => menu.contains(event.target) || close(menu));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") openMenus().forEach((menu) => close(menu, menu.contains(document.activeElement)));
  });
  document.addEventListener("focusin", (event) => {
    openMenus().forEach((menu) => menu.contains(event.target) || close(menu));
  });
}
