// The pages of a document one below the other: drawn when they come near, zoomed, turned, led to.
// Each page has a face in which places are parts of its width and height, however it is zoomed or turned.

const WIDEST = 1000; // CSS pixels of a page that fits
const STEP = 1.25;
const [LEAST, MOST] = [0.4, 5]; // zoom
const KEPT = 10; // pages that stay drawn
const PATIENCE = 150; // milliseconds before pages are drawn anew after zooming

export class Pages {
  // `filled(number, face)` is called when a page is drawn for the first time; `moved(number)` when another is on top.
  constructor(box, source, { label, filled, moved }) {
    Object.assign(this, { box, source, label, filled, moved, zoom: 1, turn: 0, current: 1, drawn: new Map() });
  }

  async start(first) {
    this.sizes = new Map([[1, await this.source.size(1)]]);
    this.pages = [];
    this.box.replaceChildren();
    for (let number = 1; number <= this.source.count; number += 1) this.pages.push(this.make(number));
    this.box.append(...this.pages);
    this.layout();
    this.near = new IntersectionObserver((entries) => this.see(entries), { root: this.box, rootMargin: "60% 0px" });
    for (const page of this.pages) this.near.observe(page);
    this.box.addEventListener("scroll", () => this.look(), { passive: true });
    new ResizeObserver(() => this.layout()).observe(this.box);
    if (first > 1) this.go(first);
    this.look();
    await this.draw(Math.min(Math.max(first, 1), this.source.count));
  }

  make(number) {
    const page = document.createElement("div");
    page.className = "lk-page";
    page.dataset.number = number;
    const face = document.createElement("div");
    face.className = "lk-face";
    for (const name of ["lk-texts", "lk-marks"]) {
      const layer = document.createElement("div");
      layer.className = `lk-layer ${name}`;
      if (name === "lk-marks") layer.setAttribute("aria-hidden", "true");
      face.append(layer);
    }
    page.append(face);
    return page;
  }

  face(number) {
    return this.pages[number - 1]?.firstElementChild ?? null;
  }

  // -- sizes -------------------------------------------------------------------------------------

  layout() {
    const wide = Math.min(WIDEST, Math.max(this.box.clientWidth - 16, 120)) * this.zoom;
    if (wide === this.wide && this.turned === this.turn) return;
    const share = this.box.scrollTop / Math.max(this.box.scrollHeight, 1);
    Object.assign(this, { wide, turned: this.turn });
    for (const page of this.pages) this.fit(page);
    this.box.scrollTop = share * this.box.scrollHeight;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.redraw(), PATIENCE);
  }

  fit(page) {
    const { width, height } = this.sizes.get(Number(page.dataset.number)) ?? this.sizes.get(1);
    const sideways = this.turn % 180 !== 0;
    const ratio = height / width;
    const [faceWide, faceHigh] = sideways ? [this.wide / ratio, this.wide] : [this.wide, this.wide * ratio];
    page.style.width = `${this.wide}px`;
    page.style.height = `${sideways ? faceWide : faceHigh}px`;
    const { style } = page.firstElementChild;
    style.width = `${faceWide}px`;
    style.height = `${faceHigh}px`;
    style.setProperty("--high", `${faceHigh}px`);
    const shift = { 0: "none", 90: `translate(${faceHigh}px, 0) rotate(90deg)` };
    shift[180] = `translate(${faceWide}px, ${faceHigh}px) rotate(180deg)`;
    shift[270] = `translate(0, ${faceWide}px) rotate(270deg)`;
    style.transform = shift[this.turn];
  }

  scale(by) {
    this.zoom = by === 0 ? 1 : Math.min(MOST, Math.max(LEAST, this.zoom * (by > 0 ? STEP : 1 / STEP)));
    this.layout();
  }

  rotate() {
    const { current } = this;
    this.turn = (this.turn + 90) % 360;
    this.layout();
    this.go(current);
  }

  // -- drawing -----------------------------------------------------------------------------------

  see(entries) {
    for (const { isIntersecting, target } of entries) {
      target.classList.toggle("is-near", isIntersecting);
      if (isIntersecting) this.draw(Number(target.dataset.number));
    }
  }

  async draw(number) {
    const page = this.pages[number - 1];
    const pixels = Math.round(parseFloat(page.firstElementChild.style.width) * Math.min(devicePixelRatio || 1, 2.5));
    const old = this.drawn.get(number);
    if (old && old.pixels === pixels) return;
    if (old) old.drawing.stop();
    const known = this.sizes.get(number);
    if (!known) {
      this.sizes.set(number, await this.source.size(number));
      this.fit(page);
    }
    const drawing = this.source.draw(number, pixels);
    this.drawn.set(number, { pixels, drawing });
    try {
      await drawing.done;
    } catch {
      return; // stopped, or a page with a fault: it stays white, its words can still be read
    }
    if (this.drawn.get(number)?.drawing !== drawing) return;
    const face = page.firstElementChild;
    face.querySelector(".lk-drawn")?.remove();
    drawing.element.classList.add("lk-drawn");
    face.prepend(drawing.element);
    page.dataset.drawn = "";
    if (!page.dataset.filled) {
      page.dataset.filled = "1";
      this.filled(number, face);
    }
    this.forget();
  }

  redraw() {
    for (const page of this.box.querySelectorAll(".lk-page.is-near")) this.draw(Number(page.dataset.number));
  }

  // The pages furthest away are given back: canvases are large.
  forget() {
    const far = [...this.drawn.keys()].sort((a, b) => Math.abs(b - this.current) - Math.abs(a - this.current));
    for (const number of far.slice(0, Math.max(0, far.length - KEPT))) {
      if (this.pages[number - 1].classList.contains("is-near")) continue;
      this.drawn.get(number).drawing.stop();
      this.drawn.delete(number);
      this.face(number).querySelector(".lk-drawn")?.remove();
      delete this.pages[number - 1].dataset.drawn;
    }
  }

  // -- where we are ------------------------------------------------------------------------------

  look() {
    const middle = this.box.getBoundingClientRect().top + this.box.clientHeight / 3;
    let low = 0;
    let high = this.pages.length - 1;
    while (low < high) {
      const half = Math.floor((low + high) / 2);
      if (this.pages[half].getBoundingClientRect().bottom < middle) low = half + 1;
      else high = half;
    }
    if (low + 1 !== this.current || !this.told) {
      this.told = true;
      this.current = low + 1;
      this.moved(this.current);
    }
  }

  // To a page, or to an element on it.
  go(number, element = null) {
    const page = this.pages[Math.min(Math.max(number, 1), this.pages.length) - 1];
    const [box, at] = [this.box.getBoundingClientRect(), (element ?? page).getBoundingClientRect()];
    const above = element ? this.box.clientHeight / 3 : 4;
    this.box.scrollTop += at.top - box.top - above;
    if (element) this.box.scrollLeft += at.left - box.left - this.box.clientWidth / 3;
    this.look();
  }

  // A point of the window as a part (0 to 1) of a face.
  inFace(face, x, y) {
    const box = face.getBoundingClientRect();
    const [across, down] = [(x - box.left) / box.width, (y - box.top) / box.height];
    const [u, v] = { 0: [across, down], 90: [down, 1 - across], 180: [1 - across, 1 - down], 270: [1 - down, across] }[this.turn];
    return [Math.min(1, Math.max(0, u)), Math.min(1, Math.max(0, v))];
  }

  // A step on the screen as a step in a face.
  stepInFace(dx, dy) {
    return { 0: [dx, dy], 90: [dy, -dx], 180: [-dx, -dy], 270: [-dy, dx] }[this.turn];
  }
}
