// The editor for text with structure (RichTextField): TipTap out of django-prose-editor, with a toolbar of our own that has
// German names, and without the <style> that the policy forbids. What is not named here cannot be typed or pasted.
const LINKS = /^(https?:\/\/|mailto:|\/(?!\/)|#)/i;

for (const box of document.querySelectorAll("[data-richtext]")) start(box);

async function start(box) {
  const { Editor, Document, Paragraph, Text, HardBreak, Heading, Bold, Italic, BulletList, OrderedList, ListItem, Blockquote, Link, History } =
    await import(box.dataset.richtext);
  const area = box.querySelector("textarea");
  const html = box.querySelector('input[type="hidden"]');
  const label = document.querySelector(`label[for="${area.id}"]`);
  label.id ||= `${area.id}_label`;

  const field = document.createElement("div");
  field.className = "richtext__feld";
  area.before(field);

  const editor = new Editor({
    element: field,
    injectCSS: false, // portal.css has what it needs
    content: html.value,
    extensions: [
      Document, Paragraph, Text, HardBreak, Heading.configure({ levels: [3, 4] }), Bold, Italic, BulletList, OrderedList, ListItem,
      Blockquote, Link.configure({ openOnClick: false, autolink: false, linkOnPaste: true, isAllowedUri: (uri) => LINKS.test(uri) }), History,
    ],
    editorProps: {
      // A pasted style would be refused by the policy, and reported, before it is dropped.
      transformPastedHTML: (pasted) => pasted.replace(/<style[\s\S]*?<\/style>/gi, "").replace(/\sstyle\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)/gi, ""),
      attributes: {
        id: `${area.id}_editor`,
        role: "textbox",
        "aria-multiline": "true",
        "aria-labelledby": label.id,
        ...(area.required ? { "aria-required": "true" } : {}),
        ...Object.fromEntries(["aria-describedby", "aria-invalid"].filter((name) => area.hasAttribute(name)).map((name) => [name, area.getAttribute(name)])),
      },
    },
    onUpdate: () => write(),
  });
  const write = () => {
    html.value = editor.isEmpty ? "" : editor.getHTML();
    html.dispatchEvent(new Event("input", { bubbles: true }));
  };

  // From here on only the editor speaks. The list of errors and the label lead into it.
  area.removeAttribute("name");
  area.hidden = true;
  html.value = editor.isEmpty ? "" : editor.getHTML();
  label.addEventListener("click", () => editor.commands.focus());
  for (const link of document.querySelectorAll(`a[href="#${area.id}"]`)) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      editor.commands.focus();
      field.scrollIntoView({ block: "center" });
    });
  }
  field.before(toolbar(editor, label, area.id));
  box.dispatchEvent(new CustomEvent("richtext:bereit", { bubbles: true }));
}

