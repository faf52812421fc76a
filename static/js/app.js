// What every page does: CSRF token for htmx, word of the connection, and the end of the session.
// Tells other scripts by events on document: "dgready:signed-out", "dgready:signed-in", "dgready:online",
// and "dgready:offline" to a page that says by itself what waits (data-own on #net-status).

const WARN_BEFORE = 5 * 60; // seconds
const LOOK_EVERY = 15 * 1000; // milliseconds

// In production its name begins with __Host- (dgready/cookie_settings.py).
export function cookie(name) {
  const starts = [`__Host-${name}=`, `${name}=`];
  const parts = document.cookie.split("; ");
  for (const start of starts) {
    const found = parts.find((part) => part.startsWith(start));
    if (found) return decodeURIComponent(found.slice(start.length));
  }
  return "";
}

export function post(url, body) {
  const { owner } = document.body.dataset; // the server refuses what comes from the page of somebody else
  const headers = { "X-CSRFToken": cookie("csrftoken"), "X-Requested-With": "fetch", "X-Page-Owner": owner ?? "" };
  return fetch(url, { method: "POST", credentials: "same-origin", headers, body });
}

// The words of a refusal in a reply's JSON; empty for any other reply.
export function refusalIn(text) {
  try {
    return JSON.parse(text).refused ?? "";
  } catch {
    return "";
  }
}

function tell(name) {
  document.dispatchEvent(new CustomEvent(`dgready:${name}`));
}

// -- connection ----------------------------------------------------------------------------------

const net = document.getElementById("net-status");
let fading = 0;

export function say(which, words = "") {
  if (!net) return;
  const isAway = which === "offline" || (which === "failed" && !words && net.dataset.state === "offline");
  if ("own" in net.dataset && isAway) return tell("offline");
  clearTimeout(fading);
  net.textContent = words || net.dataset[which];
  net.dataset.state = which;
  net.hidden = false;
  if (which !== "offline" && !words) fading = setTimeout(() => net.dataset.state === which && (net.hidden = true), 6000);
}

window.addEventListener("offline", () => say("offline"));
window.addEventListener("online", () => {
  say("online");
  tell("online");
});
if (!navigator.onLine) say("offline");

// -- htmx ----------------------------------------------------------------------------------------

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = cookie("csrftoken");
});
document.addEventListener("htmx:sendError", () => say(navigator.onLine ? "failed" : "offline"));
document.addEventListener("htmx:responseError", (event) => {
  const { status, responseText } = event.detail.xhr;
  if (status === 401) ended();
  else say("failed", status === 403 ? refusalIn(responseText) : "");
});

// -- session -------------------------------------------------------------------------------------

const dialog = document.getElementById("session-warning");
let waved = 0; // the session end for which the person closed the dialog

function secondsLeft() {
  const until = Number(cookie("dgready_session_until"));
  return until ? until - Date.now() / 1000 : 0;
}

function show(state) {
  for (const part of dialog.querySelectorAll("[data-state]")) part.hidden = part.dataset.state !== state;
  if (!dialog.open) dialog.showModal();
}

function ended() {
  if (!dialog) return;
  tell("signed-out");
  if (waved !== -1) show("ended");
}

// Looks whether the session goes on; asked at once by whoever gets a 401, which also ends the cookie.
export function look() {
  const left = secondsLeft();
  if (left <= 0) return ended();
  if (left > WARN_BEFORE) {
    if (dialog.open || waved) tell("signed-in");
    waved = 0;
    if (dialog.open) dialog.close();
    return undefined;
  }
  document.getElementById("session-left").textContent = String(Math.ceil(left / 60));
  if (waved !== cookie("dgready_session_until")) show("ending");
  return undefined;
}

async function extend() {
  try {
    const answer = await post(dialog.dataset.ping);
    if (answer.status === 401) return ended();
    if (!answer.ok) return say("failed", refusalIn(await answer.text()));
    return look();
  } catch {
    return say("offline");
  }
}

if (dialog && document.body.hasAttribute("data-signed-in")) {
  dialog.querySelector("[data-extend]").addEventListener("click", extend);
  dialog.querySelector("[data-close]").addEventListener("click", () => {
    waved = -1;
    dialog.close();
  });
  dialog.addEventListener("cancel", () => {
    waved = secondsLeft() > 0 ? cookie("dgready_session_until") : -1;
  });
  setInterval(look, LOOK_EVERY);
  document.addEventListener("visibilitychange", () => document.hidden || look());
  look();
}

// A page that the browser kept as it was (Back) shows nothing once its person has signed out, or another has signed in.
async function lookAgain() {
  if (secondsLeft() <= 0) {
    document.body.hidden = true;
    return location.reload();
  }
  const answer = await post(dialog.dataset.ping).catch(() => null);
  if (answer && !answer.ok) location.reload();
  return undefined;
}

if (dialog && document.body.hasAttribute("data-signed-in")) {
  addEventListener("pageshow", (event) => event.persisted && lookAgain());
}

// -- menus ---------------------------------------------------------------------------------------

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.app-menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.app-menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// -- tabs that do not fit ---------------------------------------------------------------------------

for (const tab of document.querySelectorAll(".tabs [aria-current]")) {
  const row = tab.closest("ul");
  row.scrollLeft = tab.offsetLeft - row.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2;
}
