// Looking at a file beside its question: the document is drawn here, marks are made on it, the side is kept up to date.
// Without this script the page shows the text of the file and the forms do the same.

import { cookie, look as lookAtSession, refusalIn } from "./app.js";
import { Frame, clearAreas, layAreas, readAreas } from "./look_marks.js";
import { Pages } from "./look_pages.js";
import { openPdf } from "./look_pdf.js";
import { openPicture } from "./look_picture.js";
import { layWords, selectedWords } from "./look_words.js";
import { suggestIn } from "./suggest.js";

const root = document.querySelector("[data-look]");
const part = (name) => root.querySelector(`[data-look-${name}]`);
const side = () => document.querySelector("[data-look-side]");
let pages = null;
let frame = null;
let selected = null; // what was selected last, while it is
let here = []; // where the reader was led to

function say(words) {
  if (root) part("say").textContent = words;
}

function parse(html, selector) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return holder.content.querySelector(selector);
}

async function ask(url) {
  const answer = await fetch(url, { credentials: "same-origin", headers: { "HX-Request": "true", "X-Requested-With": "fetch" } });
  if (answer.status === 401) lookAtSession();
  if (!answer.ok) throw new Error(String(answer.status));
  return answer;
}

// -- the side --------------------------------------------------------------------------------------

async function submit(form, button) {
  const body = new FormData(form);
  body.delete("csrfmiddlewaretoken");
  if (button?.name) body.append(button.name, button.value);
  const buttons = [...form.querySelectorAll("button")];
  for (const one of buttons) one.disabled = true;
  const headers = { "X-CSRFToken": cookie("csrftoken"), "HX-Request": "true", "X-Requested-With": "fetch" };
  const answer = await fetch(form.action, { method: "POST", credentials: "same-origin", headers, body }).catch(() => null);
  for (const one of buttons) one.disabled = false;
  if (!answer) return say(root.dataset.sayOffline);
  if (answer.status === 401) return void (say(root.dataset.saySignedOut), lookAtSession());
  const text = await answer.text();
  if (answer.status === 403) return say(refusalIn(text) || root.dataset.sayOffline);
  const fresh = parse(text, "[data-look-side]");
  if (!fresh) return say(root.dataset.sayOffline);
  renew(fresh, form);
  // A suggestion that was taken is no suggestion any more.
  if (answer.ok && form.closest("[data-suggestions]")) form.closest("li").remove();
  return settle();
}

// Takes over the side as it is now; what is typed in a form that was not sent stays.
function renew(fresh, sent) {
  const old = side();
  for (const control of old.querySelectorAll("textarea[id], input[id]")) {
    if (control.form === sent || control.value === control.defaultValue) continue;
    const same = fresh.querySelector(`#${CSS.escape(control.id)}`);
    if (!same) continue;
    same.value = control.value;
    if (control.form.elements.areas) setFrame(same.form, control.form.elements.areas.value);
    same.closest("details").open = true;
  }
  const [suggested, again] = [old.querySelector("#suggestions"), fresh.querySelector("#suggestions")];
  if (suggested && again) again.replaceWith(suggested);
  old.replaceWith(fresh);
  enliven();
  layMarks();
}

// Where the keyboard goes: the faulty field, else what undoes it, else the list of marks.
function settle() {
  const target = side().querySelector("[aria-invalid]") ?? side().querySelector("[data-look-undo] button");
  (target ?? document.getElementById("lk-marks")).focus();
}

function enliven() {
  for (const off of side().querySelectorAll("[data-look-frame-off]")) off.hidden = false;
}

function setFrame(form, areas) {
  form.elements.areas.value = areas;
  form.querySelector("[data-look-frame]").hidden = !areas;
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!root || !(form.matches("[data-look-form]") || (form.method === "post" && side().contains(form)))) return;
  event.preventDefault();
  submit(form, event.submitter);
});

document.addEventListener("click", (event) => {
  const off = event.target.closest("[data-look-frame-off]");
  if (off) {
    setFrame(off.form, "");
    off.form.elements.quote.focus();
  }
  const link = event.target.closest("a[data-look-go]");
  if (link && pages && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    lead(Number.parseInt(link.dataset.lookGo, 10) || 1, link.dataset.areas ?? "");
  }
});

