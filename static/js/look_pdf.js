// A PDF as a source of pages: how many, how large, drawn on a canvas; the words that the file itself says.

const MOST_PIXELS = 9_000_000; // of one canvas
const PARTS = 10_000; // places are kept in such parts of a page

export async function openPdf({ content, worker, assets }) {
  const pdfjs = await import("../vendor/pdfjs/pdf.min.mjs");
  pdfjs.GlobalWorkerOptions.workerSrc = worker;
  const loading = pdfjs.getDocument({
    url: content,
    wasmUrl: `${assets}wasm/`,
    standardFontDataUrl: `${assets}standard_fonts/`,
    isEvalSupported: false,
    enableXfa: false,
    disableFontFace: false,
    verbosity: 0,
  });
  const pdf = await loading.promise;
  return new PdfPages(pdf, pdfjs.Util);
}

class PdfPages {
  constructor(pdf, util) {
    Object.assign(this, { pdf, util, count: pdf.numPages });
  }

  async size(number) {
    const { width, height } = (await this.pdf.getPage(number)).getViewport({ scale: 1 });
    return { width, height };
  }

  // Draws a page for a width in device pixels; `stop` ends it early.
  draw(number, wide) {
    const canvas = document.createElement("canvas");
    let task = null;
    let stopped = false;
    const done = this.pdf.getPage(number).then((page) => {
      const plain = page.getViewport({ scale: 1 });
      const most = Math.sqrt(MOST_PIXELS / (plain.width * plain.height));
      const viewport = page.getViewport({ scale: Math.min(wide / plain.width, most) });
      canvas.width = Math.round(viewport.width);
      canvas.height = Math.round(viewport.height);
      if (stopped) return undefined;
      task = page.render({ canvas, viewport });
      return task.promise;
    });
    return { element: canvas, done, stop: () => ((stopped = true), task?.cancel()) };
  }

  // What the file says by itself, without places in our own text.
  async words(number) {
    const page = await this.pdf.getPage(number);
    const viewport = page.getViewport({ scale: 1 });
    const { items } = await page.getTextContent();
    const found = [];
    for (const { str, transform, width } of items) {
      if (!str || !str.trim()) continue;
      const at = this.util.transform(viewport.transform, transform);
      const high = Math.hypot(at[2], at[3]);
      const box = [at[4] / viewport.width, (at[5] - high) / viewport.height];
      box.push((at[4] + width) / viewport.width, (at[5] + 0.25 * high) / viewport.height);
      found.push([null, str, ...box.map((edge) => Math.round(edge * PARTS))]);
    }
    return found;
  }
}
