// Typing into a field chooses "type it myself"; without this script the radio is chosen by hand.

const form = document.getElementById("consolidate");

function choose(event) {
  const box = event.target.closest("[data-edit]");
  if (!box || event.target.type === "radio") return;
  const radio = form.querySelector(`input[type="radio"][value="edit"][name="${CSS.escape(box.dataset.edit)}"]`);
  if (radio && !radio.checked) radio.checked = true;
}

if (form) {
  form.addEventListener("input", choose);
  form.addEventListener("change", choose, true);
}
