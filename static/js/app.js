// What every page does: CSRF token for htmx, word of the connection, and the end of the session.
// Tells other scripts by events on document: "dgready:signed-out", "dgready:signed-in", "dgready:online".

const WARN_BEFORE = 5 * 60; // seconds
const LOOK_EVERY = 15 * 1000; // milliseconds

export function cookie(name) {
  const start = `${name}=`;
  const found = document.cookie.split("; ").find((part) => part.startsWith(start));
  return found ? decodeURIComponent(found.slice(start.length)) : "";
}

export function post(url, body) {
  const headers = { "X-CSRFToken": cookie("csrftoken"), "X-Requested-With": "fetch" };
  return fetch(url, { method: "POST", credentials: "same-origin", headers, body });
}

function tell(name) {
  document.dispatchEvent(new CustomEvent(`dgready:${name}`));
}

// -- connection ----------------------------------------------------------------------------------

const net = document.getElementById("net-status");
let fading = 0;

export function say(which) {
  if (!net) return;
  clearTimeout(fading);
  net.textContent = net.dataset[which];
  net.dataset.state = which;
  net.hidden = false;
  if (which !== "offline") fading = setTimeout(() => (net.hidden = true), 6000);
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
  if (event.detail.xhr.status === 401) ended();
  else say("failed");
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
    if (!answer.ok) return say("failed");
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