// -- marks on the pages --------------------------------------------------------------------------

function layMarks(only = 0) {
  if (!pages) return;
  const kinds = { mark: side().querySelectorAll("[data-look-mark]"), hit: root.querySelectorAll("[data-look-hits] a[data-areas]") };
  for (const [kind, items] of Object.entries(kinds)) {
    if (!only) clearAreas(pages, kind);
    for (const item of items) layAreas(pages, kind, readAreas(item.dataset.areas), only);
  }
  if (only) layAreas(pages, "here", here, only);
}

// Marks that were typed have no rectangles: where their words stand is asked once, and shown only.
async function placeTyped() {
  for (const item of side().querySelectorAll('[data-look-mark][data-areas=""]')) {
    const quote = item.querySelector("blockquote")?.innerText ?? "";
    const page = Number.parseInt(item.querySelector("[data-look-go]")?.dataset.lookGo, 10) || 1;
    const found = quote ? await passage({ quote, page }).catch(() => null) : null;
    if (!found?.found || !item.isConnected) continue;
    item.dataset.areas = found.areas;
    item.querySelector("[data-look-go]").dataset.areas = found.areas;
    layAreas(pages, "mark", readAreas(found.areas));
  }
}

function lead(number, areas) {
  clearAreas(pages, "here");
  here = readAreas(areas);
  const first = layAreas(pages, "here", here);
  pages.go(here[0]?.[0] ?? number, first);
}

// -- making marks --------------------------------------------------------------------------------

async function passage(query) {
  return (await ask(`${root.dataset.passage}?${new URLSearchParams(query)}`)).json();
}

function newForm() {
  const box = side().querySelector("[data-look-new]");
  box.open = true;
  return box.querySelector("form");
}

function fill(form, { pages: numbers, quote, areas }) {
  if (form.elements.pages) form.elements.pages.value = numbers;
  if (quote) form.elements.quote.value = quote;
  setFrame(form, areas);
}

async function framed(areas) {
  const form = newForm();
  const found = await passage({ areas }).catch(() => null);
  fill(form, { pages: areas.split(":")[0], quote: found?.quote ?? "", areas });
  say(root.dataset.sayDrawn);
  form.scrollIntoView({ block: "center" });
  (form.elements.quote.value ? form.querySelector("[type=submit]") : form.elements.note).focus({ preventScroll: true });
}

// What is selected becomes a mark at once; words that only another copy has are looked for in our own text.
async function markSelected() {
  if (!selected) return;
  const chosen = selected;
  let found = null;
  try {
    found = chosen.from
      ? await passage({ from: chosen.from, to: chosen.to })
      : await passage({ quote: chosen.text, page: chosen.page });
  } catch {
    return say(root.dataset.sayOffline);
  }
  if (!found.found && chosen.from) return say(root.dataset.sayNoWords);
  const form = newForm();
  const known = found.found ? found : { pages: String(chosen.page), quote: chosen.text };
  fill(form, { ...known, areas: chosen.from ? known.areas : chosen.areas });
  getSelection().removeAllRanges();
  return submit(form, null);
}

function watchSelection() {
  const button = root.querySelector('[data-look-do="mark"]');
  if (!button) return;
  document.addEventListener("selectionchange", () => {
    const now = selectedWords(pages);
    if (!now && document.activeElement === button) return;
    selected = now;
    button.hidden = !now;
  });
  button.addEventListener("pointerdown", (event) => event.preventDefault()); // keeps what is selected
}

// -- words of the pages --------------------------------------------------------------------------

async function fillWords(number, face) {
  layMarks(number);
  try {
    if ("rendition" in root.dataset) return layWords(face, await pages.source.words(number));
    const words = root.dataset.words.replace(/0\/$/, `${number}/`);
    return layWords(face, (await (await ask(words)).json()).words);
  } catch {
    return undefined; // frames can still be drawn
  }
}

