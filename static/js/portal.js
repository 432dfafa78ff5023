// Progressive enhancement only: every page works without this file.
document.documentElement.classList.remove("keine-skripte");

// After a refused form the list of errors is read first (WCAG 3.3.1). Also after htmx has put a new form in place.
const focusErrors = (root) => root.querySelector("[data-fehleruebersicht]")?.focus();
document.addEventListener("DOMContentLoaded", () => focusErrors(document));
document.addEventListener("htmx:after:swap", (event) => focusErrors(event.target));

// Open menus close with Escape and with a click beside them.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = event.target.closest?.("details.konto[open], details.navigation__schmal[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.konto[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

// A second click while the first is under way must not send a form twice.
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method !== "post") return;
  if (event.target.dataset.gesendet) event.preventDefault();
  event.target.dataset.gesendet = "1";
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-gesendet]")) delete form.dataset.gesendet;
});

// The save bar never lies over the field in use: browsers do not count it in when the Tab key moves on.
document.addEventListener("focusin", ({ target }) => {
  const bar = document.querySelector(".speicherleiste");
  if (!bar?.parentElement.contains(target) || bar.contains(target) || getComputedStyle(bar).position !== "sticky") return;
  const field = target.getBoundingClientRect();
  const hidden = field.bottom + 16 - bar.getBoundingClientRect().top;
  if (hidden > 0) window.scrollBy(0, Math.min(hidden, field.top - 16));
});

// Boxes in a table: one for all on the page, perhaps one for all pages, and the number in the words of a single button.
const countChosen = () => {
  const bar = document.getElementById("auswahl-form");
  const boxes = [...document.querySelectorAll("[data-auswahl]")];
  const all = document.querySelector("[data-auswahl-alle]");
  if (!bar || !boxes.length) return;
  const number = boxes.filter((box) => box.checked).length;
  const label = bar.querySelector("[data-auswahl-verb]");
  const everything = bar.querySelector("[data-auswahl-wirklich-alle]:checked")?.dataset.auswahlWirklichAlle;
  const words = everything ? `Alle ${everything} ${bar.dataset.mehrzahl}` : `${number} ${number === 1 ? bar.dataset.einzahl : bar.dataset.mehrzahl}`;
  if (label) {
    bar.dataset.verb ??= label.textContent;
    label.textContent = number ? `${bar.dataset.verb}: ${words}` : bar.dataset.verb;
  }
  bar.querySelector("[data-auswahl-stand]").textContent = number || everything ? `${words} ausgewählt` : "Noch nichts ausgewählt";
  if (all) [all.checked, all.indeterminate] = [number === boxes.length, number > 0 && number < boxes.length];
};
document.addEventListener("change", ({ target }) => {
  if (target.matches("[data-auswahl-alle]")) for (const box of document.querySelectorAll("[data-auswahl]")) box.checked = target.checked;
  if (target.matches("[data-auswahl], [data-auswahl-alle], [data-auswahl-wirklich-alle]")) countChosen();
});
window.addEventListener("pageshow", countChosen);

// How many characters are left: shown always, spoken only when it gets tight and the writer pauses.
for (const zaehler of document.querySelectorAll("[data-zaehler]")) {
  const feld = document.getElementById(zaehler.dataset.zaehler);
  const most = feld.maxLength;
  feld.removeAttribute("maxlength"); // nothing pasted is cut off unseen; the server says what is too much
  const ansage = document.createElement("p");
  ansage.className = "kern-sr-only";
  ansage.setAttribute("role", "status");
  zaehler.after(ansage);
  let uhr;
  const zeige = () => {
    const rest = most - [...feld.value.replace(/\r\n/g, "\n")].length;
    zaehler.textContent = rest < 0 ? `${-rest} Zeichen zu viel` : `Noch ${rest} Zeichen`;
    zaehler.classList.toggle("zaehler--knapp", rest < 0);
    clearTimeout(uhr);
    if (rest < most / 10) uhr = setTimeout(() => (ansage.textContent = zaehler.textContent), 1200);
  };
  zaehler.hidden = false;
  feld.addEventListener("input", zeige);
  zeige();
}

// Long lists of checkboxes get a field that narrows them; what is ticked always stays in sight.
for (const liste of document.querySelectorAll("[data-filterliste]")) {
  const suche = document.createElement("input");
  suche.type = "search";
  suche.className = "kern-form-input__input mehrfach__suche";
  const legende = liste.closest("fieldset")?.querySelector("legend")?.firstChild.textContent.trim() ?? "";
  suche.setAttribute("aria-label", `${liste.dataset.filterliste}: ${legende}`);
  suche.placeholder = liste.dataset.filterliste;
  const stand = document.createElement("p");
  stand.className = "kern-sr-only";
  stand.setAttribute("role", "status");
  const zeilen = [...liste.querySelectorAll(".kern-form-check")];
  suche.addEventListener("input", () => {
    const wort = suche.value.trim().toLocaleLowerCase("de");
    let gefunden = 0;
    for (const zeile of zeilen) {
      const passt = zeile.textContent.toLocaleLowerCase("de").includes(wort);
      gefunden += passt;
      zeile.hidden = !passt && !zeile.querySelector("input").checked;
    }
    stand.textContent = wort ? `${gefunden} von ${zeilen.length} passen` : "";
  });
  suche.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault(); // it narrows the list, it sends no form
  });
  liste.prepend(suche, stand);
}
