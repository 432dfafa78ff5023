// Forms that keep drafts: saved a moment after the last key, when the page is left, and never after the form was sent.
// Leaving with unsaved text asks first. Without this file a form is a plain form.
(() => {
  const marke = document.querySelector("input[data-entwurf]");
  const form = marke?.form;
  if (!form) return;

  const PAUSE = 3000; // ms after the last input
  const AGAIN = 15000; // after a lost connection
  const QUIET = new Set(["csrfmiddlewaretoken", marke.name, "einmal"]);
  const zeile = form.querySelector("[data-entwurf-zeile]");
  const stoerung = form.querySelector("[data-entwurf-stoerung]");
  const titel = document.title;

  // File fields count with the name of the file; passwords are never looked at.
  const entries = () => [...new FormData(form)].filter(([name]) => form.elements[name]?.type !== "password");
  const snapshot = () =>
    new URLSearchParams(entries().filter(([name]) => !QUIET.has(name)).map(([name, wert]) => [name, wert.name ?? wert])).toString();
  const toSend = () => {
    const data = new FormData();
    for (const [name, wert] of entries()) if (typeof wert === "string") data.append(name, wert);
    return data;
  };

  const offen = "offen" in marke.dataset; // opened with text that is not saved
  const unentschieden = "unentschieden" in marke.dataset; // an older draft waits for its writer's decision: never over it
  let anfang = snapshot();
  let gesichert = anfang;
  let gesendet = false;
  let uhr = 0;

  const istGeaendert = () => offen || snapshot() !== anfang;
  const sage = (text, laut = "") => {
    zeile.textContent = text;
    if (stoerung.textContent !== laut) stoerung.textContent = laut; // said once, not at every attempt
  };

  async function sichere() {
    const jetzt = snapshot();
    if (unentschieden || gesendet || jetzt === gesichert) return;
    let antwort;
    try {
      antwort = await fetch(marke.dataset.entwurf, { method: "POST", body: toSend(), redirect: "error" });
    } catch {
      warte(AGAIN);
      return sage("", "Keine Verbindung: Ihr Text ist noch nicht gesichert. Lassen Sie diese Seite offen.");
    }
    if (gesendet) return;
    if (antwort.ok) {
      gesichert = jetzt;
      return sage((await antwort.text()).trim());
    }
    if (antwort.status === 401) {
      return sage("", "Ihre Sitzung ist abgelaufen. Klicken Sie auf Speichern: Ihr Text bleibt erhalten, Sie melden sich nur neu an.");
    }
    if (antwort.status === 403) {
      return sage("", "Hier hat sich inzwischen jemand neu angemeldet. Klicken Sie auf Speichern, damit Ihr Text gesichert wird.");
    }
    if (antwort.status === 413) return sage("", await antwort.text());
    warte(AGAIN);
    sage("", "Der Entwurf lässt sich gerade nicht sichern. Lassen Sie diese Seite offen.");
  }

  function warte(pause) {
    clearTimeout(uhr);
    uhr = setTimeout(sichere, pause);
  }

  function bemerke() {
    document.title = istGeaendert() ? titel.replace(/^(Fehler: )?/, "$1• ") : titel;
    if (unentschieden && istGeaendert()) zeile.textContent = "Entscheiden Sie oben über Ihren Entwurf, dann wird auch dieser Text gesichert.";
    warte(PAUSE);
  }

  let getippt = false;
  for (const art of ["input", "change"]) {
    form.addEventListener(art, () => {
      getippt = true;
      bemerke();
    });
  }
  // An editor for text takes the place of its field and sends the same words in other marks: nobody has changed anything.
  form.addEventListener("richtext:bereit", () => {
    if (getippt) return;
    if (gesichert === anfang) gesichert = snapshot();
    anfang = snapshot();
  });
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    gesendet = true;
    clearTimeout(uhr);
  });
  // Links that say themselves that nothing will be saved need no second question.
  document.addEventListener("click", ({ target }) => {
    if (target.closest("a[data-ohne-warnung]")) gehtBewusst = true;
  });
  document.addEventListener("submit", ({ target }) => {
    if ("ohneWarnung" in target.dataset) gehtBewusst = gesendet = true;
  });
  let gehtBewusst = false;

  window.addEventListener("beforeunload", (event) => {
    if (!gesendet && !gehtBewusst && istGeaendert()) event.preventDefault();
  });
  window.addEventListener("pagehide", () => {
    if (gesendet || unentschieden || snapshot() === gesichert) return;
    navigator.sendBeacon(marke.dataset.entwurf, toSend());
  });
  window.addEventListener("pageshow", ({ persisted }) => {
    if (persisted) gesendet = gehtBewusst = false;
  });
  if (offen) bemerke();
})();
