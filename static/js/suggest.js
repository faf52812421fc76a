// Suggested passages: fetched when their place comes into view, and again by itself while the file is being read.
// Tells the page by "dgready:text-read" when a file that was being read is read.

const TRIES = 14; // while a file is being read
const PAUSE = 1500; // milliseconds, longer from time to time
const LONGEST_PAUSE = 12000;

const HEADERS = { "HX-Request": "true", "X-Requested-With": "fetch" };

async function fetchInto(box, tries) {
  let answer;
  try {
    answer = await fetch(box.dataset.suggest, { credentials: "same-origin", headers: HEADERS });
  } catch {
    return; // the link is still there
  }
  if (!answer.ok || !box.isConnected) return;
  const holder = document.createElement("template");
  holder.innerHTML = await answer.text();
  const fresh = holder.content.querySelector("[data-suggestions]");
  if (!fresh) return;
  const waits = "waiting" in fresh.dataset;
  // While somebody is in it nothing moves under their hands.
  if (!box.contains(document.activeElement) || !waits) box.replaceChildren(fresh);
  if (!waits) {
    if (tries) document.dispatchEvent(new CustomEvent("dgready:text-read"));
    return;
  }
  if (tries < TRIES) setTimeout(() => fetchInto(box, tries + 1), Math.min(PAUSE + 700 * tries, LONGEST_PAUSE));
  else offerAgain(box);
}

function offerAgain(box) {
  const again = box.querySelector("[data-suggest-again]");
  if (!again) return;
  again.hidden = false;
  again.addEventListener("click", () => {
    again.hidden = true;
    fetchInto(box, 0);
  });
}

// One after another: what the first of them reads serves the others.
let last = Promise.resolve();

function see(entries) {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    seen.unobserve(target);
    last = last.then(() => fetchInto(target, 0));
  }
}

const seen = new IntersectionObserver(see, { rootMargin: "500px 0px" });

export function suggestIn(root) {
  for (const box of root.querySelectorAll("[data-suggest]:not([data-live])")) {
    box.dataset.live = "";
    seen.observe(box);
  }
}
