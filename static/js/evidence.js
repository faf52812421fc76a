// Evidence of one place: opens the panel beside the form, sends files with progress, keeps what is being typed.
// Tells the page by an event on the place (#e:ADDRESS): "dgready:evidence" with {at, files: [{name, marked}]}.

import { cookie, refusalIn } from "./app.js";

const AT_ONCE = 2; // files on their way at the same time
const TRIES = 30; // of one file, while the store does not answer
const LONGEST_PAUSE = 60; // seconds between two of them
const PARTS = ["[data-evidence-undo]", "[data-evidence-problems]", "[data-evidence-standing]", "[data-evidence-removed]"];

// -- the panel -----------------------------------------------------------------------------------

function parse(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return holder.content.querySelector("[data-evidence-panel]");
}

function fileOf(panel, id) {
  return panel.querySelector(`[data-file="${CSS.escape(id)}"]`);
}

// Takes over what the server says now; forms that someone is typing into stay, unless they are `changed`.
function merge(panel, html, changed) {
  const fresh = parse(html);
  if (!fresh) return false;
  const [old, now] = [changed && fileOf(panel, changed), changed && fileOf(fresh, changed)];
  if (old && now) old.replaceWith(now.cloneNode(true));
  // Of two answers on their way at once the older may arrive last; the newer has all that it has.
  if (Number(fresh.dataset.version) >= Number(panel.dataset.version)) renew(panel, fresh);
  tell(panel);
  return true;
}

function renew(panel, fresh) {
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
}

