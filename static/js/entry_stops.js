// Where the keyboard stops on the page for typing in a paper: each field once, each group of options once.

export const isChoice = (control) => control.type === "radio" || control.type === "checkbox";

// The options that belong together, in the order of their numbers.
export function groupOf(control) {
  if (!isChoice(control)) return [control];
  return [...control.form.elements].filter((one) => one.name === control.name && one.type === control.type);
}

function isStop(control) {
  const { name } = control;
  if (!name || control.type === "hidden" || control.matches("fieldset, :disabled")) return false;
  if (name.startsWith("_") && !name.startsWith("_pick:") && name !== "_add") return false;
  if (!control.checkVisibility()) return false;
  // The button that adds a row only where there is none yet to type in.
  if (name === "_add") return !document.getElementById(control.value)?.querySelector(":scope > .row-card");
  return !control.matches("button");
}

export function stopsIn(form) {
  const seen = new Set();
  return [...form.elements].filter((control) => {
    if (!isStop(control) || (isChoice(control) && seen.has(control.name))) return false;
    seen.add(control.name);
    return true;
  });
}

// The field beside one in a table; `inTable`: whether it is in one at all.
export function neighbour(control, across, down) {
  const cell = control.closest("table.grid td");
  if (!cell) return { inTable: false, stop: null };
  if (across && !isChoice(control)) {
    const edge = across < 0 ? 0 : control.value.length;
    if (control.selectionStart !== edge || control.selectionEnd !== edge) return { inTable: false, stop: null };
  }
  const list = stopsIn(control.form);
  for (let next = step(cell, across, down); next; next = step(next, across, down)) {
    const stop = list.find((one) => next.contains(one));
    if (stop) return { inTable: true, stop };
  }
  return { inTable: true, stop: null };
}

function step(cell, across, down) {
  const way = (element, by) => (by > 0 ? element.nextElementSibling : element.previousElementSibling);
  if (across) return way(cell, across);
  let row = way(cell.parentElement, down);
  while (row && !row.cells[cell.cellIndex]?.matches("td")) row = way(row, down);
  return row?.cells[cell.cellIndex] ?? null;
}
