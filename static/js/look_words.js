// The words of a page laid over its picture, to be selected; what is selected as a passage of our own text.

const ROOM = 0.78; // of a line's height: the letters of a line
const measuring = document.createElement("canvas").getContext("2d");
measuring.font = "100px Sarabun, sans-serif";

export function layWords(face, words) {
  const layer = face.querySelector(".lk-texts");
  const [wide, high] = [face.offsetWidth, face.offsetHeight];
  const made = [];
  let below = null;
  for (const [start, text, left, top, right, bottom] of words) {
    const span = document.createElement("span");
    span.textContent = text;
    if (start !== null) span.dataset.start = start;
    span.style.left = `${left / 100}%`;
    span.style.top = `${top / 100}%`;
    const line = (bottom - top) / 10000;
    const share = line * ROOM;
    span.style.lineHeight = `calc(var(--high) * ${line.toFixed(5)})`;
    span.style.fontSize = `calc(var(--high) * ${share.toFixed(5)})`;
    const natural = (measuring.measureText(text).width / 100) * share * high;
    if (natural > 0) span.style.transform = `scaleX(${(((right - left) / 10000) * wide / natural).toFixed(4)})`;
    if (below !== null && top > below) made.push(document.createElement("br"));
    else if (below !== null) made.push(document.createTextNode(" "));
    below = top + (bottom - top) / 2;
    made.push(span);
  }
  layer.replaceChildren(...made);
}

// Characters as Python counts them.
function count(text, end) {
  return [...text.slice(0, end)].length;
}

function pageOf(node) {
  return Number(node.closest(".lk-page").dataset.number);
}

// What is selected on the pages: null, or its words, its first and last place in our text, and where it is drawn.
export function selectedWords(pages) {
  const selection = getSelection();
  if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  if (!pages.box.contains(range.commonAncestorContainer)) return null;
  const near = pages.box.querySelectorAll(".lk-page.is-near .lk-texts > span");
  const spans = [...near].filter((span) => range.intersectsNode(span) && pieceOf(span, range).text.trim());
  if (!spans.length) return null;
  const [first, last] = [spans[0], spans.at(-1)];
  const [begin, end] = [pieceOf(first, range), pieceOf(last, range)];
  return {
    text: spans.map((span) => pieceOf(span, range).text).join(" "),
    page: pageOf(first),
    from: "start" in first.dataset ? `${pageOf(first)}:${Number(first.dataset.start) + count(first.textContent, begin.start)}` : "",
    to: "start" in last.dataset ? `${pageOf(last)}:${Number(last.dataset.start) + count(last.textContent, end.end)}` : "",
    areas: spans.map((span) => areaOf(pages, span)).join(" "),
  };
}

function pieceOf(span, range) {
  const { textContent } = span;
  const start = span.contains(range.startContainer) && range.startContainer !== span ? range.startOffset : 0;
  const end = span.contains(range.endContainer) && range.endContainer !== span ? range.endOffset : textContent.length;
  return { start, end, text: textContent.slice(start, end) };
}

function areaOf(pages, span) {
  const box = span.getBoundingClientRect();
  const face = span.closest(".lk-face");
  return areaBetween(pageOf(span), pages.inFace(face, box.left, box.top), pages.inFace(face, box.right, box.bottom));
}

// Two corners in parts of a page as the rectangle that marks keep.
export function areaBetween(page, one, other) {
  const edge = (value) => Math.round(Math.min(1, Math.max(0, value)) * 10000);
  const [left, right] = [edge(Math.min(one[0], other[0])), edge(Math.max(one[0], other[0]))];
  const [top, bottom] = [edge(Math.min(one[1], other[1])), edge(Math.max(one[1], other[1]))];
  return `${page}:${left},${top},${Math.max(right, left + 1)},${Math.max(bottom, top + 1)}`;
}
