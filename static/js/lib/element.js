/* Making elements in one expression, and the product's icons. */

const SVG = "http://www.w3.org/2000/svg";

/** `element("p", { class: "muted", hidden: true, onclick: f }, "text", child, …)`; null and false are left out. */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "checked" || name === "value") made[name] = value;
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

/** One drawing of the sprite, as decoration; the page's <body data-sprite> says where the sprite is. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${document.body.dataset.sprite}#${name}`);
  svg.append(use);
  return svg;
}

/** The element of `root` that carries data-part="name". */
export function part(name, root = document) {
  return root.querySelector(`[data-part="${name}"]`);
}
