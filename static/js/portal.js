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
