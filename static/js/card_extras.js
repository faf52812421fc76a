// What stands beside the answers of a card: contradictions with other answers, and "no" for the rest of a table.
// fill.js saves; this module only fills fields in and tells of it by their events. Without it both go by plain posts.

// -- contradictions -------------------------------------------------------------------------------

function showContradiction(address, text) {
  const old = document.getElementById(`clash:${address}`);
  if (old?.textContent === text) return;
  old?.remove();
  const field = document.getElementById(address);
  if (!text || !field) return describe(address, "");
  const note = Object.assign(document.createElement("span"), { className: "err clash", id: `clash:${address}` });
  note.setAttribute("role", "alert");
  (field.nextElementSibling?.matches(".unit") ? field.nextElementSibling : field).after(note);
  note.textContent = text;
  describe(address, note.id);
}

function describe(address, note) {
  const field = document.getElementById(address);
  if (!field || field.hasAttribute("aria-invalid")) return;
  if (note) field.setAttribute("aria-describedby", note);
  else if (field.getAttribute("aria-describedby") === `clash:${address}`) field.removeAttribute("aria-describedby");
}

document.addEventListener("dgready:saved", (event) => {
  for (const [address, text] of Object.entries(event.detail.clashes ?? {})) showContradiction(address, text);
});

// -- the rest of a table --------------------------------------------------------------------------

const cells = (form, [table, rest]) => {
  const [column, option] = rest.split("=");
  const begins = (c) => c.name.startsWith(`${table}/`) && c.name.endsWith(`/${column}`) && c.type === "radio";
  const names = new Set([...form.elements].filter(begins).map((c) => c.name));
  return [...names].map((name) => [form.elements.namedItem(name), option]);
};

function tellChange(radio) {
  radio.dispatchEvent(new Event("change", { bubbles: true }));
}

function giveRest(button) {
  const given = [];
  for (const [radios, option] of cells(button.form, button.value.split("/*/"))) {
    if (radios.value) continue;
    radios.value = option;
    given.push(radios);
  }
  const line = button.parentElement;
  for (const old of line.querySelectorAll("[role=status], [name=_unrest], .rest-undo")) old.remove();
  const said = document.createElement("span");
  said.setAttribute("role", "status");
  line.append(said);
  said.textContent = button.dataset.sayGiven.replace("%s", given.length);
  if (!given.length) return;
  tellChange(given.at(-1)[0]);
  line.append(undo(button, given, said));
}

function undo(button, given, said) {
  const option = button.value.split("=").pop();
  const back = Object.assign(document.createElement("button"), { type: "button", className: "btn-quiet rest-undo" });
  back.textContent = button.dataset.sayUndo;
  back.addEventListener("click", () => {
    for (const radios of given) {
      if (radios.value === option) for (const radio of radios) radio.checked = false;
    }
    tellChange(given.at(-1)[0]);
    said.textContent = "";
    back.remove();
    button.focus();
  });
  return back;
}

document.addEventListener(
  "click",
  (event) => {
    const button = event.target.closest?.("button[data-rest]");
    if (!button?.form) return;
    event.preventDefault();
    giveRest(button);
  },
  true,
);

// -- cards that lie folded on long pages ------------------------------------------------------------

function hashId() {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return ""; // an address cut in the middle of a character
  }
}

function unfold() {
  const place = document.getElementById(hashId());
  const fold = place?.closest("form.q")?.querySelector(":scope > .q-fold");
  if (!fold || fold.open) return;
  fold.open = true;
  place.scrollIntoView();
}

addEventListener("hashchange", unfold);
unfold();
