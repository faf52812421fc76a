// The filling page: opens and closes parts, adds rows, saves by itself, keeps what could not be sent.
// Without this script the page works by plain form posts.

import { cookie, look, post } from "./app.js";

const page = document.querySelector("[data-fill]");
const TYPING_PAUSE = 1500; // milliseconds after the last key
const LEAVING_PAUSE = 200; // after a field is left or a choice made
const PRESENCE_EVERY = 25000;
const OUTLIVING = 60000; // characters under way that a browser sends on after the page is gone; it allows 64 KiB

// -- opening and closing --------------------------------------------------------------------------

function open(form) {
  for (const part of form.querySelectorAll(".then")) {
    const controls = form.querySelectorAll(`[name="${CSS.escape(part.dataset.when)}"]`);
    part.hidden = ![...controls].some((c) => c.checked && c.value === part.dataset.is);
  }
}

function keepExclusive(box) {
  if (!box.checked) return;
  for (const other of box.form.elements[box.name]) {
    if (other !== box && ("exclusive" in box.dataset || "exclusive" in other.dataset)) other.checked = false;
  }
}

// -- repeat rows ----------------------------------------------------------------------------------

const ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789";

function rowId() {
  return "r" + [...crypto.getRandomValues(new Uint8Array(6))].map((n) => ALPHABET[n % ALPHABET.length]).join("");
}

function addRow(list, id = rowId()) {
  if (list.querySelectorAll(":scope > li").length >= Number(list.dataset.max)) return null;
  const template = list.querySelector(":scope > template");
  const holder = document.createElement("template");
  holder.innerHTML = template.innerHTML.split(list.dataset.blank).join(id);
  const row = holder.content.firstElementChild;
  list.insertBefore(row, template);
  limit(list);
  return row;
}

function limit(list) {
  const button = list.parentElement.querySelector(`:scope > .row-add[value="${CSS.escape(list.dataset.repeat)}"]`);
  if (button) button.hidden = list.querySelectorAll(":scope > li").length >= Number(list.dataset.max);
}

// -- what was typed stays on this device until it is saved ------------------------------------------

const key = (form) => `dgready:${page.dataset.user}:${page.dataset.response}:${form.dataset.question}`;
const body = (form) => new URLSearchParams(new FormData(form));

function typed(form) {
  const data = body(form);
  data.delete("csrfmiddlewaretoken");
  data.delete("_revision");
  return data.toString();
}

function keep(form) {
  const draft = { typed: typed(form), revision: form.dataset.revision, sent: form.unanswered, at: Date.now() };
  try {
    localStorage.setItem(key(form), JSON.stringify(draft));
  } catch {
    // A full or forbidden store only means that nothing is kept beyond this page.
  }
}

function drop(form) {
  try {
    localStorage.removeItem(key(form));
  } catch {
    // As above.
  }
}

function restore(form) {
  let draft = null;
  try {
    draft = JSON.parse(localStorage.getItem(key(form)) || "null");
  } catch {
    return;
  }
  if (!draft || draft.typed === typed(form)) return drop(form);
  put(form, new URLSearchParams(draft.typed));
  form.dataset.revision = draft.revision;
  form.elements._revision.value = draft.revision;
  form.unanswered = draft.sent ?? [];
  tell(form, page.dataset.sayRestored);
  changed(form, LEAVING_PAUSE);
}

function put(form, data) {
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
  for (const row of list.querySelectorAll(":scope > li")) {
    if (!wanted.includes(row.firstElementChild.value)) row.remove();
  }
  const there = [...list.querySelectorAll(":scope > li")].map((row) => row.firstElementChild.value);
  for (const id of wanted.filter((w) => !there.includes(w))) {
    const row = addRow(list, id);
    if (row) for (const inner of row.querySelectorAll("[data-repeat]")) putRows(form, inner, data);
  }
}

// -- saving ---------------------------------------------------------------------------------------

const timers = new Map();
const dirty = new Set();
const sending = new Set();
let outliving = 0;

function tell(form, text, state = "") {
  const line = form.querySelector(".q-status");
  if (!line) return;
  line.textContent = text;
  line.dataset.state = state;
}

function changed(form, pause) {
  if (form.hasAttribute("data-conflict") || form.replaced) return;
  dirty.add(form);
  keep(form);
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(() => save(form), pause));
}

