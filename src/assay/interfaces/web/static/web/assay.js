// Keys, dialogs, copying and the palette of the workbench. Without it every page still works; it evaluates nothing.
"use strict";

(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const one = (selector, within = document) => within.querySelector(selector);
  const shown = (element) => element.getClientRects().length > 0;

  // What only a script can do is offered only where there is one.
  const offer = (within) => all("[data-copy], [data-opens], [data-dismiss]", within).forEach((each) => { each.hidden = false; });

  // Words for those who hear a page rather than see it.
  const say = (words) => {
    let place = one("#said");
    if (!place) {
      place = document.createElement("p");
      place.id = "said";
      place.className = "hidden";
      place.setAttribute("role", "status");
      document.body.append(place);
    }
    place.textContent = words;
  };

  const swapSign = (button, name) => {
    const use = one("use", button);
    if (!use) return;
    const before = use.getAttribute("href");
    use.setAttribute("href", before.replace(/#.*$/, `#${name}`));
    setTimeout(() => use.setAttribute("href", before), 1500);
  };

  const copy = async (button) => {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      swapSign(button, "check");
      say("Copied");
    } catch {
      // Copying is refused outside of a secure place: then the text is chosen, and the person's own keys copy it.
      const text = button.previousElementSibling;
      if (text) getSelection().selectAllChildren(text);
      say("Chosen; copy it by the keys of your system");
    }
  };

  // Dialogs: the element that opened one gets the focus back; the browser itself holds it inside.
  const open = (id) => {
    const dialog = document.getElementById(id);
    if (!dialog || dialog.open) return Boolean(dialog);
    dialog.showModal();
    dialog.dispatchEvent(new CustomEvent("opened"));
    const field = one("[autofocus], input:not([type=hidden]), textarea, select", dialog);
    if (field) { field.focus(); if (field.select) field.select(); }
    return true;
  };

  // Lists: rows of tables and of anything marked `data-list`, moved through one at a time.
  const ROWS = "main [data-list] > *, main table.dense > tbody > tr, main ul.rows > li";
  const rows = () => all(ROWS).filter((row) => shown(row) && one("a[href]", row));
  const current = () => one("main [data-current]");
  const mark = (row) => {
    const before = current();
    if (before) delete before.dataset.current;
    row.dataset.current = "";
    const link = one("a[href]", row);
    link.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  };
  const move = (step) => {
    const found = rows();
    if (!found.length) return false;
    const place = found.indexOf(current());
    mark(found[place < 0 ? (step > 0 ? 0 : found.length - 1) : Math.min(Math.max(place + step, 0), found.length - 1)]);
    return true;
  };

  const press = (selector) => {
    const found = all(selector).find(shown);
    if (found) found.click();
    return Boolean(found);
  };

  // The letter after `g` goes to a room; the rail shows the letters meanwhile.
  let going = 0;
  const go = (key) => {
    clearTimeout(going);
    going = 0;
    document.body.classList.remove("going");
    const link = all("[data-go]").find((each) => each.dataset.go === key);
    if (link) link.click();
    return Boolean(link);
  };
  const begin = () => {
    document.body.classList.add("going");
    going = setTimeout(() => { going = 0; document.body.classList.remove("going"); }, 1500);
    return true;
  };

  const KEYS = {
    "?": () => open("key-help"),
    "/": () => { const field = one("#find"); if (field && shown(field)) { field.focus(); field.select(); return true; } return open("palette"); },
    g: begin,
    j: () => move(1),
    k: () => move(-1),
    x: () => { const box = current() && one("input[type=checkbox]", current()); if (box) box.click(); return Boolean(box); },
    e: () => press("main [data-edit]"),
    c: () => press((current() ? "main [data-current] " : "main ") + "[data-copy]"),
    t: () => press("main .behind > summary"),
    "[": () => press("main a[rel=prev]"),
    "]": () => press("main a[rel=next]"),
  };

  const typing = (target) => target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
      if (open("palette")) event.preventDefault();
      return;
    }
    const palette = event.target.closest("#palette");
    if (palette) { inPalette(event, palette); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || one("dialog[open]")) return;
    const done = going ? go(event.key) : KEYS[event.key] && KEYS[event.key]();
    if (done) event.preventDefault();
  });

  // The palette: the field keeps the focus, the arrows move the chosen hit, as screen readers expect of a combobox.
  const hits = (palette) => all(".hits [role=option]", palette);
  const choose = (palette, hit) => {
    hits(palette).forEach((each) => each.setAttribute("aria-selected", String(each === hit)));
    const field = one("input[role=combobox]", palette);
    if (!hit) { field.removeAttribute("aria-activedescendant"); return; }
    if (!hit.id) hit.id = `hit-${hits(palette).indexOf(hit)}`;
    field.setAttribute("aria-activedescendant", hit.id);
    hit.scrollIntoView({ block: "nearest" });
  };
  const inPalette = (event, palette) => {
    const found = hits(palette);
    const place = found.findIndex((each) => each.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (found.length) choose(palette, found[(place + (event.key === "ArrowDown" ? 1 : -1) + found.length) % found.length]);
    } else if (event.key === "Enter" && event.target.matches("input")) {
      event.preventDefault();
      const hit = found[place < 0 ? 0 : place];
      const link = hit && (hit.matches("a, button") ? hit : one("a, button", hit));
      if (link) link.click();
    }
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy], [data-opens], [data-closes], [data-dismiss], [data-tick-all], [data-print]");
    if (event.target.matches("dialog")) event.target.close();
    if (!button) return;
    if ("copy" in button.dataset) copy(button);
    if ("opens" in button.dataset) open(button.dataset.opens);
    if ("closes" in button.dataset) button.closest("dialog").close();
    if ("dismiss" in button.dataset) button.closest(".toast").remove();
    if ("print" in button.dataset) print();
    if ("tickAll" in button.dataset) all("tbody input[type=checkbox]", button.closest("table")).forEach((box) => { box.checked = button.checked; });
  });

  // A menu closes when one goes elsewhere, and by Escape.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = event.target.closest("details.me[open], details.saved[open], details.narrow-rooms[open]");
    if (menu) { menu.open = false; one("summary", menu).focus(); }
  });
  document.addEventListener("click", (event) => {
    all("details.saved[open], .rail details.me[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });

  // What comes later behaves as what was there.
  document.addEventListener("htmx:load", (event) => offer(event.detail.elt));
  document.addEventListener("htmx:afterSwap", (event) => {
    const palette = event.target.closest("#palette");
    if (palette) choose(palette, hits(palette)[0]);
  });
  document.addEventListener("change", (event) => { if (event.target.matches("form.filters [data-at-once]")) event.target.form.requestSubmit(); });

  // A passkey that was refused: the page says it in its own words, and the console stays empty.
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    all("[data-key-refused]").forEach((each) => { each.hidden = false; });
  });

  offer(document);
  // What stands in the way is said first, and the keyboard is there.
  const faults = one("#faults:not(.specimen *)");
  if (faults) faults.focus();
})();
