/* The service worker that gives this page back without network: registered at the door, long before it is needed. */

import { workerAddress } from "../lib/trusted.js";

/** Has the worker keep this page and everything it has loaded. Without a worker nothing changes but a reload offline. */
export async function keepPage() {
  if (!("serviceWorker" in navigator)) return;
  try {
    await navigator.serviceWorker.register(workerAddress("/sheet/sw.js"), { scope: "/sheet/" });
    const { active } = await navigator.serviceWorker.ready;
    active.postMessage({ keep: location.pathname });
  } catch {
    // The system check says that a reload needs the network here.
  }
}

/** Has the worker load the pictures of a paper, in the order of the map. */
export async function keepPictures(paper) {
  const html = paper.sections.flatMap((section) =>
    section.items.flatMap((item) => [
      item.stem,
      paper.passages?.[item.passage],
      ...(item.options ?? item.statements ?? []).map((each) => each.content),
    ]),
  );
  const found = [...html.join(" ").matchAll(/\ssrc="(\/pictures\/[0-9a-f]{64})"/g)].map((match) => match[1]);
  for (const address of new Set(found)) await fetch(address, { credentials: "omit" }).catch(() => null);
}

/** Leaves no page of this candidate with the worker. */
export async function forgetPages() {
  if (!("serviceWorker" in navigator)) return;
  const registration = await navigator.serviceWorker.getRegistration("/sheet/");
  registration?.active?.postMessage({ forget: "pictures" });
}
