// Before printing, the value of each field stands as text beside it, so that nothing long is cut, and all is unfolded.

const FIELDS = 'main :is(textarea, select, input:is([type="text"], [type="url"], [type="email"], [type="tel"], [type="number"], :not([type])))';
const EMPTY = "–";

let opened = [];

function valueOf(field) {
  if (field.tagName !== "SELECT") return field.value;
  return [...field.selectedOptions].filter((option) => option.value).map((option) => option.text).join(", ");
}

function prepare() {
  restore();
  for (const field of document.querySelectorAll(FIELDS)) {
    const said = document.createElement("span");
    said.className = "print-value";
    said.textContent = valueOf(field).trim() || EMPTY;
    field.classList.add("has-print-value");
    field.after(said);
  }
  opened = [...document.querySelectorAll("main details:not([open]):not(.menu)")];
  for (const details of opened) details.open = true;
}

function restore() {
  for (const said of document.querySelectorAll("main .print-value")) said.remove();
  for (const field of document.querySelectorAll("main .has-print-value")) field.classList.remove("has-print-value");
  for (const details of opened) details.open = false;
  opened = [];
}

window.addEventListener("beforeprint", prepare);
window.addEventListener("afterprint", restore);
