// What stands in a card of the filling page: parts that open with a choice, and the rows of repeats.

const ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789";
const ROWS = ":scope > .row-card"; // not what says that a row was removed

export function open(form) {
  for (const part of form.querySelectorAll(".then")) {
    const controls = form.querySelectorAll(`[name="${CSS.escape(part.dataset.when)}"]`);
    part.hidden = ![...controls].some((c) => c.checked && c.value === part.dataset.is);
  }
}

export function keepExclusive(box) {
  if (!box.checked) return;
  for (const other of box.form.elements[box.name]) {
    if (other !== box && ("exclusive" in box.dataset || "exclusive" in other.dataset)) other.checked = false;
  }
}

// A note that is typed sets its mark, as the server does; taking the mark away takes the note along, and back again.
export function keepNote(form, control) {
  const { _unsure: mark, _note: note } = form.elements;
  if (!mark || !note) return;
  if (control === note && note.value.trim()) mark.checked = true;
  if (control !== mark) return;
  if (!mark.checked) [note.dataset.was, note.value] = [note.value, ""];
  else if (!note.value) note.value = note.dataset.was ?? "";
}

function rowId() {
  return "r" + [...crypto.getRandomValues(new Uint8Array(6))].map((n) => ALPHABET[n % ALPHABET.length]).join("");
}

export function addRow(list, id = rowId()) {
  if (list.querySelectorAll(ROWS).length >= Number(list.dataset.max)) return null;
  const template = list.querySelector(":scope > template");
  const holder = document.createElement("template");
  holder.innerHTML = template.innerHTML.split(list.dataset.blank).join(id);
  const row = holder.content.firstElementChild;
  list.insertBefore(row, template);
  limit(list);
  return row;
}

export function limit(list) {
  const button = list.parentElement.querySelector(`:scope > .row-add[value="${CSS.escape(list.dataset.repeat)}"]`);
  if (button) button.hidden = list.querySelectorAll(ROWS).length >= Number(list.dataset.max);
}

// Takes a row away and says so in its place, with the button that brings back exactly this row.
export function removeRow(row, words, undone) {
  const list = row.closest("[data-repeat]");
  const notice = document.createElement("li");
  notice.className = "row-gone undo";
  const text = document.createElement("span");
  text.setAttribute("role", "status");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-sm btn-outline-primary";
  button.textContent = words.undo;
  button.addEventListener("click", () => {
    notice.replaceWith(row);
    limit(list);
    row.querySelector("input:not([type=hidden]), textarea, select")?.focus();
    undone();
  });
  notice.append(text, button);
  row.replaceWith(notice);
  text.textContent = words.removed;
  limit(list);
  button.focus();
}

// Fills a card with what was kept of it on this device.
export function put(form, data) {
  for (const list of form.querySelectorAll("[data-repeat]")) putRows(form, list, data);
  for (const control of form.elements) {
    if (!control.name || control.type === "submit" || control.type === "hidden" || control.name === "_revision") continue;
    const values = data.getAll(control.name);
    if (control.type === "radio" || control.type === "checkbox") control.checked = values.includes(control.value);
    else {
      const same = [...form.elements].filter((c) => c.name === control.name);
      control.value = values[same.indexOf(control)] ?? "";
    }
  }
  open(form);
}

function putRows(form, list, data) {
  const wanted = data.getAll(list.dataset.repeat);
  for (const row of list.querySelectorAll(ROWS)) {
    if (!wanted.includes(row.firstElementChild.value)) row.remove();
  }
  const there = [...list.querySelectorAll(ROWS)].map((row) => row.firstElementChild.value);
  for (const id of wanted.filter((w) => !there.includes(w))) {
    const row = addRow(list, id);
    if (row) for (const inner of row.querySelectorAll("[data-repeat]")) putRows(form, inner, data);
  }
}
