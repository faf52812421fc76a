// Evidence of one place: opens the panel beside the form, sends its forms and files.

import { liven, show } from "./evidence_dialog.js";
import { find, isDirty, submit } from "./evidence_panel.js";
import { send, sendings } from "./evidence_queue.js";

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-evidence]");
  // On the page of a place the link to the next one leads to a page too.
  if (!link || link.closest(".evp-page") || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  link.closest("dialog")?.close();
  show(link);
});
document.addEventListener("submit", (event) => {
  const panel = event.target.closest("[data-evidence-panel]");
  if (!panel) return;
  event.preventDefault();
  event.stopPropagation();
  if (event.target.matches("[data-evidence-form]")) submit(panel, event.target, event.submitter);
  else if (event.target.matches("[data-evidence-find]")) find(panel, event.target);
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
  if (sendings().length || panels.some(isDirty)) event.preventDefault();
});
for (const panel of document.querySelectorAll("[data-evidence-panel]")) liven(panel);
