// Passkeys: asks the browser for one, puts its answer into the form's field `answer` and sends the form.
// Without this script, or where the browser knows no passkeys, codes of the app are typed.

const part = document.querySelector("[data-passkey]");
const missing = document.querySelector("[data-passkey-missing]");

const toBytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));

const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

const withBytes = (list) => (list || []).map((one) => ({ ...one, id: toBytes(one.id) }));

function readOptions() {
  const { publicKey } = JSON.parse(document.getElementById("passkey-options").textContent);
  publicKey.challenge = toBytes(publicKey.challenge);
  if (publicKey.user) publicKey.user.id = toBytes(publicKey.user.id);
  if (publicKey.excludeCredentials) publicKey.excludeCredentials = withBytes(publicKey.excludeCredentials);
  if (publicKey.allowCredentials) publicKey.allowCredentials = withBytes(publicKey.allowCredentials);
  return { publicKey };
}

// The names of the standard (RegistrationResponseJSON, AuthenticationResponseJSON).
function asPlain(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = toText(credential.response[name]);
  }
  return {
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

async function ask(form) {
  const fault = part.querySelector("[data-passkey-fault]");
  fault.textContent = "";
  try {
    const credential = await navigator.credentials[part.dataset.passkey](readOptions());
    form.elements.answer.value = JSON.stringify(asPlain(credential));
  } catch {
    fault.textContent = fault.dataset.text; // refused, too late, or none on this device
    return;
  }
  form.submit();
}

if (part && window.PublicKeyCredential && navigator.credentials) {
  const form = part.closest("form");
  part.hidden = false;
  missing?.remove();
  if (part.dataset.passkey === "create") {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      ask(form);
    });
  } else {
    part.querySelector("[data-passkey-ask]").addEventListener("click", () => ask(form));
  }
}
