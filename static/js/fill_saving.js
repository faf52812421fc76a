// Saving the cards of the filling page: by itself after typing, when asked for, and again when it could not be sent.

import { cookie, look } from "./app.js";
import { explain, refresh, replace, restate, tell } from "./fill_cards.js";
import { body, draftOf, drop, keep, typed } from "./fill_drafts.js";
import { count, found, lost } from "./fill_offline.js";
import { put } from "./fill_rows.js";

const page = document.querySelector("[data-fill]");
export const TYPING_PAUSE = 1500; // milliseconds after the last key
export const LEAVING_PAUSE = 200; // after a field is left or a choice made
const AWAY = [502, 503]; // no server or no database took the save: kept and sent again, as without a network
const OUTLIVING = 60000; // characters under way that a browser sends on after the page is gone; it allows 64 KiB

const timers = new Map();
const dirty = new Set();
const sending = new Map(); // the save under way, by card
let outliving = 0;
let renewing = Promise.resolve(); // the cards that come anew since an answer they depend on changed

function recount() {
  count(new Set([...dirty, ...sending.keys()].filter((form) => form.isConnected)).size);
}

// `did`: what was done to the card besides typing, for its status line ("remove", "restore").
export function changed(form, pause, did = "") {
  if (form.hasAttribute("data-conflict") || form.replaced) return;
  if (did) form.did = did;
  dirty.add(form);
  keep(form);
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(() => save(form), pause));
}

export function choose(form) {
  dirty.add(form);
  return save(form);
}

export function save(form) {
  if (!form.isConnected || sending.has(form) || !dirty.has(form)) return sending.get(form);
  const under = saveNow(form);
  sending.set(form, under);
  return under;
}

async function saveNow(form) {
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
    recount();
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

function send(form) {
  const data = body(form);
  if (form.did) data.append("_did", form.did);
  return sendBody(form, form.action, data);
}

async function sendBody(form, url, data) {
  const headers = { Accept: "application/json", "X-CSRFToken": cookie("csrftoken"), "X-Requested-With": "fetch" };
  data.delete("csrfmiddlewaretoken");
  for (const sent of form.unanswered ?? []) data.append("_sent", sent);
  const { length } = data.toString();
  const keepalive = outliving + length < OUTLIVING;
  if (keepalive) outliving += length;
  try {
    const way = { method: "POST", credentials: "same-origin", redirect: "error", keepalive };
    const answer = await fetch(url, { ...way, headers, body: data });
    if (AWAY.includes(answer.status)) throw new Error(String(answer.status));
    found();
    return answer;
  } catch (error) {
    lost();
    throw error;
  } finally {
    if (keepalive) outliving -= length;
  }
}

// An act on a card: clearing it, undoing, an earlier value put back. What stands in the card goes along and is saved
// first; `data`: what to send instead.
export async function act(form, url, name, value, data = null) {
  await sending.get(form);
  clearTimeout(timers.get(form));
  const sent = data ?? body(form);
  sent.append(name, value);
  const wasDirty = dirty.delete(form);
  tell(form, page.dataset.saySaving);
  const under = sendBody(form, url, sent);
  if (!data) remember(form);
  sending.set(form, under);
  try {
    const card = await take(form, await under);
    card?.querySelector(".q-undo")?.focus();
  } catch {
    if (wasDirty) dirty.add(form);
    tell(form, page.dataset.sayFailed, "failed");
  } finally {
    sending.delete(form);
    recount();
  }
}

// The card after a reply, where it came anew.
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
  if (data.conflict || data.refused) form.unanswered?.pop();
  // Typed on meanwhile: asked with the newest text, which is sent next.
  if (data.conflict && dirty.has(form)) return tell(form, page.dataset.saySaving);
  if (data.conflict) return replace(form, data.conflict);
  // The page of somebody who is no longer signed in here: sent again once they are.
  if (data.other_owner) dirty.add(form);
  if (data.refused) return tell(form, data.refused, data.other_owner ? "out" : "failed");
  return saved(form, data);
}

function saved(form, data) {
  form.did = "";
  let card = null;
  if (data.card) {
    card = merged(form, data);
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
  if (data.stale.length) renewing = cards(data.stale);
  document.dispatchEvent(new CustomEvent("dgready:saved", { detail: data }));
  if (data.changed) refresh();
  return card;
}

// The card with the changes of both sides. Typed on meanwhile: the card stays on its revision, and the next save merges.
function merged(form, data) {
  if (dirty.has(form)) return void tell(form, data.status);
  const wrong = Object.keys(data.errors).length;
  drop(form);
  const card = replace(form, data.card);
  tell(card, wrong ? page.dataset.sayInvalid : data.status, wrong ? "failed" : "");
  if (wrong) keep(card);
  return card;
}

async function cards(ids) {
  const here = ids.filter((id) => document.getElementById(`q:${id}`));
  if (!here.length) return;
  const url = `${location.pathname}?cards=${here.map(encodeURIComponent).join(",")}`;
  const answer = await fetch(url, { credentials: "same-origin" }).catch(() => null);
  if (!answer?.ok) return;
  for (const [id, html] of Object.entries(await answer.json())) {
    const old = document.getElementById(`q:${id}`);
    if (old && !dirty.has(old) && !sending.has(old)) replace(old, html);
  }
}

// What was kept on this device is put back into its card, and sent.
export function restoreDraft(form) {
  const draft = draftOf(form);
  if (!draft) return;
  put(form, new URLSearchParams(draft.typed));
  form.dataset.revision = draft.revision;
  form.elements._revision.value = draft.revision;
  form.unanswered = draft.sent ?? [];
  tell(form, page.dataset.sayRestored);
  changed(form, LEAVING_PAUSE);
}

// What could not be sent, sent again; what is still being typed waits for its own pause.
export function retry() {
  for (const form of [...dirty]) {
    if (form.querySelector(".q-status")?.dataset.state) changed(form, LEAVING_PAUSE);
  }
}

// Once the cards that depend on what was saved last are as they should be.
export function renewed() {
  return renewing;
}

export function flush() {
  for (const form of [...dirty]) save(form);
}