function tell(panel) {
  const { at } = panel.dataset;
  const files = [...panel.querySelectorAll("[data-file]")].map((item) => ({
    name: item.dataset.name,
    marked: "marked" in item.dataset,
  }));
  const place = document.getElementById(`e:${at}`);
  if (!place) return;
  for (const old of place.querySelectorAll(".ev-file")) old.remove();
  const chips = files.map(({ name, marked }) => chip(name, marked, panel.dataset.sayNotMarked));
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
function isDirty(panel) {
  const typed = [...panel.querySelectorAll("textarea, input[name=pages], input[name=date], input[name=url]")];
  return typed.some((control) => control.value !== control.defaultValue);
}

function headers() {
  return { "X-CSRFToken": cookie("csrftoken"), "HX-Request": "true", "X-Requested-With": "fetch" };
}

// What a form sends, with the token left to the header: that one is fresh after signing in again.
function bodyOf(form) {
  const body = new FormData(form);
  body.delete("csrfmiddlewaretoken");
  return body;
}

function problem(panel, words) {
  const box = document.createElement("div");
  box.className = "alert alert-danger";
  box.setAttribute("role", "alert");
  box.textContent = words;
  panel.querySelector("[data-evidence-problems]").replaceChildren(box);
}

async function submit(panel, form, button) {
  const body = bodyOf(form);
  if (button && button.name) body.append(button.name, button.value);
  const item = form.closest("[data-file]");
  const id = item ? item.dataset.file : "";
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

// Where the keyboard goes after an answer: the faulty field, else what undoes it, else what was changed, else the top.
function settle(panel, id) {
  const item = id ? fileOf(panel, id) : null;
  const undo = panel.querySelector("[data-evidence-undo] button");
  const target = item?.querySelector("[aria-invalid]") || undo || item?.querySelector("h3 a") || panel.querySelector("h2");
  if (target) target.focus();
}

// -- sending files -------------------------------------------------------------------------------

class Sending {
  constructor(panel, form, file) {
    Object.assign(this, { panel, form, file, xhr: null, over: false, tries: 0, timer: 0 });
    this.row = document.createElement("li");
    this.name = this.add("span", "evp-queue-name", file.name);
    this.buttons = this.add("span", "evp-queue-buttons");
    this.bar = this.add("progress");
    this.bar.max = 100;
    this.bar.setAttribute("aria-label", file.name);
    this.state = this.add("span", "evp-queue-state", this.words.sayWaiting);
    this.state.setAttribute("role", "status");
    this.offer("sayCancel", () => this.cancel());
  }

  get words() {
    return this.panel.dataset;
  }

  add(tag, name, text) {
    const made = document.createElement(tag);
    if (name) made.className = name;
    if (text) made.textContent = text;
    this.row.append(made);
    return made;
  }

  offer(word, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-sm btn-outline-primary";
    button.textContent = this.words[word];
    button.setAttribute("aria-label", `${this.words[word]} ${this.file.name}`);
    button.addEventListener("click", act);
    this.buttons.append(button);
  }

  start() {
    if (this.file.size > Number(this.words.maxBytes)) return this.end(this.words.sayTooLarge);
    const body = bodyOf(this.form);
    body.delete("files");
    body.append("files", this.file, this.file.name);
    const xhr = (this.xhr = new XMLHttpRequest());
    xhr.open("POST", this.form.action);
    for (const [name, value] of Object.entries(headers())) xhr.setRequestHeader(name, value);
    xhr.upload.addEventListener("progress", (event) => event.lengthComputable && this.moved(event.loaded / event.total));
    xhr.addEventListener("load", () => this.answered(xhr));
    xhr.addEventListener("error", () => this.failed(this.words.sayOffline));
    xhr.addEventListener("abort", () => this.end(this.words.sayCancelled));
    this.state.textContent = this.words.saySending;
    this.bar.value = 0;
    return xhr.send(body);
  }

  moved(share) {
    const percent = Math.floor(share * 100);
    this.bar.value = percent;
    this.state.textContent = percent < 100 ? `${this.words.saySending} ${percent}%` : this.words.sayChecking;
  }

  answered(xhr) {
    const fresh = [200, 409, 422].includes(xhr.status) ? parse(xhr.responseText) : null;
    if (xhr.status === 401) return this.failed(this.words.saySignedOut);
    if (xhr.status === 403) return this.failed(refusalIn(xhr.responseText) || this.words.sayFailed);
    if (xhr.status === 503) return this.later(Number(xhr.getResponseHeader("Retry-After")) || 10);
    if (xhr.status === 413) return this.end(this.words.sayTooLarge);
    if (!fresh) return this.failed(this.words.sayFailed);
    const refusal = fresh.querySelector("[data-refusal]");
    const reason = refusal ? refusal.textContent.trim() : "";
    fresh.querySelector("[data-evidence-problems]").replaceChildren(); // said beside the file instead
    merge(this.panel, fresh.outerHTML, "");
    if (reason) return this.end(reason);
    this.over = true;
    this.row.remove();
    return next(this.panel);
  }

  // The store does not answer: again after a while, by itself; each pause is longer than the one before.
  later(seconds) {
    this.tries += 1;
    if (this.tries >= TRIES) return this.failed(this.words.sayStoreGone);
    const pause = Math.min(seconds * this.tries, LONGEST_PAUSE);
    this.bar.removeAttribute("value");
    this.state.textContent = `${this.words.sayStoreAway} ${pause} ${this.words.saySeconds}`;
    this.timer = setTimeout(() => this.start(), pause * 1000);
    return undefined;
  }

  cancel() {
    clearTimeout(this.timer);
    if (this.xhr && this.xhr.readyState < 4) this.xhr.abort();
    else this.end(this.words.sayCancelled);
  }

  failed(words) {
    this.end(words);
    this.offer("sayRetry", () => {
      const again = new Sending(this.panel, this.form, this.file);
      this.row.replaceWith(again.row);
      queueOf(this.panel).push(again);
      again.buttons.querySelector("button").focus();
      next(this.panel);
    });
  }

  end(words) {
    this.over = true;
    this.row.classList.add("is-bad");
    this.bar.remove();
    this.state.textContent = words;
    this.buttons.replaceChildren();
    this.offer("sayDismiss", () => {
      this.row.remove();
      this.panel.querySelector("[type=file]").focus();
    });
    next(this.panel);
  }
}

const queues = new WeakMap();
const live = new Set();

function queueOf(panel) {
  if (!queues.has(panel)) queues.set(panel, []);
  return queues.get(panel);
}

function next(panel) {
  const queue = queueOf(panel).filter((one) => !one.over);
  queues.set(panel, queue);
  if (queue.length) live.add(panel);
  else live.delete(panel);
  const waiting = queue.filter((one) => !one.xhr);
  const free = AT_ONCE - (queue.length - waiting.length);
  for (const one of waiting.slice(0, Math.max(0, free))) one.start();
}

function send(panel, form, files) {
  const list = panel.querySelector("[data-evidence-queue]");
  for (const file of files) {
    const sending = new Sending(panel, form, file);
    list.append(sending.row);
    queueOf(panel).push(sending);
  }
  next(panel);
}

function liven(panel) {
  const form = panel.querySelector("[data-evidence-upload]");
  if (!form || form.classList.contains("is-live")) return;
  form.classList.add("is-live");
  form.querySelector("[data-evidence-hint]").hidden = false;
  const input = form.querySelector("[type=file]");
  input.addEventListener("change", () => {
    const files = [...input.files];
    input.value = "";
    send(panel, form, files);
  });
  const over = (event) => {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    form.classList.toggle("is-over", event.type !== "dragleave");
  };
  form.addEventListener("dragenter", over);
  form.addEventListener("dragover", over);
  form.addEventListener("dragleave", over);
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("is-over");
    send(panel, form, [...event.dataTransfer.files]);
  });
}