async function save(form) {
  if (!form.isConnected || sending.has(form) || !dirty.has(form)) return;
  sending.add(form);
  dirty.delete(form);
  tell(form, page.dataset.saySaving);
  try {
    const answer = send(form);
    remember(form);
    await take(form, await answer);
  } catch {
    dirty.add(form);
    tell(form, page.dataset.sayKept, "kept");
  } finally {
    sending.delete(form);
    // Typed while the save was under way, and the save went through: send that too.
    if (dirty.has(form) && form.querySelector(".q-status")?.dataset.state === "") changed(form, TYPING_PAUSE);
  }
}

// What was sent and has no reply yet may be stored already: sent along with the next save, so that the server does not
// take it for somebody else's change.
function remember(form) {
  form.unanswered = [...(form.unanswered ?? []), typed(form)].slice(-3);
  if (!form.hasAttribute("data-conflict")) keep(form);
}

async function send(form) {
  const headers = { Accept: "application/json", "X-CSRFToken": cookie("csrftoken"), "X-Requested-With": "fetch" };
  const data = body(form);
  data.delete("csrfmiddlewaretoken");
  for (const sent of form.unanswered ?? []) data.append("_sent", sent);
  const { length } = data.toString();
  const keepalive = outliving + length < OUTLIVING;
  if (keepalive) outliving += length;
  try {
    const way = { method: "POST", credentials: "same-origin", redirect: "error", keepalive };
    return await fetch(form.action, { ...way, headers, body: data });
  } finally {
    if (keepalive) outliving -= length;
  }
}

async function take(form, answer) {
  if (answer.status === 401) {
    dirty.add(form);
    tell(form, page.dataset.sayOut, "out");
    return look();
  }
  const isJson = (answer.headers.get("Content-Type") || "").startsWith("application/json");
  if (!isJson) {
    dirty.add(form);
    return tell(form, page.dataset.sayFailed, "failed");
  }
  const data = await answer.json();
  if (data.conflict || data.refused) form.unanswered.pop();
  // Typed on meanwhile: asked with the newest text, which is sent next.
  if (data.conflict && dirty.has(form)) return tell(form, page.dataset.saySaving);
  if (data.conflict) return replace(form, data.conflict);
  if (data.refused) return tell(form, data.refused, "failed");
  saved(form, data);
}

function saved(form, data) {
  if (data.card) {
    merged(form, data);
  } else {
    form.dataset.revision = data.revision;
    form.elements._revision.value = data.revision;
    form.unanswered = [];
    const wrong = Object.keys(data.errors).length;
    explain(form, data.errors);
    restate(form, data.understood);
    tell(form, wrong ? page.dataset.sayInvalid : data.status, wrong ? "failed" : "");
    if (dirty.has(form) || wrong) keep(form);
    else drop(form);
  }
  if (data.stale.length) cards(data.stale);
  document.dispatchEvent(new CustomEvent("dgready:saved", { detail: data }));
  if (data.changed) refresh();
}

// The card with the changes of both sides. Typed on meanwhile: the card stays on its revision, and the next save merges.
function merged(form, data) {
  if (dirty.has(form)) return tell(form, data.status);
  const wrong = Object.keys(data.errors).length;
  drop(form);
  const card = replace(form, data.card);
  tell(card, wrong ? page.dataset.sayInvalid : data.status, wrong ? "failed" : "");
  if (wrong) keep(card);
}

function explain(form, errors) {
  for (const old of form.querySelectorAll(".err, .took")) old.remove();
  for (const control of form.querySelectorAll("[aria-invalid]")) {
    control.removeAttribute("aria-invalid");
    control.removeAttribute("aria-describedby");
  }
  for (const [address, text] of Object.entries(errors)) {
    const place = document.getElementById(address);
    if (!place) continue;
    const note = document.createElement("span");
    note.className = "err";
    note.id = `err:${address}`;
    note.textContent = text;
    place.after(note);
    for (const control of form.querySelectorAll(`[name="${CSS.escape(address)}"]`)) {
      control.setAttribute("aria-invalid", "true");
      control.setAttribute("aria-describedby", note.id);
    }
  }
}

// What was stored otherwise than typed is said beside its field, and put into it once the person has left it.
function restate(form, understood) {
  for (const [address, [value, words]] of Object.entries(understood ?? {})) {
    const control = form.elements.namedItem(address);
    if (!control?.after) continue;
    const typed = control.value;
    const note = Object.assign(document.createElement("output"), { className: "took", textContent: words });
    control.after(note);
    const put = () => control.value === typed && (control.value = value);
    if (document.activeElement === control) control.addEventListener("blur", put, { once: true });
    else put();
  }
}

