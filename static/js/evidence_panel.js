// The evidence panel of one place: takes over what the server says, keeps what is being typed, sends its small forms.
// Tells the page by an event on the place (#e:ADDRESS): "dgready:evidence" with {at, files: [{name, marked}]}, and on
// the panel itself by "dgready:renewed".

import { cookie, refusalIn } from "./app.js";
import { suggestIn } from "./suggest.js";

const PARTS = [
  "[data-evidence-undo]",
  "[data-evidence-problems]",
  "[data-evidence-standing]",
  "[data-evidence-choose]",
  "[data-evidence-removed]",
  "[data-evidence-unfinished]",
];

export function parse(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return holder.content.querySelector("[data-evidence-panel]");
}

function fileOf(panel, id) {
  return panel.querySelector(`[data-file="${CSS.escape(id)}"]`);
}

// Takes over what the server says now; forms that someone is typing into stay, unless they are `changed`.
export function merge(panel, html, changed) {
  const fresh = parse(html);
  if (!fresh) return false;
  const [old, now] = [changed && fileOf(panel, changed), changed && fileOf(fresh, changed)];
  if (old && now) old.replaceWith(now.cloneNode(true));
  // Of two answers on their way at once the older may arrive last; the newer has all that it has.
  if (Number(fresh.dataset.version) >= Number(panel.dataset.version)) renew(panel, fresh);
  tell(panel);
  return true;
}

export function renew(panel, fresh) {
  panel.dataset.version = fresh.dataset.version;
  const list = panel.querySelector("[data-evidence-files]");
  for (const old of [...list.children]) {
    if (!fileOf(fresh, old.dataset.file)) old.remove();
  }
  for (const now of fresh.querySelectorAll("[data-file]")) {
    if (!fileOf(panel, now.dataset.file)) list.append(now.cloneNode(true));
  }
  for (const part of PARTS) {
    const [old, now] = [panel.querySelector(part), fresh.querySelector(part)];
    if (old && now) old.replaceWith(now);
  }
  // A live region speaks when its text changes, not when it is exchanged.
  panel.querySelector("[data-evidence-note]").textContent = fresh.querySelector("[data-evidence-note]").textContent;
  panel.dispatchEvent(new CustomEvent("dgready:renewed"));
}

function tell(panel) {
  suggestIn(panel);
  const { at } = panel.dataset;
  const files = [...panel.querySelectorAll("[data-file]")].map((item) => ({
    name: item.dataset.name,
    marked: "marked" in item.dataset,
    lack: item.dataset.lack || panel.dataset.sayNotMarked,
  }));
  const place = document.getElementById(`e:${at}`);
  if (!place) return;
  for (const old of place.querySelectorAll(".ev-file")) old.remove();
  const chips = files.map(({ name, marked, lack }) => chip(name, marked, lack));
  place.prepend(...chips);
  place.classList.toggle("ev-none", !files.length);
  place.dispatchEvent(new CustomEvent("dgready:evidence", { bubbles: true, detail: { at, files } }));
}

function chip(name, marked, words) {
  const made = document.createElement("span");
  made.className = marked ? "ev-file" : "ev-file ev-unmarked";
  made.textContent = name;
  if (!marked) {
    const note = document.createElement("em");
    note.textContent = words;
    made.append(" ", note);
  }
  return made;
}

// Whether someone has typed here what is not sent yet.
export function isDirty(panel) {
  const typed = [...panel.querySelectorAll("textarea, input[name=pages]:not([type=hidden]), input[name=note], input[name=date], input[name=url]")];
  return typed.some((control) => control.value !== control.defaultValue);
}

export function headers() {
  return { "X-CSRFToken": cookie("csrftoken"), "HX-Request": "true", "X-Requested-With": "fetch" };
}

// What a form sends, with the token left to the header: that one is fresh after signing in again.
export function bodyOf(form) {
  const body = new FormData(form);
  body.delete("csrfmiddlewaretoken");
  return body;
}

export function problem(panel, words) {
  const box = document.createElement("div");
  box.className = "alert alert-danger";
  box.setAttribute("role", "alert");
  box.textContent = words;
  panel.querySelector("[data-evidence-problems]").replaceChildren(box);
}

export async function submit(panel, form, button) {
  const body = bodyOf(form);
  if (button && button.name) body.append(button.name, button.value);
  const item = form.closest("[data-file]");
  const id = item ? item.dataset.file : form.dataset.subject || "";
  const buttons = [...form.querySelectorAll("button")];
  for (const one of buttons) one.disabled = true;
  let answer;
  try {
    answer = await fetch(form.action, { method: "POST", credentials: "same-origin", headers: headers(), body });
  } catch {
    problem(panel, panel.dataset.sayOffline);
  }
  for (const one of buttons) one.disabled = false;
  if (!answer) return;
  if (answer.status === 401) return void problem(panel, panel.dataset.saySignedOut);
  if (answer.status === 403) return void problem(panel, refusalIn(await answer.text()) || panel.dataset.sayFailed);
  if (![200, 409, 422].includes(answer.status) || !merge(panel, await answer.text(), id)) {
    return void problem(panel, panel.dataset.sayFailed);
  }
  if (answer.ok && "evidenceClears" in form.dataset) form.reset();
  settle(panel, id);
}

// Searches the library; only what it found is exchanged.
export async function find(panel, form) {
  const query = new URLSearchParams(new FormData(form));
  let answer;
  try {
    answer = await fetch(`${form.action}?${query}`, { credentials: "same-origin", headers: { "HX-Request": "true" } });
  } catch {
    return void problem(panel, panel.dataset.sayOffline);
  }
  const fresh = answer.ok ? parse(await answer.text()) : null;
  if (!fresh) return void problem(panel, answer.status === 401 ? panel.dataset.saySignedOut : panel.dataset.sayFailed);
  const [old, now] = [panel, fresh].map((one) => one.querySelector("[data-evidence-choose]"));
  if (!old || !now) return undefined;
  old.replaceWith(now);
  return now.querySelector("[type=search]").focus();
}

// Where the keyboard goes after an answer: the faulty field, else what undoes it, else what was changed, else the top.
function settle(panel, id) {
  const item = id ? fileOf(panel, id) : null;
  const undo = panel.querySelector("[data-evidence-undo] button");
  const target = item?.querySelector("[aria-invalid]") || undo || item?.querySelector("h3 a") || panel.querySelector("h2");
  if (target) target.focus();
}