// -- beside the form -----------------------------------------------------------------------------

async function show(link) {
  let answer;
  try {
    answer = await fetch(link.href, { credentials: "same-origin", headers: { "HX-Request": "true" } });
  } catch {
    answer = null;
  }
  const panel = answer && answer.ok ? parse(await answer.text()) : null;
  if (!panel) return void (location.href = link.href);
  const standing = [...document.querySelectorAll("dialog [data-evidence-panel]")].find((one) => one.dataset.at === panel.dataset.at);
  if (standing) renew(standing, panel);
  const dialog = standing ? standing.closest("dialog") : wrap(panel, link);
  dialog.showModal();
  dialog.querySelector("h2").focus();
}

function wrap(panel, link) {
  const dialog = document.createElement("dialog");
  dialog.className = "evp-dialog";
  const title = panel.querySelector("h2");
  title.id = `${panel.dataset.key}-title`;
  dialog.setAttribute("aria-labelledby", title.id);
  const bar = document.createElement("div");
  bar.className = "evp-dialog-bar";
  const name = document.createElement("strong");
  name.textContent = panel.dataset.sayTitle;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "btn btn-sm btn-outline-light";
  close.textContent = panel.dataset.sayClose;
  close.addEventListener("click", () => dialog.close());
  bar.append(name, close);
  const body = document.createElement("div");
  body.className = "evp-dialog-body";
  body.append(panel);
  dialog.append(bar, body);
  dialog.addEventListener("close", () => {
    const here = document.getElementById(`e:${panel.dataset.at}`);
    const back = here ? here.querySelector("[data-evidence]") : link;
    if (back) back.focus();
    if (!live.has(panel) && !isDirty(panel)) dialog.remove();
  });
  document.body.append(dialog);
  liven(panel);
  return dialog;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-evidence]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  show(link);
});
document.addEventListener("submit", (event) => {
  const panel = event.target.closest("[data-evidence-panel]");
  if (!panel) return;
  event.preventDefault();
  event.stopPropagation();
  if (event.target.matches("[data-evidence-form]")) submit(panel, event.target, event.submitter);
  else if (event.target.matches("[data-evidence-upload]")) send(panel, event.target, event.target.querySelector("[type=file]").files);
});
// A file dropped beside the frame must not replace the page.
for (const name of ["dragover", "drop"]) {
  document.addEventListener(name, (event) => {
    if (document.querySelector("[data-evidence-panel]") && !event.defaultPrevented) event.preventDefault();
  });
}
addEventListener("beforeunload", (event) => {
  const panels = [...document.querySelectorAll("[data-evidence-panel]")];
  if (live.size || panels.some(isDirty)) event.preventDefault();
});
for (const panel of document.querySelectorAll("[data-evidence-panel]")) liven(panel);
