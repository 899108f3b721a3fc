/* What the invigilators say to the room: spoken politely, shown until it is closed, and kept in a list. */

import { element, icon, part } from "../lib/element.js";
import { timeOfDay } from "../lib/clock.js";
import { message } from "../lib/messages.js";

/** The announcements of an attempt. */
export class Announcements {
  #known = new Set();
  #list;
  #strip;
  #button;
  #say;

  constructor(root, say) {
    this.#list = part("announcement-list", root);
    this.#strip = part("announcement", root);
    this.#button = part("open-announcements", root);
    this.#say = say;
    part("close-announcement", this.#strip).addEventListener("click", () => (this.#strip.hidden = true));
  }

  /** One that has just been made: {id, text, at}. */
  tell(announcement) {
    if (!this.#keep(announcement)) return;
    part("announcement-text", this.#strip).textContent = announcement.text;
    this.#strip.hidden = false;
    this.#say(message("announced", { text: announcement.text }));
  }

  /** Those made before this page was open, or while it was offline. */
  catchUp(announcements, { isFirst }) {
    for (const each of announcements) if (isFirst) this.#keep(each);
      else this.tell(each);
  }

  #keep({ id, text, at }) {
    if (this.#known.has(id)) return false;
    this.#known.add(id);
    const time = element("time", { class: "muted small figures", datetime: at }, timeOfDay(Date.parse(at)));
    this.#list.prepend(element("li", {}, icon("speakerphone"), element("p", {}, text), time));
    this.#button.hidden = false;
    part("announcement-count", this.#button).textContent = String(this.#known.size);
    return true;
  }
}
