// Typing in a paper by the keyboard alone: digits choose, Enter saves and goes on, Shift+Enter goes back.
// What is saved, and how, is the filling page's: fill.js and fill_saving.js.

import { groupOf, isChoice, neighbour, stopsIn } from "./entry_stops.js";
import { addRow } from "./fill_rows.js";
import { choose, renewed, save } from "./fill_saving.js";

const page = document.querySelector("[data-entry]");
const PATIENCE = 2500; // milliseconds that the keys wait for a save
const SECOND_DIGIT = 900; // milliseconds in which a second digit belongs to the first
const KEPT = 80; // keys pressed while a save is waited for

let busy = false; // while a save is waited for
let last = null; // the control used last
let digits = null; // the digit typed last, and what was chosen before it
const waiting = [];

const forms = () => [...page.querySelectorAll("form.q")];
const stops = () => forms().flatMap(stopsIn);

// -- where the keyboard is -------------------------------------------------------------------------

function focus(control) {
  if (!control) return;
  const here = isChoice(control) ? (groupOf(control).find((one) => one.checked) ?? control) : control;
  here.focus({ preventScroll: true });
  if (here.matches("input:not([type=radio], [type=checkbox])")) here.select();
  here.closest("tr, .sub, .q").scrollIntoView({ block: "center" });
}

// The control that a key is for; null where the key is for something else on the page.
function target() {
  const { activeElement: active } = document;
  if (active && active !== document.body && !active.matches("form.q, .q-skipped")) {
    const inside = active.form?.matches("form.q") && page.contains(active);
    return inside && (active.matches(".row-add") || !active.matches("button, summary")) ? active : null;
  }
  if (active?.matches("form.q")) return stopsIn(active)[0] ?? null;
  return last?.isConnected ? last : (stops()[0] ?? null);
}

function after(element, by) {
  const side = by > 0 ? Node.DOCUMENT_POSITION_FOLLOWING : Node.DOCUMENT_POSITION_PRECEDING;
  const list = stops().filter((one) => !element.contains(one) && element.compareDocumentPosition(one) & side);
  return by > 0 ? list[0] : list.at(-1);
}

// -- going on ----------------------------------------------------------------------------------------

function wait(on) {
  busy = on;
  page.toggleAttribute("data-busy", on);
}

// Saves what was typed and waits for it: what the answer opens or skips stands before the keyboard goes there.
async function settle(form) {
  const isOpen = form.hasAttribute("data-conflict");
  if (isOpen && stopsIn(form).some((one) => !groupOf(one).some((choice) => choice.checked))) return { form, open: true };
  let saved = false;
  wait(true);
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  for (let turn = 0; turn < 2; turn += 1) {
    const under = isOpen && !turn ? choose(form) : save(form);
    if (!under) break;
    saved = true;
    await Promise.race([under.then(renewed), late]);
  }
  wait(false);
  return { form: document.getElementById(form.id) ?? form, saved };
}

async function move(control, by) {
  const { form } = control;
  const inside = stopsIn(form);
  const at = inside.findIndex((one) => one === control || (isChoice(control) && one.name === control.name));
  const next = inside[at + by];
  if (next) {
    save(form);
    return focus(next);
  }
  const now = await settle(form);
  const open = now.open || (now.saved && now.form.hasAttribute("data-conflict"));
  const unsettled = open ? stopsIn(now.form).find((one) => !groupOf(one).some((choice) => choice.checked)) : null;
  const wrong = now.saved ? now.form.querySelector("[aria-invalid]") : null;
  const to = unsettled ?? wrong ?? after(now.form, by);
  if (to) focus(to);
  else turnPage(by);
  return replay();
}

function turnPage(by) {
  const link = page.querySelector(by > 0 ? ".pager [rel=next]" : ".pager [rel=prev]");
  if (!link) return;
  link.focus();
  location.assign(by > 0 ? link.href : `${link.href}#end`);
}

// -- keys ----------------------------------------------------------------------------------------------

function digitOf({ code, key }) {
  const found = /^(?:Digit|Numpad)(\d)$/.exec(code); // by place: a Thai keyboard has letters there
  return found ? Number(found[1]) : /^\d$/.test(key) ? Number(key) : null;
}

function pick(control, digit) {
  const group = groupOf(control);
  const now = performance.now();
  const joined = digits && digits.name === control.name && now - digits.at < SECOND_DIGIT ? digits.number * 10 + digit : 0;
  const number = joined && joined <= group.length ? joined : digit;
  if (number === joined) group.forEach((one, n) => (one.checked = digits.was[n]));
  const was = group.map((one) => one.checked);
  const option = group[number - 1];
  if (number && !option) return;
  if (!number) for (const one of group) one.checked = false;
  else option.checked = option.type === "radio" || !option.checked;
  digits = { name: control.name, at: now, number, was };
  (option ?? control).focus({ preventScroll: true });
  (option ?? control).dispatchEvent(new Event("change", { bubbles: true }));
}

