// Keys for reviewing evidence: 1–4 verdict, j and k or arrows next and previous, z undo. They can be switched off
// (WCAG 2.1.4) and work only while no field has the focus.

const KEPT = "dgready:review-keys";

const form = document.querySelector("[data-review-form]");
const reason = form?.querySelector("[name=reason]");
const note = document.querySelector("[data-review-keys]");
const box = note?.querySelector("input");

function read() {
  try {
    return localStorage.getItem(KEPT) !== "off";
  } catch {
    return true; // nothing can be kept here
  }
}

function keep(on) {
  try {
    localStorage.setItem(KEPT, on ? "on" : "off");
  } catch {
    // of this page only
  }
}

function show() {
  for (const key of document.querySelectorAll("[data-review-key]")) key.hidden = !box.checked;
}

function choose(number) {
  const radio = form?.querySelector(`[data-review-verdict="${number}"]`);
  if (!radio) return false;
  radio.checked = true;
  if (number === "1") form.requestSubmit();
  else reason.focus();
  return true;
}

function follow(selector) {
  const link = document.querySelector(selector);
  link?.click();
  return Boolean(link);
}

function undo() {
  const undone = document.querySelector("[data-review-undo] form");
  undone?.requestSubmit();
  return Boolean(undone);
}

function act(key) {
  if (/^[1-4]$/.test(key)) return choose(key);
  if (key === "j" || key === "ArrowRight") return follow("[data-review-next]");
  if (key === "k" || key === "ArrowLeft") return follow("[data-review-previous]");
  return key === "z" && undo();
}

function isTyping(target) {
  return target.closest("input, select, textarea, [contenteditable], dialog, [role=dialog]") !== null;
}

if (box) {
  note.hidden = false;
  box.checked = read();
  show();
  box.addEventListener("change", () => {
    keep(box.checked);
    show();
  });
  document.addEventListener("keydown", (event) => {
    if (!box.checked || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    if (isTyping(event.target)) return;
    if (act(event.key)) event.preventDefault();
  });
}
