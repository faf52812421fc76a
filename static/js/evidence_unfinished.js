// What this person began to send to a place and has not sent whole: the same file chosen again goes on.

import { fingerprintOf } from "./evidence_parts.js";
import { headers, problem } from "./evidence_panel.js";
import { send, sendings } from "./evidence_queue.js";

// Shows the list without what this page is sending now, and hides it when nothing is left.
export function showUnfinished(panel) {
  const box = panel.querySelector("[data-evidence-unfinished]");
  if (!box) return;
  const here = sendings().map((one) => one.transfer.url);
  for (const item of box.querySelectorAll("[data-upload]")) {
    if (here.includes(item.dataset.upload)) item.remove();
  }
  box.hidden = !box.querySelector("[data-upload]");
}

function choose(panel, form, item) {
  const input = document.createElement("input");
  input.type = "file";
  input.addEventListener("change", () => {
    const [file] = input.files;
    if (!file) return;
    if (fingerprintOf(file) !== item.dataset.fingerprint) {
      return void problem(panel, `${panel.dataset.sayOtherFile} ${item.dataset.name}`);
    }
    panel.querySelector("[data-evidence-problems]").replaceChildren();
    send(panel, form, [file]);
    showUnfinished(panel);
  });
  input.click();
}

async function giveUp(panel, item) {
  const answer = await fetch(item.dataset.upload, {
    method: "DELETE",
    credentials: "same-origin",
    headers: { ...headers(), "Tus-Resumable": "1.0.0" },
  }).catch(() => null);
  if (!answer || (!answer.ok && answer.status !== 404)) return void problem(panel, panel.dataset.sayFailed);
  item.remove();
  showUnfinished(panel);
  panel.querySelector("[type=file]").focus();
}

export function livenUnfinished(panel, form) {
  panel.addEventListener("click", (event) => {
    const item = event.target.closest("[data-upload]");
    if (!item) return;
    if (event.target.closest("[data-upload-choose]")) choose(panel, form, item);
    else if (event.target.closest("[data-upload-give-up]")) giveUp(panel, item);
  });
  panel.addEventListener("dgready:renewed", () => showUnfinished(panel));
  showUnfinished(panel);
}
