// The filling page: opens and closes parts, adds rows, saves by itself, keeps what could not be sent.
// Without this script the page works by plain form posts.

import { post } from "./app.js";
import { openPanel, refresh } from "./fill_cards.js";
import { body } from "./fill_drafts.js";
import { found, lost, watch } from "./fill_offline.js";
import { addRow, keepExclusive, keepNote, limit, open, removeRow } from "./fill_rows.js";
import { act, changed, choose, flush, LEAVING_PAUSE, restoreDraft, retry, save, TYPING_PAUSE } from "./fill_saving.js";

const page = document.querySelector("[data-fill]");
const PRESENCE_EVERY = 25000;

function onClick(event) {
  const link = event.target.closest("a[data-panel]");
  if (link) return panel(event, link);
  const button = event.target.closest("button");
  if (!button || !button.form || !button.form.matches(".q")) return;
  if (button.matches(".row-add")) {
    event.preventDefault();
    const list = document.getElementById(button.value);
    const row = addRow(list);
    row?.querySelector("input:not([type=hidden]), textarea, select")?.focus();
  } else if (button.matches(".row-remove")) {
    event.preventDefault();
    const { form } = button;
    const words = { removed: page.dataset.sayRemoved, undo: page.dataset.sayUndo };
    removeRow(button.closest(".row-card"), words, () => changed(form, 0, "restore"));
    changed(form, 0, "remove");
  }
}

function onSubmit(event) {
  const back = event.target.closest("form[data-restore]");
  if (back) return putBack(event, back);
  const form = event.target.closest("form.q");
  if (!form) return;
  const button = event.submitter;
  if (button && ["_clear", "undo"].includes(button.name)) {
    event.preventDefault();
    return act(form, button.name === "undo" ? button.formAction : form.action, button.name, button.value);
  }
  // Plain posts: the page comes back with last year's answer taken or left.
  if (button && button.hasAttribute("formaction")) return;
  event.preventDefault();
  if (form.hasAttribute("data-conflict")) return choose(form);
  changed(form, 0);
  save(form);
}

// From the history beside the form: an earlier value is put back into its card.
function putBack(event, back) {
  const form = document.getElementById(`q:${back.dataset.restore}`);
  if (!form) return;
  event.preventDefault();
  back.closest("dialog")?.close();
  const { name, value } = event.submitter;
  act(form, back.action, name, value, body(back));
}

async function panel(event, link) {
  event.preventDefault();
  const form = link.closest("form.q");
  if (form) await save(form); // so that the history holds what was typed
  if ((await openPanel(link)) === false) lost();
}

async function present() {
  if (document.hidden || !navigator.onLine) return;
  try {
    const answer = await post(`${page.dataset.base}present/${page.dataset.section}/`);
    if (answer.status >= 500) return; // somebody answered, but saves may still wait for the database
    found();
    if (!answer.ok) return;
    document.getElementById("others").innerHTML = await answer.text();
    retry();
  } catch {
    // Being alone on the page is a fine guess without a connection.
  }
}

// On a desk the navigation scrolls beside the cards: the page one is on comes into its view.
function showHere() {
  const side = document.querySelector(".fill-side");
  const here = document.querySelector("#fill-nav [aria-current]");
  if (!here || side.scrollHeight <= side.clientHeight) return;
  const below = here.getBoundingClientRect().top - side.getBoundingClientRect().top;
  side.scrollTop += below - side.clientHeight / 2;
}

function start() {
  // Below the cards of a phone the list of all pages waits folded.
  if (matchMedia("(max-width: 767.98px)").matches) document.querySelector(".fill-nav-box")?.removeAttribute("open");
  showHere();
  for (const form of document.querySelectorAll("form.q")) {
    open(form);
    for (const list of form.querySelectorAll("[data-repeat]")) limit(list);
  }
  watch(retry);
  document.addEventListener("click", onClick);
  document.addEventListener("submit", onSubmit);
  present();
  setInterval(present, PRESENCE_EVERY);
  if ("readonly" in page.dataset) return;
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form.q");
    if (!form) return;
    keepNote(form, event.target);
    changed(form, TYPING_PAUSE);
  });
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form.q");
    if (!form) return;
    if (event.target.type === "checkbox" && form.elements[event.target.name]?.length) keepExclusive(event.target);
    open(form);
    changed(form, LEAVING_PAUSE);
  });
  document.addEventListener("dgready:evidence", refresh);
  for (const name of ["online", "signed-in"]) document.addEventListener(`dgready:${name}`, retry);
  addEventListener("pagehide", flush);
  addEventListener("pageshow", (event) => event.persisted && retry());
  document.addEventListener("visibilitychange", () => document.hidden && flush());
  for (const form of document.querySelectorAll("form.q:not([data-conflict])")) restoreDraft(form);
}

if (page) start();