function replace(form, html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  const card = holder.content.firstElementChild;
  const active = form.contains(document.activeElement) ? document.activeElement : null;
  const caret = [active?.selectionStart, active?.selectionEnd];
  form.replaced = true; // the browser reports a change of the field in use when its form leaves the page
  form.replaceWith(card);
  dirty.delete(form);
  if (card.hasAttribute("data-conflict") || (active && !focusAgain(card, active, caret))) {
    card.tabIndex = -1;
    card.focus();
  }
  document.dispatchEvent(new CustomEvent("dgready:card", { detail: card }));
  return card;
}

function focusAgain(card, active, [from, to]) {
  const picked = ["radio", "checkbox"].includes(active.type);
  const control = active.name && [...(card.elements ?? [])].find((c) => c.name === active.name && (!picked || c.value === active.value));
  if (!control) return false;
  control.focus();
  if (from != null && control.setSelectionRange) control.setSelectionRange(from, to);
  return true;
}

async function cards(ids) {
  const here = ids.filter((id) => document.getElementById(`q:${id}`));
  if (!here.length) return;
  const answer = await fetch(`${location.pathname}?cards=${here.map(encodeURIComponent).join(",")}`, { credentials: "same-origin" });
  if (!answer.ok) return;
  for (const [id, html] of Object.entries(await answer.json())) {
    const old = document.getElementById(`q:${id}`);
    if (old && !dirty.has(old) && !sending.has(old)) replace(old, html);
  }
}

let refreshing = 0;

function refresh() {
  clearTimeout(refreshing);
  refreshing = setTimeout(async () => {
    document.getElementById("score-panel")?.dispatchEvent(new Event("saved"));
    const nav = document.getElementById("fill-nav");
    const answer = await fetch(nav.dataset.src, { credentials: "same-origin" });
    if (!answer.ok) return;
    const shown = nav.querySelector("details")?.open;
    nav.innerHTML = await answer.text();
    nav.querySelector("details").open = shown;
  }, 800);
}

// What could not be sent, sent again; what is still being typed waits for its own pause.
function retry() {
  for (const form of [...dirty]) {
    if (form.querySelector(".q-status")?.dataset.state) changed(form, LEAVING_PAUSE);
  }
}

function flush() {
  for (const form of [...dirty]) save(form);
}

// -- wiring ---------------------------------------------------------------------------------------

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
    const list = button.closest("[data-repeat]");
    const form = button.form;
    button.closest("li").remove();
    limit(list);
    changed(form, 0);
    list.parentElement.querySelector(":scope > .row-add")?.focus();
  }
}

function onSubmit(event) {
  const form = event.target.closest("form.q");
  if (!form) return;
  const button = event.submitter;
  // Plain posts: the page comes back with the empty card, or with last year's answer taken or left.
  if (button && (button.name === "_clear" || button.hasAttribute("formaction"))) return;
  event.preventDefault();
  if (form.hasAttribute("data-conflict")) dirty.add(form);
  else changed(form, 0);
  save(form);
}

async function panel(event, link) {
  event.preventDefault();
  const answer = await fetch(link.href, { credentials: "same-origin", headers: { "HX-Request": "true" } });
  if (!answer.ok) return void (location.href = link.href);
  let dialog = document.getElementById("panel");
  if (!dialog) {
    dialog = document.createElement("dialog");
    dialog.id = "panel";
    dialog.className = "panel";
    document.body.append(dialog);
    dialog.addEventListener("click", (e) => e.target === dialog && dialog.close());
  }
  dialog.innerHTML = `<form method="dialog"><button class="btn-close" aria-label="${page.dataset.sayClose}"></button></form>${await answer.text()}`;
  dialog.setAttribute("aria-label", link.textContent);
  dialog.showModal();
}

async function present() {
  if (document.hidden || !navigator.onLine) return;
  try {
    const answer = await post(`${page.dataset.base}present/${page.dataset.section}/`);
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
  showHere();
  for (const form of document.querySelectorAll("form.q")) {
    open(form);
    for (const list of form.querySelectorAll("[data-repeat]")) limit(list);
  }
  document.addEventListener("click", onClick);
  document.addEventListener("submit", onSubmit);
  present();
  setInterval(present, PRESENCE_EVERY);
  if ("readonly" in page.dataset) return;
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form.q");
    if (form) changed(form, TYPING_PAUSE);
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
  for (const form of document.querySelectorAll("form.q:not([data-conflict])")) restore(form);
}

if (page) start();