document.addEventListener("dgready:text-read", () => {
  for (const page of pages?.box.querySelectorAll(".lk-page[data-filled]") ?? []) {
    fillWords(Number(page.dataset.number), page.firstElementChild);
  }
});

// -- tools ---------------------------------------------------------------------------------------

const DO = {
  previous: () => pages.go(pages.current - 1),
  next: () => pages.go(pages.current + 1),
  smaller: () => pages.scale(-1),
  larger: () => pages.scale(1),
  fit: () => pages.scale(0),
  turn: () => pages.rotate(),
  frame: () => frame.toggle(),
  mark: () => markSelected(),
};
const KEYS = { "+": "larger", "=": "larger", "-": "smaller", 0: "fit", r: "turn", R: "turn", n: "next", p: "previous" };

function startTools() {
  const number = part("number");
  part("tools").hidden = false;
  part("count").textContent = pages.source.count;
  part("tools").addEventListener("click", (event) => {
    const name = event.target.closest("[data-look-do]")?.dataset.lookDo;
    if (!name) return;
    if (name === "frame") event.target.closest("button").setAttribute("aria-pressed", String(!frame.on));
    DO[name]();
  });
  number.addEventListener("change", () => pages.go(Number.parseInt(number.value, 10) || pages.current));
  number.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
  number.addEventListener("keyup", (event) => event.key === "Enter" && pages.go(Number.parseInt(number.value, 10) || 1));
  pages.box.addEventListener("keydown", (event) => {
    const name = event.target === pages.box && !event.ctrlKey && !event.metaKey && !event.altKey ? KEYS[event.key] : null;
    if (!name) return;
    event.preventDefault();
    DO[name]();
  });
  frame = new Frame(pages, root.dataset.sayFrame, framed, (taken) => {
    const button = root.querySelector('[data-look-do="frame"]');
    button?.setAttribute("aria-pressed", "false");
    if (!taken) button?.focus();
  });
  watchSelection();
}

async function find(form) {
  const query = form.elements.q.value.trim();
  if (!query) return void (part("found").replaceChildren(), layMarks());
  const answer = await ask(`${root.dataset.find}?${new URLSearchParams({ q: query })}`).catch(() => null);
  if (!answer) return say(root.dataset.sayOffline);
  part("found").replaceChildren(parse(await answer.text(), "[data-look-hits]"));
  layMarks();
  const first = part("found").querySelector("a[data-look-go]");
  if (first && pages) lead(Number(first.dataset.lookGo), first.dataset.areas);
  return part("found").querySelector("h3").focus({ preventScroll: true });
}

// -- the document --------------------------------------------------------------------------------

async function open() {
  const { look: how, content, worker, assets } = root.dataset;
  if (how === "text") return;
  say(root.dataset.sayLoading);
  try {
    const source = how === "pdf" ? await openPdf({ content, worker, assets }) : await openPicture({ content });
    const box = part("pages");
    box.hidden = false;
    pages = new Pages(box, source, {
      label: root.dataset.sayPage,
      filled: fillWords,
      moved: (number) => (part("number").value = number),
    });
    const marked = readAreas(side().querySelector("[data-look-mark]")?.dataset.areas ?? "");
    startTools();
    await pages.start(Number(root.dataset.page) || marked[0]?.[0] || 1);
    part("text").hidden = true;
    // Marks are made on the pages now; the form opens when it is needed.
    const form = side().querySelector("[data-look-new]");
    if (form && !form.querySelector("[aria-invalid]")) form.open = false;
    say("");
    root.dataset.ready = "";
    placeTyped();
  } catch {
    pages = null;
    part("pages").hidden = true;
    part("tools").hidden = true;
    part("text").hidden = false;
    root.dataset.failed = "";
    say(root.dataset.sayFailed);
  }
}

addEventListener("beforeunload", (event) => {
  const typed = side()?.querySelectorAll("textarea, input[name=pages], input[name=note]") ?? [];
  if ([...typed].some((control) => control.value !== control.defaultValue)) event.preventDefault();
});
suggestIn(document);
if (root) {
  enliven();
  part("find").addEventListener("submit", (event) => {
    event.preventDefault();
    find(event.target);
  });
  open();
}
