// The editor of drafts: line numbers, problems at their lines, saving by itself. Without it the page is a plain form.
"use strict";

(() => {
  const root = document.querySelector("[data-editor]");
  if (!root) return;
  const CHECK_AFTER = 100, SHOW_AFTER = 500, SAVE_AFTER = 3000, SAVE_AT_LEAST = 12000, TRY_AGAIN = 5000;
  // A page that is left may send so much, and no more.
  const MOST_LEAVING = 60000;
  const form = root.querySelector("#draft-form");
  const area = form.querySelector("textarea[name=text]");
  const sheet = root.querySelector("[data-sheet]");
  const saved = root.querySelector("#saved");
  const beside = root.querySelector("#beside");
  const field = (name) => form.elements.namedItem(name);
  const writes = "writes" in root.dataset;

  // ---- The lines behind the text.
  const mirror = document.createElement("ol");
  mirror.className = "mirror";
  mirror.setAttribute("aria-hidden", "true");
  sheet.prepend(mirror);
  sheet.classList.add("numbered");
  let shownLines = [];
  const flagged = new Map();
  let remarked = new Set();

  const draw = (row, text, line) => {
    const flags = flagged.get(line) || [];
    const parts = [];
    let at = 0;
    flags.filter((flag) => flag.column - 1 < text.length).sort((one, other) => one.column - other.column).forEach((flag) => {
      const start = Math.max(at, flag.column - 1);
      const end = Math.min(text.length, flag.column - 1 + flag.length);
      if (end <= start) return;
      parts.push(text.slice(at, start));
      const mark = document.createElement("mark");
      mark.className = flag.severity;
      mark.textContent = text.slice(start, end);
      parts.push(mark);
      at = end;
    });
    parts.push(text.slice(at) || "\u200b");
    row.replaceChildren(...parts);
    row.className = [flags.some((flag) => flag.severity === "error") ? "error" : flags.length ? "warning" : "", remarked.has(line) ? "remarked" : ""].join(" ").trim();
  };

  // Only lines that changed are drawn again: a long text is edited as quickly as a short one.
  const redraw = () => {
    const lines = area.value.split("\n");
    let head = 0, tail = 0;
    const least = Math.min(lines.length, shownLines.length);
    while (head < least && lines[head] === shownLines[head]) head += 1;
    while (tail < least - head && lines[lines.length - 1 - tail] === shownLines[shownLines.length - 1 - tail]) tail += 1;
    const come = lines.length - tail;
    for (let place = shownLines.length - tail - 1; place >= head; place -= 1) mirror.children[place].remove();
    const rows = document.createDocumentFragment();
    for (let place = head; place < come; place += 1) {
      const row = document.createElement("li");
      draw(row, lines[place], place + 1);
      rows.append(row);
    }
    mirror.insertBefore(rows, mirror.children[head] || null);
    shownLines = lines;
  };
  const drawLines = (lines) => lines.forEach((line) => { if (mirror.children[line - 1]) draw(mirror.children[line - 1], shownLines[line - 1], line); });

  const lineOf = (place) => area.value.slice(0, place).split("\n").length;
  const startOf = (line) => {
    let place = 0;
    for (let count = 1; count < line; count += 1) {
      const next = area.value.indexOf("\n", place);
      if (next < 0) break;
      place = next + 1;
    }
    return place;
  };

  const jump = (line, column, length) => {
    const start = startOf(line);
    const end = area.value.indexOf("\n", start) < 0 ? area.value.length : area.value.indexOf("\n", start);
    const from = column ? Math.min(start + column - 1, end) : start;
    area.focus({ preventScroll: true });
    area.setSelectionRange(from, column ? Math.min(from + length, end) : end);
    const row = mirror.children[line - 1];
    if (row) row.scrollIntoView({ block: "center" });
    tellLine();
  };

  const tellLine = () => { field("line").value = String(lineOf(area.selectionStart)); };

  // ---- Problems.
  const problemsHome = document.createElement("div");
  let checkTimer = 0, showTimer = 0, checking = null, asked = 0;

  const send = (url, more = {}, options = {}) => {
    const body = new URLSearchParams({ file: field("file").value, text: area.value, ...more });
    return fetch(url, {
      method: "POST", body, credentials: "same-origin", redirect: "manual",
      headers: { "X-CSRFToken": field("csrfmiddlewaretoken").value, "X-Requested-With": "fetch" }, ...options,
    });
  };

  const readProblems = (from) => {
    const before = [...flagged.keys()];
    flagged.clear();
    from.querySelectorAll("li[data-line]").forEach((item) => {
      const line = Number(item.dataset.line);
      const flag = { column: Number(item.dataset.column), length: Number(item.dataset.length), severity: item.dataset.severity };
      flagged.set(line, [...(flagged.get(line) || []), flag]);
    });
    const summary = from.querySelector("[data-errors]");
    const count = root.querySelector("#problem-count");
    if (summary && count) {
      const words = document.createElement("span");
      words.className = "hidden";
      words.textContent = summary.dataset.errors === "1" ? " error" : " errors";
      count.replaceChildren(summary.dataset.errors, words);
    }
    redraw();
    drawLines(new Set([...before, ...flagged.keys()]));
  };

  const check = async () => {
    if (checking) checking.abort();
    const mine = checking = new AbortController();
    const number = asked += 1;
    try {
      const answer = await send(root.dataset.check, {}, { signal: mine.signal });
      if (!answer.ok) return;
      const html = await answer.text();
      // An answer to an older text must not stand for a newer one.
      if (number !== asked) return;
      problemsHome.innerHTML = html;
      const place = beside.querySelector("#problems");
      if (place) place.innerHTML = html;
      readProblems(problemsHome);
      root.dataset.checked = String(number);
    } catch { /* Another check took its place, or nobody answers: saving says so. */ }
  };

  const show = () => {
    const open = beside.dataset.shown;
    if (open === "problems" || open === "remarks" || open === "revisions" || open === "item") return;
    const link = root.querySelector(`[data-beside="${open}"]`);
    if (link) link.dispatchEvent(new Event("renew"));
  };

  // ---- Saving.
  let base = { revision: field("started_from").value, text: area.value };
  let savedAt = Date.now(), dirtySince = 0, saving = false, saveTimer = 0, failed = "", ever = Number(saved.dataset.revision) > 0;
  const isDirty = () => area.value !== base.text;

  const ago = () => {
    const seconds = Math.round((Date.now() - savedAt) / 1000);
    if (seconds < 5) return "just now";
    return seconds < 90 ? `${seconds} s ago` : `${Math.round(seconds / 60)} min ago`;
  };
  const tell = () => {
    if (!writes) return;
    if (failed) { saved.textContent = failed; saved.classList.add("failed"); return; }
    saved.classList.remove("failed");
    if (saving) { saved.textContent = "Saving …"; return; }
    if (isDirty()) { saved.textContent = "Not saved yet"; return; }
    if (ever && touched) saved.textContent = `Saved ${ago()} as revision ${base.revision}`;
  };
  let touched = false;

  // The text becomes another one; where the person writes stays where it is.
  const become = (text) => {
    const now = area.value;
    if (now === text) return;
    let head = 0, tail = 0;
    const least = Math.min(now.length, text.length);
    while (head < least && now[head] === text[head]) head += 1;
    while (tail < least - head && now[now.length - 1 - tail] === text[text.length - 1 - tail]) tail += 1;
    area.setRangeText(text.slice(head, text.length - tail), head, now.length - tail, "preserve");
    redraw();
    check();
  };

  const laterSave = () => {
    clearTimeout(saveTimer);
    const waited = Date.now() - dirtySince;
    saveTimer = setTimeout(save, failed ? TRY_AGAIN : Math.max(0, Math.min(SAVE_AFTER, SAVE_AT_LEAST - waited)));
  };

  const save = async () => {
    clearTimeout(saveTimer);
    if (!writes || saving || !isDirty()) { tell(); return !isDirty(); }
    const sent = area.value;
    saving = true;
    tell();
    try {
      const answer = await send(root.dataset.save, { started_from: base.revision, edition: field("edition").value });
      const type = answer.headers.get("content-type") || "";
      if (answer.type === "opaqueredirect" || answer.status === 403) throw new Error("You are signed out. What you typed stays here: sign in in another tab, and it is saved from here.");
      if (!type.includes("application/json")) throw new Error("Not saved: the workbench could not do it. What you typed stays here, and it is tried again.");
      const told = await answer.json();
      if (told.faults) throw new Error(`Not saved: ${told.faults.join("; ")}. What you typed stays here.`);
      failed = "";
      took(told, sent);
      return true;
    } catch (error) {
      failed = error instanceof TypeError ? "Not saved: the workbench does not answer. What you typed stays here, and it is tried again." : error.message;
      return false;
    } finally {
      saving = false;
      if (isDirty()) { dirtySince = Date.now(); laterSave(); }
      tell();
    }
  };

  const took = (told, sent) => {
    savedAt = Date.now();
    touched = ever = true;
    if (area.value === sent) {
      base = { revision: String(told.revision), text: told.text };
      become(told.text);
    } else {
      // Typing went on meanwhile: it began from one's own words, which the store has as they were sent.
      base = told.way === "same" ? { revision: base.revision, text: base.text } : { revision: String(told.own), text: sent };
    }
    field("started_from").value = base.revision;
    if (told.way === "beside") showAsides();
    if (told.way !== "saved" && told.way !== "same") show();
  };

  const pull = async () => {
    if (isDirty()) { await save(); return; }
    const answer = await fetch(`${root.dataset.text}?${new URLSearchParams({ file: field("file").value })}`, { credentials: "same-origin" });
    if (!answer.ok || isDirty()) return;
    const told = await answer.json();
    const changed = told.text !== base.text;
    base = { revision: String(told.revision), text: told.text };
    field("started_from").value = base.revision;
    if (changed) become(told.text);
    savedAt = Date.now();
    if (changed) show();
  };

  const showAsides = async () => {
    const answer = await fetch(`${root.dataset.asides}?${new URLSearchParams({ file: field("file").value })}`, { credentials: "same-origin" });
    if (answer.ok) root.querySelector("#asides").innerHTML = await answer.text();
  };

  const edited = () => {
    redraw();
    if (!dirtySince || !isDirty()) dirtySince = Date.now();
    touched = true;
    clearTimeout(checkTimer);
    checkTimer = setTimeout(check, CHECK_AFTER);
    clearTimeout(showTimer);
    showTimer = setTimeout(show, SHOW_AFTER);
    if (writes) laterSave();
    tell();
  };

  // ---- Keys.
  const indent = (outward) => {
    const from = startOf(lineOf(area.selectionStart)), first = area.selectionStart, last = area.selectionEnd;
    const until = area.value.indexOf("\n", last) < 0 ? area.value.length : area.value.indexOf("\n", last);
    const block = area.value.slice(from, until);
    const moved = outward ? block.replace(/^ {1,2}/gm, "") : block.replace(/^(?=.)/gm, "  ");
    if (moved === block) return;
    area.setRangeText(moved, from, until, "preserve");
    area.setSelectionRange(Math.max(from, first + (outward ? -2 : 2)), Math.max(from, last + moved.length - block.length));
    edited();
  };

  const nextProblem = (step) => {
    const here = lineOf(area.selectionStart);
    const lines = [...flagged.keys()].sort((one, other) => one - other);
    if (!lines.length) return;
    const next = step > 0 ? lines.find((line) => line > here) : lines.filter((line) => line < here).pop();
    const line = next || (step > 0 ? lines[0] : lines[lines.length - 1]);
    const flag = flagged.get(line)[0];
    jump(line, flag.column, flag.length);
  };

  // The lines that are chosen in the text are those that a remark is about.
  const chosenLines = () => [lineOf(area.selectionStart), lineOf(Math.max(area.selectionStart, area.selectionEnd - 1))];
  const fillLines = () => {
    const remark = beside.querySelector(".remark-form");
    if (!remark) return null;
    const [from, until] = chosenLines();
    remark.elements.namedItem("first").value = String(from);
    remark.elements.namedItem("last").value = String(until);
    remark.elements.namedItem("revision").value = base.revision;
    return remark;
  };
  const fillSuggested = (remark) => {
    const [from, until] = ["first", "last"].map((name) => Number(remark.elements.namedItem(name).value));
    const instead = remark.elements.namedItem("suggested");
    if (!instead.value) instead.value = area.value.split("\n").slice(from - 1, until).join("\n");
  };
  beside.addEventListener("change", (event) => {
    if (event.target.id === "suggest" && event.target.checked) fillSuggested(event.target.form);
  });
  const remarkHere = () => {
    const begin = () => {
      const remark = fillLines();
      if (!remark) return;
      remark.closest("details").open = true;
      remark.elements.namedItem("words").focus();
    };
    if (beside.dataset.shown === "remarks" && beside.querySelector(".remark-form")) { begin(); return; }
    const once = (event) => {
      if (event.target !== beside) return;
      beside.removeEventListener("htmx:afterSwap", once);
      begin();
    };
    beside.addEventListener("htmx:afterSwap", once);
    root.querySelector("[data-beside=remarks]").click();
  };

  document.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const held = event.ctrlKey || event.metaKey;
    if (held && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "s") { event.preventDefault(); save(); return; }
    if (event.key === "F8") { event.preventDefault(); nextProblem(event.shiftKey ? -1 : 1); return; }
    if (event.target !== area) return;
    if (held && event.altKey && event.key.toLowerCase() === "m") { event.preventDefault(); remarkHere(); return; }
    if (held && !event.altKey && writes && (event.key === "]" || event.key === "[")) { event.preventDefault(); indent(event.key === "["); }
  });

  root.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-line]");
    if (!link) return;
    event.preventDefault();
    jump(Number(link.dataset.line), Number(link.dataset.column || 0), Number(link.dataset.length || 0));
  });

  // ---- What stands beside.
  root.querySelectorAll("[data-beside]").forEach((link) => {
    link.addEventListener("htmx:beforeRequest", () => {
      root.querySelectorAll("[data-beside]").forEach((each) => each.removeAttribute("aria-current"));
      link.setAttribute("aria-current", "true");
      beside.dataset.shown = field("beside").value = link.dataset.beside;
    });
  });
  beside.addEventListener("htmx:beforeSwap", (event) => {
    // What could not be done comes with the reasons, and is shown as well.
    if (event.detail.xhr.status === 422) { event.detail.shouldSwap = true; event.detail.isError = false; }
  });
  // An answer that renews a form leaves the keyboard where it was.
  let focused = "";
  document.body.addEventListener("htmx:beforeSwap", () => { focused = beside.contains(document.activeElement) ? document.activeElement.id : ""; });
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id === "present") {
      const newest = event.target.querySelector("[data-newest]");
      if (newest && Number(newest.dataset.newest) > Number(base.revision)) pull();
    }
    if (!beside.contains(event.target)) return;
    const again = focused && document.getElementById(focused);
    if (again) again.focus({ preventScroll: true });
    if (beside.dataset.shown === "problems") readProblems(beside);
    if (beside.dataset.shown === "remarks") { readRemarks(beside); fillLines(); }
  });
  document.body.addEventListener("drafted", pull);
  // Lines of a suggestion are counted in what is saved, so what was typed is saved first.
  document.body.addEventListener("htmx:confirm", (event) => {
    if (!event.detail.elt.matches("[data-saves-first], .remark-form") || !isDirty()) return;
    event.preventDefault();
    save().then((done) => {
      const known = event.detail.elt.elements.namedItem("revision");
      if (known) known.value = base.revision;
      if (done) event.detail.issueRequest(true);
    });
  });

  const readRemarks = (from) => {
    const before = remarked;
    remarked = new Set([...from.querySelectorAll(".remark.open a[data-line], #remark-lines [data-line]")].map((each) => Number(each.dataset.line)));
    drawLines(new Set([...before, ...remarked]));
  };

  // ---- Beginning and leaving.
  form.addEventListener("submit", (event) => {
    if (!writes) return;
    event.preventDefault();
    save();
  });
  addEventListener("beforeunload", (event) => { if (writes && (isDirty() || saving)) event.preventDefault(); });
  const leave = () => {
    if (!writes || !isDirty() || saving || area.value.length > MOST_LEAVING) return;
    send(root.dataset.save, { started_from: base.revision, edition: field("edition").value }, { keepalive: true }).catch(() => {});
  };
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") save(); });
  addEventListener("pagehide", leave);
  area.addEventListener("input", edited);
  document.addEventListener("selectionchange", () => { if (document.activeElement === area) { tellLine(); fillLines(); } });
  setInterval(tell, 5000);
  redraw();
  readRemarks(root);
  const first = beside.querySelector("#problems");
  if (first) readProblems(first); else check();
  root.dataset.ready = "";
})();
