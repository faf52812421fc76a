// Typing into a field chooses "type it myself", a choice of options ticks them, and evidence goes along with the answer
// that is chosen. Without this script all is done by hand, or by looking at the result before saving.

const form = document.getElementById("consolidate");

function edited(event) {
  const box = event.target.closest("[data-edit]");
  if (!box || event.target.type === "radio") return;
  const radio = form.querySelector(`input[type="radio"][value="edit"][name="${CSS.escape(box.dataset.edit)}"]`);
  if (radio && !radio.checked) radio.checked = true;
}

function ticked(event) {
  const radio = event.target;
  if (radio.type !== "radio" || radio.value === "edit") return;
  const box = form.querySelector(`ul[data-edit="${CSS.escape(radio.name)}"]`);
  if (!box) return;
  const keys = (radio.dataset.options || "").split(" ");
  for (const option of box.querySelectorAll("input")) option.checked = keys.includes(option.value);
}

// The server says which boxes follow from the choices; what the person ticked or cleared is kept in its answer.
function followEvidence() {
  const said = form.querySelector("input[name=ev_proposed]");
  if (!said) return;
  const [proposed, changed] = [said.value, said.dataset.changed].map((text) => new Set(text.split(" ")));
  for (const box of form.querySelectorAll("input[name=ev]")) {
    const key = box.value.startsWith("*") ? box.value : box.value.slice(0, 8);
    box.checked = proposed.has(key) !== changed.has(key);
  }
}

if (form) {
  form.addEventListener("htmx:afterSwap", followEvidence);
  form.addEventListener("input", edited);
  form.addEventListener("change", edited, true);
  form.addEventListener("change", ticked, true);
}