function addTo(control) {
  const list = control.closest("[data-repeat]") ?? document.getElementById(control.value) ?? control.form.querySelector("[data-repeat]");
  const row = list?.matches("[data-repeat]") ? addRow(list) : null;
  if (row) focus(stopsIn(control.form).find((one) => row.contains(one)));
}

function type(control, text) {
  control.setRangeText(text, control.selectionStart, control.selectionEnd, "end");
  control.dispatchEvent(new Event("input", { bubbles: true }));
}

const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
const SCAN = { PageUp: "previous", PageDown: "next" };
const ZOOM = { "+": "larger", "=": "larger", "-": "smaller" };

function enter(press, control) {
  if (press.ctrl) addTo(control);
  else if (press.alt && control.matches("textarea")) type(control, "\n");
  else move(control, press.shift ? -1 : 1);
  return true;
}

function scan(name) {
  return !document.dispatchEvent(new CustomEvent("dgready:scan", { detail: name, cancelable: true }));
}

// Whether the key was ours; what is not is left to the browser.
function press(key, control) {
  if (SCAN[key.key] && !key.ctrl && !key.alt) return scan(SCAN[key.key]);
  if (key.alt && ZOOM[key.key]) return scan(ZOOM[key.key]);
  if (!control) return false;
  last = control;
  if (key.key === "Enter") return enter(key, control);
  if (key.ctrl || key.alt) return false;
  if (ARROWS[key.key] && !control.matches("select")) {
    const [across, down] = ARROWS[key.key];
    const { inTable, stop } = neighbour(control, across, down);
    if (stop) focus(stop);
    return inTable && (Boolean(stop) || isChoice(control));
  }
  if (!isChoice(control)) return false;
  const isErase = ["Backspace", "Delete"].includes(key.key);
  if (isErase) digits = null;
  const digit = isErase ? 0 : key.shift ? null : digitOf(key);
  if (digit === null) return false;
  pick(control, digit);
  return true;
}

function onKey(event) {
  if (event.isComposing || event.metaKey || event.defaultPrevented || document.querySelector("dialog[open]")) return;
  const { key, code, shiftKey: shift, ctrlKey: ctrl, altKey: alt } = event;
  const pressed = { key, code, shift, ctrl, alt };
  if (busy) {
    if (ctrl && key !== "Enter") return;
    event.preventDefault();
    if (waiting.length < KEPT) waiting.push(pressed);
    return;
  }
  if (press(pressed, target())) event.preventDefault();
}

// What was pressed while a save was waited for goes where the keyboard is now.
function replay() {
  while (waiting.length && !busy) {
    const key = waiting.shift();
    const control = target();
    if (press(key, control) || !control?.setRangeText || isChoice(control)) continue;
    if (key.key.length === 1) type(control, key.key);
    else if (key.key === "Backspace") {
      if (control.selectionStart === control.selectionEnd) control.selectionStart -= 1;
      type(control, "");
    }
  }
}

// -- beginning ------------------------------------------------------------------------------------------

function isEmpty(control) {
  return isChoice(control) ? !groupOf(control).some((one) => one.checked) : !control.value;
}

function begin() {
  const list = stops();
  const { hash } = location;
  const card = hash.startsWith("#q:") ? document.getElementById(decodeURIComponent(hash.slice(1))) : null;
  const wrong = page.querySelector("[data-conflict], [aria-invalid]");
  const first = wrong?.matches("form") ? stopsIn(wrong)[0] : wrong;
  const here = card?.matches("form.q") ? stopsIn(card)[0] : null;
  const start = hash === "#end" ? list.at(-1) : (list.find(isEmpty) ?? list[0]);
  focus(first ?? here ?? start);
  if (!list.length) page.querySelector(".pager [rel=next]")?.focus();
}

if (page) {
  const keys = page.querySelector("[data-entry-keys]");
  keys.hidden = false;
  if (matchMedia("(max-width: 47.99rem)").matches) keys.open = false;
  page.dataset.ready = "";
  document.addEventListener("keydown", onKey, true);
  document.addEventListener("focusin", (event) => event.target.form?.matches("form.q") && (last = event.target));
  // A card that came anew, skipped or in conflict, and took the keyboard with it.
  document.addEventListener("dgready:card", ({ detail: card }) => {
    const { activeElement: active } = document;
    if (active && active !== document.body && active !== card) return;
    if (!busy) focus(card.matches("form") ? stopsIn(card)[0] : (after(card, 1) ?? after(card, -1)));
  });
  begin();
}
