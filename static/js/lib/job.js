/* Follows a job of the worker until it ends and shows its progress (macro job_progress). */

import { getJson } from "./fetch.js";
import { message } from "./messages.js";
import { toast } from "./toast.js";

const FIRST_MS = 400;
const SLOWEST_MS = 4000;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** The job's share done, in whole percent. The API gives 0–1, or {done, total}. */
export function percent(progress) {
  const share = typeof progress === "object" && progress ? progress.done / (progress.total || 1) : Number(progress ?? 0);
  return Math.round(100 * Math.min(1, Math.max(0, share)));
}

/** Asks for the job at `address` again and again until it ended, telling `onProgress` each time; gives the last reply. */
export async function follow(address, onProgress) {
  let wait = FIRST_MS;
  for (;;) {
    const job = await getJson(address);
    onProgress(job);
    if (job.state === "done" || job.state === "failed") return job;
    await pause(wait);
    // Short jobs feel quick; long ones do not hammer the server.
    wait = Math.min(SLOWEST_MS, wait * 1.4);
  }
}

async function show(box) {
  const bar = box.querySelector("progress");
  const figure = box.querySelector("[data-job-percent]");
  const note = box.querySelector("[data-job-message]");
  try {
    const job = await follow(box.dataset.job, (now) => {
      bar.value = percent(now.progress);
      figure.textContent = `${bar.value} %`;
      if (now.message) note.textContent = now.message;
    });
    if (job.state === "failed") {
      note.textContent = job.message || message("failed");
      toast(note.textContent, "danger");
    } else if (box.dataset.jobDone) {
      location.assign(box.dataset.jobDone);
    } else {
      note.textContent = job.message || message("job_done");
    }
  } catch (problem) {
    note.textContent = problem.message;
    toast(problem.message, "danger");
  }
}

/** Follows every job shown on the page. */
export function enhanceJobs() {
  document.querySelectorAll("[data-job]").forEach(show);
}
