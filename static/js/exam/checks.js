/* The system check before the exam: READY or NOT READY, with the reason and what to do. Nobody is kept out by it. */

import { element, icon, part } from "../lib/element.js";
import { message } from "../lib/messages.js";
import { io } from "../../vendor/socket.io.js";
import { openDB } from "../../vendor/idb.js";

const PATIENCE_MS = 6_000;
const CLOCK_OFF_MS = 120_000;

const soon = (promise) => Promise.race([promise, new Promise((resolve) => setTimeout(() => resolve(false), PATIENCE_MS))]);

/** Whether websockets get through. Without a ticket the server refuses us, which is an answer. */
function hasSocket() {
  return soon(
    new Promise((resolve) => {
      const socket = io("/exam", { transports: ["websocket"], forceNew: true, reconnection: false });
      const end = (isThere) => {
        socket.close();
        resolve(isThere);
      };
      socket.on("connect", () => end(true));
      socket.on("connect_error", (error) => end(!error.type));
    }),
  );
}

async function canStore() {
  try {
    const database = await openDB("truongthi-check", 1, { upgrade: (made) => made.createObjectStore("check") });
    await database.put("check", 1, "check");
    await database.delete("check", "check");
    database.close();
    return true;
  } catch {
    return false;
  }
}

async function hasWorker() {
  if (!("serviceWorker" in navigator)) return false;
  return Boolean(await soon(navigator.serviceWorker.ready));
}

/** Runs all checks and shows them; `wallOffset` is how far this machine's clock is off, or null. */
export async function showChecks(root, { wallOffset, isOnline = true }) {
  const results = [
    { name: "socket", isGood: isOnline ? await hasSocket() : true, isLeftOut: !isOnline },
    { name: "storage", isGood: await canStore() },
    { name: "worker", isGood: await hasWorker() },
    { name: "clock", isGood: wallOffset === null || Math.abs(wallOffset) < CLOCK_OFF_MS },
  ].filter((result) => !result.isLeftOut);
  const isReady = results.every((result) => result.isGood);
  const verdict = part("check-verdict", root);
  verdict.className = `chip ${isReady ? "chip-success" : "chip-warning"}`;
  verdict.replaceChildren(icon(isReady ? "circle-check" : "alert-triangle"), message(isReady ? "ready" : "not_ready"));
  part("check-rows", root).replaceChildren(...results.map(row));
  root.open ||= !isReady;
}

function row({ name, isGood }) {
  const words = element("p", {}, message(`check_${name}${isGood ? "" : "_bad"}`));
  return element("li", { "data-good": String(isGood) }, icon(isGood ? "circle-check" : "alert-triangle"), words);
}
