// While there is no connection the filling page says so at its top, as long as it lasts, with what waits to be sent;
// links keep the person on the form, unless they choose to leave.

import { say } from "./app.js";

const page = document.querySelector("[data-fill]");
const bar = document.getElementById("net-status");
const TRY_EVERY = 5000; // milliseconds, where the machine has a network but the server is not reached

let away = false;
let waiting = 0;
let leaving = false;
let wished = null; // what was pressed and needs a connection

// A request could not be sent, or the machine lost its network.
export function lost() {
  if (!away) [away, wished] = [true, null];
  show();
}

// The server answered.
export function found() {
  if (!away || !navigator.onLine) return; // a reply that was under way
  [away, wished] = [false, null];
  if (waiting) show();
  else say("online");
}

// How many cards wait to be sent.
export function count(cards) {
  const was = waiting;
  waiting = cards;
  if (away) return void (was !== waiting && show());
  if (bar.dataset.state !== "sending") return;
  if (waiting) show();
  else say("online");
}

function words(name) {
  return page.dataset[name];
}

function show() {
  bar.dataset.own = "";
  bar.dataset.state = away ? "offline" : "sending";
  const left = waiting ? words("sayWaiting").replace("%s", waiting) : "";
  const text = [away ? bar.dataset.offline : bar.dataset.online, left, wished ? words("sayStay") : ""];
  const line = document.createElement("span");
  line.textContent = text.filter(Boolean).join(" · ");
  const old = bar.querySelector("button");
  bar.replaceChildren(line);
  if (wished) bar.append(" ", old ?? leaveButton());
  bar.hidden = false;
}

function leaveButton() {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-sm btn-outline-dark";
  button.textContent = words("sayLeave");
  button.addEventListener("click", () => {
    leaving = true;
    wished?.();
  });
  return button;
}

function stay(event, go) {
  event.preventDefault();
  event.stopImmediatePropagation();
  wished = go;
  for (const menu of document.querySelectorAll("details.app-menu[open]")) menu.open = false; // it would cover the bar
  show();
  if (!event.detail) bar.querySelector("button").focus(); // pressed by a key
}

function onLink(event) {
  const link = event.target.closest?.("a[href]");
  if (!away || leaving || !link || link.target || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const to = new URL(link.href, location.href);
  const isHere = to.pathname === location.pathname && to.search === location.search;
  if (isHere && to.hash) return;
  stay(event, () => (location.href = link.href));
}

// Cards are kept and sent later, and the evidence panel says by itself what it could not send.
function onForm(event) {
  const { target: form, submitter } = event;
  if (!away || leaving || form.method === "dialog" || form.closest("[data-evidence-panel]")) return;
  if (form.matches(".q") && (!submitter?.hasAttribute("formaction") || submitter.name === "undo")) return;
  stay(event, () => form.requestSubmit(submitter));
}

export function watch(retry) {
  bar.dataset.own = "";
  document.addEventListener("dgready:offline", lost);
  document.addEventListener("dgready:online", found);
  document.addEventListener("click", onLink, true);
  document.addEventListener("submit", onForm, true);
  addEventListener("beforeunload", (event) => away && waiting && !leaving && event.preventDefault());
  setInterval(() => away && navigator.onLine && retry(), TRY_EVERY);
  if (!navigator.onLine) lost();
}
