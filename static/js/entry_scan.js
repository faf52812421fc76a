// The scanned paper beside the questions: drawn, zoomed, turned over; its page follows the question where that is known.

import { Pages } from "./look_pages.js";
import { openPdf } from "./look_pdf.js";
import { openPicture } from "./look_picture.js";

const root = document.querySelector("[data-scan]");
const part = (name) => root.querySelector(`[data-scan-${name}]`);
const where = JSON.parse(root.dataset.pages || "{}");
let pages = null;
let question = "";

const DO = {
  previous: () => pages.go(pages.current - 1),
  next: () => pages.go(pages.current + 1),
  smaller: () => pages.scale(-1),
  larger: () => pages.scale(1),
  turn: () => pages.rotate(),
};

// Only when another question is come to: whoever turned the page by hand stays there.
function follow(element) {
  const id = element?.closest?.("form.q")?.dataset.question ?? "";
  if (!id || id === question) return;
  question = id;
  if (where[id] && where[id] !== pages.current) pages.go(where[id]);
}

async function open() {
  const { scan: how, content, worker, assets } = root.dataset;
  try {
    const source = how === "pdf" ? await openPdf({ content, worker, assets }) : await openPicture({ content });
    const box = part("pages");
    box.hidden = false;
    pages = new Pages(box, source, {
      label: root.dataset.sayPage,
      filled: () => undefined,
      moved: (number) => (part("number").textContent = number),
    });
    part("count").textContent = source.count;
    part("tools").hidden = false;
    const first = document.activeElement?.closest("form.q")?.dataset.question;
    question = first ?? "";
    await pages.start(where[first] ?? 1);
    root.dataset.ready = "";
  } catch {
    pages = null;
    part("pages").hidden = true;
    part("say").textContent = root.dataset.sayFailed;
    return;
  }
  part("tools").addEventListener("click", (event) => DO[event.target.closest("[data-scan-do]")?.dataset.scanDo]?.());
  document.addEventListener("focusin", (event) => follow(event.target));
  document.addEventListener("dgready:scan", (event) => {
    DO[event.detail]();
    event.preventDefault();
  });
}

open();
