// The panel beside the form: a dialog over the page, which stays as it is while files are sent or text is typed.

import { draw } from "./evidence_bar.js";
import { isDirty, parse, renew } from "./evidence_panel.js";
import { isLive, send } from "./evidence_queue.js";
import { livenUnfinished } from "./evidence_unfinished.js";
import { suggestIn } from "./suggest.js";

// Lets a panel's form take files by choosing, by dropping, and what was cut off before.
export function liven(panel) {
  suggestIn(panel);
  const form = panel.querySelector("[data-evidence-upload]");
  if (!form || form.classList.contains("is-live")) return;
  form.classList.add("is-live");
  form.querySelector("[data-evidence-hint]").hidden = false;
  livenUnfinished(panel, form);
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

export async function show(link) {
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
  draw();
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
    if (!isLive(panel) && !isDirty(panel)) dialog.remove();
    draw();
  });
  document.body.append(dialog);
  liven(panel);
  return dialog;
}