function toolbar(editor, label, id) {
  const bar = document.createElement("div");
  bar.className = "richtext__leiste";
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", `Gestaltung: ${label.firstChild.textContent.trim()}`);
  bar.setAttribute("aria-controls", `${id}_editor`);
  const run = (step) => step(editor.chain().focus()).run();
  const items = [
    ["Überschrift 1", "Überschrift 1", () => run((c) => c.toggleHeading({ level: 3 })), () => editor.isActive("heading", { level: 3 })],
    ["Überschrift 2", "Überschrift 2", () => run((c) => c.toggleHeading({ level: 4 })), () => editor.isActive("heading", { level: 4 })],
    ["Fett", "F", () => run((c) => c.toggleBold()), () => editor.isActive("bold")],
    ["Kursiv", "K", () => run((c) => c.toggleItalic()), () => editor.isActive("italic")],
    ["Liste mit Punkten", "• Liste", () => run((c) => c.toggleBulletList()), () => editor.isActive("bulletList")],
    ["1. Liste mit Nummern", "1. Liste", () => run((c) => c.toggleOrderedList()), () => editor.isActive("orderedList")],
    ["Zitat", "„Zitat“", () => run((c) => c.toggleBlockquote()), () => editor.isActive("blockquote")],
    ["Link", "Link", () => askLink(editor), () => editor.isActive("link")],
    ["Rückgängig", "↶", () => run((c) => c.undo()), null, () => editor.can().undo()],
    ["Wiederholen", "↷", () => run((c) => c.redo()), null, () => editor.can().redo()],
  ];
  const buttons = items.map(([name, sign, action, isActive, isPossible], index) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "richtext__knopf";
    button.textContent = sign;
    button.title = name;
    button.setAttribute("aria-label", name);
    button.tabIndex = index ? -1 : 0; // one stop for Tab, arrows inside (ARIA toolbar)
    button.addEventListener("mousedown", (event) => event.preventDefault()); // the selection stays
    button.addEventListener("click", action);
    bar.append(button);
    return { button, isActive, isPossible };
  });
  bar.addEventListener("keydown", (event) => {
    const now = buttons.findIndex(({ button }) => button === event.target);
    const next = { ArrowRight: now + 1, ArrowLeft: now - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    const target = buttons[(next + buttons.length) % buttons.length].button;
    for (const { button } of buttons) button.tabIndex = button === target ? 0 : -1;
    target.focus();
  });
  const show = () => {
    for (const { button, isActive, isPossible } of buttons) {
      if (isActive) button.setAttribute("aria-pressed", String(isActive()));
      if (isPossible) button.setAttribute("aria-disabled", String(!isPossible()));
    }
  };
  editor.on("transaction", show);
  show();
  return bar;
}

// A small dialog for the address; empty takes the link away.
function askLink(editor) {
  const dialog = document.createElement("dialog");
  dialog.className = "kern-dialog richtext__dialog";
  dialog.setAttribute("aria-labelledby", "richtext-link-titel");
  dialog.innerHTML = `
    <form method="dialog" novalidate>
      <header class="kern-dialog__header"><h2 class="kern-title" id="richtext-link-titel">Link setzen</h2></header>
      <section class="kern-dialog__body"><div class="kern-form-input">
        <label class="kern-label" for="richtext-link">Adresse</label>
        <div class="kern-hint" id="richtext-link-hinweis">Zum Beispiel https://www.example.de oder /presse/. Leer entfernt den Link.</div>
        <input class="kern-form-input__input" id="richtext-link" type="text" inputmode="url" autocomplete="off" aria-describedby="richtext-link-hinweis richtext-link-fehler">
        <p class="kern-error" id="richtext-link-fehler" role="alert"></p>
      </div></section>
      <footer class="kern-dialog__footer">
        <button class="kern-btn kern-btn--tertiary" type="button" data-abbruch><span class="kern-label">Abbrechen</span></button>
        <button class="kern-btn kern-btn--primary" type="submit"><span class="kern-label">Link übernehmen</span></button>
      </footer>
    </form>`;
  const input = dialog.querySelector("input");
  input.value = editor.getAttributes("link").href ?? "";
  dialog.querySelector("[data-abbruch]").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
    dialog.remove();
    editor.commands.focus();
  });
  dialog.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation(); // it is not the page's form
    const given = input.value.trim();
    const href = /^www\./i.test(given) ? `https://${given}` : /^[^\s@/:]+@[^\s@/]+\.\w+$/.test(given) ? `mailto:${given}` : given;
    if (href && !LINKS.test(href)) {
      dialog.querySelector("#richtext-link-fehler").textContent = "Das ist keine Adresse. Sie beginnt mit https:// oder mit / für eine Seite dieses Portals.";
      input.setAttribute("aria-invalid", "true");
      input.focus();
      return;
    }
    const chain = editor.chain().extendMarkRange("link");
    if (!href) chain.unsetLink().run();
    else if (editor.state.selection.empty && !editor.isActive("link"))
      editor.chain().insertContent({ type: "text", text: href, marks: [{ type: "link", attrs: { href } }] }).run();
    else chain.setLink({ href }).run();
    dialog.close();
  });
  document.body.append(dialog);
  dialog.showModal();
  input.focus();
}
