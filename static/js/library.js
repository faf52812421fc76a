// The page of a library: files chosen, dropped or pasted (a screenshot) are sent at once; large ones in parts, and then all.

import { send as sendInParts, sendings } from "./evidence_queue.js";
import { livenUnfinished } from "./evidence_unfinished.js";

const WHOLE_BYTES = 2 << 20; // up to which a file is sent with the form
const panel = document.querySelector("[data-library-add]");
const form = document.querySelector("[data-library-upload]");

function send(files) {
  if (!files.length) return;
  if (sendings().length || files.some((file) => file.size > WHOLE_BYTES)) {
    form.querySelector("[type=file]").value = "";
    return void sendInParts(panel, form, files);
  }
  const chosen = new DataTransfer();
  for (const file of files) chosen.items.add(file);
  form.querySelector("[type=file]").files = chosen.files;
  form.querySelector("[data-library-sending]").hidden = false;
  form.requestSubmit();
}

// A picture from the clipboard has no name of its own.
function named(file) {
  if (file.name && file.name !== "image.png") return file;
  const now = new Date();
  const two = (number) => String(number).padStart(2, "0");
  const day = `${now.getFullYear() + 543}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  const name = `${form.dataset.screenshot} ${day} ${two(now.getHours())}.${two(now.getMinutes())}.png`;
  return new File([file], name, { type: file.type });
}

function isTyping(target) {
  return target instanceof Element && target.closest("input:not([type=file]), textarea, select");
}

if (form) {
  livenUnfinished(panel, form);
  addEventListener("beforeunload", (event) => {
    if (sendings().length) event.preventDefault();
  });
  form.querySelector("[data-library-hint]").hidden = false;
  form.querySelector("[type=file]").addEventListener("change", (event) => send([...event.target.files]));
  document.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length || isTyping(event.target)) return;
    event.preventDefault();
    send(files.map(named));
  });
  for (const name of ["dragenter", "dragover", "dragleave", "drop"]) {
    form.addEventListener(name, (event) => {
      if (![...event.dataTransfer.types].includes("Files")) return;
      event.preventDefault();
      form.classList.toggle("is-over", name === "dragenter" || name === "dragover");
      if (name === "drop") send([...event.dataTransfer.files]);
    });
  }
  // A file dropped beside the frame must not replace the page.
  for (const name of ["dragover", "drop"]) {
    document.addEventListener(name, (event) => event.preventDefault());
  }
}
