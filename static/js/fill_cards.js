// How the cards of the filling page change after a save: status, faults, cards that come anew.

const page = document.querySelector("[data-fill]");

export function tell(form, text, state = "") {
  const line = form.querySelector(".q-status");
  if (!line) return;
  line.textContent = text;
  line.dataset.state = state;
}

export function explain(form, errors) {
  for (const old of form.querySelectorAll(".err, .took")) old.remove();
  for (const control of form.querySelectorAll("[aria-invalid]")) {
    control.removeAttribute("aria-invalid");
    control.removeAttribute("aria-describedby");
  }
  for (const [address, text] of Object.entries(errors)) {
    const place = document.getElementById(address);
    if (!place) continue;
    const note = document.createElement("span");
    note.className = "err";
    note.id = `err:${address}`;
    note.textContent = text;
    place.after(note);
    for (const control of form.querySelectorAll(`[name="${CSS.escape(address)}"]`)) {
      control.setAttribute("aria-invalid", "true");
      control.setAttribute("aria-describedby", note.id);
    }
  }
}

// What was stored otherwise than typed is said beside its field, and put into it once the person has left it.
export function restate(form, understood) {
  for (const [address, [value, words]] of Object.entries(understood ?? {})) {
    const control = form.elements.namedItem(address);
    if (!control?.after) continue;
    const typed = control.value;
    const note = Object.assign(document.createElement("output"), { className: "took", textContent: words });
    control.after(note);
    const put = () => control.value === typed && (control.value = value);
    if (document.activeElement === control) control.addEventListener("blur", put, { once: true });
    else put();
  }
}

export function replace(form, html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  const card = holder.content.firstElementChild;
  const active = form.contains(document.activeElement) ? document.activeElement : null;
  const caret = [active?.selectionStart, active?.selectionEnd];
  form.replaced = true; // the browser reports a change of the field in use when its form leaves the page
  form.replaceWith(card);
  if (card.hasAttribute("data-conflict") || (active && !focusAgain(card, active, caret))) {
    card.tabIndex = -1;
    card.focus();
  }
  document.dispatchEvent(new CustomEvent("dgready:card", { detail: card }));
  return card;
}

function focusAgain(card, active, [from, to]) {
  const picked = ["radio", "checkbox"].includes(active.type);
  const control = active.name && [...(card.elements ?? [])].find((c) => c.name === active.name && (!picked || c.value === active.value));
  if (!control) return false;
  control.focus();
  if (from != null && control.setSelectionRange) control.setSelectionRange(from, to);
  return true;
}

let refreshing = 0;

// The navigation with its progress, and the score.
export function refresh() {
  clearTimeout(refreshing);
  refreshing = setTimeout(async () => {
    document.getElementById("score-panel")?.dispatchEvent(new Event("saved"));
    const nav = document.getElementById("fill-nav");
    if (!nav) return;
    const answer = await fetch(nav.dataset.src, { credentials: "same-origin" }).catch(() => null);
    if (!answer?.ok) return;
    const shown = nav.querySelector("details")?.open;
    nav.innerHTML = await answer.text();
    nav.querySelector("details").open = shown;
  }, 800);
}

// Opens a link's content beside the form; false where it cannot be fetched.
export async function openPanel(link) {
  const answer = await fetch(link.href, { credentials: "same-origin", headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer) return false;
  if (!answer.ok) return void (location.href = link.href);
  let dialog = document.getElementById("panel");
  if (!dialog) {
    dialog = document.createElement("dialog");
    dialog.id = "panel";
    dialog.className = "panel";
    document.body.append(dialog);
    dialog.addEventListener("click", (e) => e.target === dialog && dialog.close());
  }
  dialog.innerHTML = `<form method="dialog"><button class="btn-close" aria-label="${page.dataset.sayClose}"></button></form>${await answer.text()}`;
  dialog.setAttribute("aria-label", link.textContent);
  dialog.showModal();
  return true;
}
