// Passkeys: the one thing that needs JavaScript, because only the browser can ask the device.
// A form with data-passkey="anlegen | bestaetigen | anmelden" carries what the device answers in its field "credential".
const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const withBytes = (list = []) => list.map((entry) => ({ ...entry, id: toBytes(entry.id) }));

async function create({ publicKey }) {
  return navigator.credentials.create({
    publicKey: {
      ...publicKey,
      challenge: toBytes(publicKey.challenge),
      user: { ...publicKey.user, id: toBytes(publicKey.user.id) },
      excludeCredentials: withBytes(publicKey.excludeCredentials),
      // kept on the device and unlocked there: it replaces password and second factor
      authenticatorSelection: {
        ...publicKey.authenticatorSelection, residentKey: "required", requireResidentKey: true, userVerification: "required",
      },
    },
  });
}

async function get({ publicKey }) {
  return navigator.credentials.get({
    publicKey: { ...publicKey, challenge: toBytes(publicKey.challenge), allowCredentials: withBytes(publicKey.allowCredentials) },
  });
}

function asJson(credential) {
  const response = { clientDataJSON: toText(credential.response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = toText(credential.response[name]);
  }
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  return JSON.stringify({
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  });
}

async function ask(form) {
  if (form.dataset.passkey === "anmelden") {
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    return get((await answer.json()).request_options);
  }
  const options = JSON.parse(document.getElementById(form.dataset.optionen).textContent);
  return form.dataset.passkey === "anlegen" ? create(options.creation_options) : get(options.request_options);
}

const REASONS = {
  InvalidStateError: "Auf diesem Gerät gibt es schon einen Passkey für Ihr Konto.",
  NotSupportedError: "Dieses Gerät kann keine Passkeys aufbewahren.",
  SecurityError: "An dieser Adresse gehen keine Passkeys. Sie brauchen https:// oder http://localhost.",
  NotAllowedError: "Das hat nicht geklappt: Entweder wurde abgebrochen, oder auf diesem Gerät liegt kein passender Passkey.",
};

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const fault = form.querySelector("[data-passkey-fehler]");
  const button = form.querySelector("[data-passkey-knopf]");
  const tell = (sentence) => { fault.textContent = sentence; fault.hidden = !sentence; };
  form.hidden = false;
  if (!window.PublicKeyCredential) {
    button.disabled = true;
    tell(REASONS.SecurityError);
    continue;
  }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    tell("");
    button.disabled = true;
    try {
      form.elements.credential.value = asJson(await ask(form));
      form.submit();
    } catch (error) {
      button.disabled = false;
      tell(REASONS[error.name] || "Das hat nicht geklappt. Versuchen Sie es noch einmal.");
    }
  });
}
