// Rectangles drawn on the pages: marks, what was found, and the frame that somebody draws.

import { areaBetween } from "./look_words.js";

const FIRST_FRAME = { wide: 0.5, high: 0.08 }; // in parts of the page
const STEP = 0.01;
const LEAST = 0.005;

export function readAreas(text) {
  return text
    .trim()
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => word.split(/[:,]/).map(Number));
}

// Lays rectangles of a kind ("mark", "hit", "here") over the pages that are drawn; returns the first of them.
export function layAreas(pages, kind, areas, only = 0) {
  let first = null;
  for (const [page, left, top, right, bottom] of areas) {
    if (only && page !== only) continue;
    const layer = pages.face(page)?.querySelector(".lk-marks");
    if (!layer) continue;
    const made = document.createElement("div");
    made.className = `lk-area lk-${kind}`;
    made.style.left = `${left / 100}%`;
    made.style.top = `${top / 100}%`;
    made.style.width = `${(right - left) / 100}%`;
    made.style.height = `${(bottom - top) / 100}%`;
    layer.append(made);
    first ??= made;
  }
  return first;
}

export function clearAreas(pages, kind) {
  for (const old of pages.box.querySelectorAll(`.lk-area.lk-${kind}`)) old.remove();
}

// A frame that is drawn with the pointer, or moved by arrow keys and sized with Shift.
export class Frame {
  constructor(pages, label, taken, ended) {
    Object.assign(this, { pages, label, taken, ended, on: false, button: null });
    pages.box.addEventListener("pointerdown", (event) => this.down(event));
  }

  toggle() {
    if (this.on) this.end();
    else this.begin();
  }

  begin() {
    const { pages } = this;
    const face = pages.face(pages.current);
    const [box, shown] = [pages.box.getBoundingClientRect(), face.getBoundingClientRect()];
    const x = Math.max(box.left, shown.left) / 2 + Math.min(box.right, shown.right) / 2;
    const y = Math.max(box.top, shown.top) / 2 + Math.min(box.bottom, shown.bottom) / 2;
    const [u, v] = pages.inFace(face, x, y);
    this.on = true;
    pages.box.classList.add("is-framing");
    this.place(face);
    this.set(u - FIRST_FRAME.wide / 2, v - FIRST_FRAME.high / 2, u + FIRST_FRAME.wide / 2, v + FIRST_FRAME.high / 2);
    this.button.focus({ preventScroll: true });
  }

  place(face) {
    this.button?.remove();
    const button = document.createElement("button");
    button.type = "button";
    button.className = "lk-frame";
    button.setAttribute("aria-label", this.label);
    button.addEventListener("keydown", (event) => this.key(event));
    button.addEventListener("click", (event) => event.detail === 0 && this.take());
    face.append(button);
    Object.assign(this, { button, face });
  }

  set(left, top, right, bottom) {
    const clamp = (value) => Math.min(1, Math.max(0, value));
    this.edges = [clamp(left), clamp(top), clamp(right), clamp(bottom)];
    const [l, t, r, b] = this.edges.map((edge) => edge * 100);
    const { style } = this.button;
    [style.left, style.top, style.width, style.height] = [`${l}%`, `${t}%`, `${r - l}%`, `${b - t}%`];
  }

  key(event) {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (event.key === "Escape") {
      event.preventDefault();
      return this.end();
    }
    if (!way) return undefined;
    event.preventDefault();
    const [du, dv] = this.pages.stepInFace(way[0] * STEP, way[1] * STEP);
    const [l, t, r, b] = this.edges;
    if (event.shiftKey) return this.set(l, t, Math.max(l + LEAST, r + du), Math.max(t + LEAST, b + dv));
    const [x, y] = [Math.min(1 - r, Math.max(-l, du)), Math.min(1 - b, Math.max(-t, dv))];
    this.set(l + x, t + y, r + x, b + y);
    return this.button.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  down(event) {
    const face = event.target.closest?.(".lk-face");
    if (!this.on || !face || event.button > 0) return;
    event.preventDefault();
    const start = this.pages.inFace(face, event.clientX, event.clientY);
    this.place(face);
    const to = ({ clientX, clientY }) => {
      const end = this.pages.inFace(face, clientX, clientY);
      this.set(Math.min(start[0], end[0]), Math.min(start[1], end[1]), Math.max(start[0], end[0]), Math.max(start[1], end[1]));
    };
    to(event);
    const moved = (each) => to(each);
    const up = () => {
      removeEventListener("pointermove", moved);
      const [l, t, r, b] = this.edges;
      if (r - l > LEAST && b - t > LEAST) this.take();
    };
    addEventListener("pointermove", moved);
    addEventListener("pointerup", up, { once: true });
  }

  take() {
    const [l, t, r, b] = this.edges;
    const page = Number(this.face.closest(".lk-page").dataset.number);
    this.end(true);
    this.taken(areaBetween(page, [l, t], [r, b]));
  }

  end(taken = false) {
    this.button?.remove();
    this.button = null;
    this.on = false;
    this.pages.box.classList.remove("is-framing");
    this.ended(taken);
  }
}
