// While files are on their way and their panel is closed, a bar at the foot of the page says how far they are.

import { sendings, watchQueue } from "./evidence_queue.js";

let bar = null;

function make(words) {
  const made = document.createElement("aside");
  made.className = "evp-bar";
  made.setAttribute("aria-label", words.sayBar);
  const text = document.createElement("span");
  const progress = document.createElement("progress");
  progress.max = 100;
  progress.setAttribute("aria-label", words.sayBar);
  const open = document.createElement("button");
  open.type = "button";
  open.className = "btn btn-sm btn-light";
  open.textContent = words.sayOpen;
  open.addEventListener("click", () => {
    const dialog = hidden()[0]?.panel.closest("dialog");
    if (!dialog) return;
    dialog.showModal();
    dialog.querySelector("h2").focus();
    draw();
  });
  made.append(text, progress, open);
  document.body.append(made);
  return made;
}

// Files whose panel is not to be seen.
function hidden() {
  return sendings().filter((one) => one.panel.closest("dialog:not([open])"));
}

export function draw() {
  const files = hidden();
  if (!files.length) {
    bar?.remove();
    bar = null;
    return;
  }
  const { words } = files[0];
  bar ??= make(words);
  const [text, progress] = bar.children;
  const bytes = files.reduce((sum, one) => sum + one.file.size, 0);
  const sent = files.reduce((sum, one) => sum + one.file.size * one.share, 0);
  const percent = bytes ? Math.floor((100 * sent) / bytes) : 0;
  const stopped = files.filter((one) => one.state === "stopped").length;
  const going = files.length - stopped;
  const lines = [going && `${words.sayBar} ${going} · ${percent}%`, stopped && `${words.sayBarStopped} ${stopped}`];
  text.textContent = lines.filter(Boolean).join(" · ");
  progress.value = percent;
}

watchQueue(draw);
