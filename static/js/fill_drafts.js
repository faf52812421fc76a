// What was typed on the filling page stays on this device until it is saved, for the person the page was made for.

const page = document.querySelector("[data-fill]");
const MACHINERY = ["csrfmiddlewaretoken", "_owner", "_revision"];

const key = (form) => `dgready:${page.dataset.user}:${page.dataset.response}:${form.dataset.question}`;

export function body(form) {
  return new URLSearchParams(new FormData(form));
}

export function typed(form) {
  const data = body(form);
  for (const name of MACHINERY) data.delete(name);
  return data.toString();
}

export function keep(form) {
  const draft = { typed: typed(form), revision: form.dataset.revision, sent: form.unanswered, at: Date.now() };
  try {
    localStorage.setItem(key(form), JSON.stringify(draft));
  } catch {
    // A full or forbidden store only means that nothing is kept beyond this page.
  }
}

export function drop(form) {
  try {
    localStorage.removeItem(key(form));
  } catch {
    // As above.
  }
}

// What was kept of a card and is not what it shows; null for nothing.
export function draftOf(form) {
  let draft = null;
  try {
    draft = JSON.parse(localStorage.getItem(key(form)) || "null");
  } catch {
    return null;
  }
  if (draft && draft.typed !== typed(form)) return draft;
  drop(form);
  return null;
}
