/* The form of a report, cell by cell: each is saved when it is left, keeps its text whatever happens, and says so.
   Without this script the form is sent as a whole to the same address. */
(function () {
  "use strict";
  var form = document.getElementById("entry");
  if (!form || !window.portal) return;
  var say = form.dataset;
  var store = window.entryStore(form);
  var bar = form.querySelector("[data-bar-state]");
  var pending = new Map();  // cell -> extra fields
  var sending = new Map();  // cell -> what is under way to the server
  var busy = false, retry = 0, timer = null, leaving = false, closed = false;

  var byName = {};
  Array.from(form.elements).forEach(function (one) {
    if (one.name) (byName[one.name] = byName[one.name] || []).push(one);
  });
  var cells = Array.from(form.querySelectorAll("[data-cell]")).map(function (box) {
    var name = box.dataset.cell;
    var cell = {
      name: name, element: name.slice(0, name.indexOf(":")), kind: box.dataset.kind, box: box,
      frame: box.querySelector(".cell"), token: byName["k:" + name][0], values: byName["v:" + name],
      s: byName["s:" + name][0], r: byName["r:" + name][0], n: byName["n:" + name][0],
      chip: box.querySelector("[data-state-chip]"),
      line: form.querySelector('[data-cell-state="' + CSS.escape(name) + '"]'),
      theirs: null, wrong: false,
    };
    var unsaved = cell.frame.matches(".is-wrong, .is-conflict") && !!cell.line.querySelector(".cell-note");
    cell.saved = unsaved ? null : read(cell);  // null: the server showed back what it could not store
    cell.wrong = unsaved;
    cell.html = cell.line.innerHTML;
    return cell;
  });
  var find = {};
  cells.forEach(function (cell) { find[cell.name] = cell; });

  function read(cell) {
    var first = cell.values[0];
    var chosen = first.type === "radio" ? cell.values.find(function (one) { return one.checked; }) : first;
    return { v: chosen ? chosen.value.trim() : "", s: cell.s.value, r: cell.r.value.trim(), n: cell.n.value.replace(/\r\n/g, "\n").trim() };
  }
  function write(cell, now) {
    if (cell.values[0].type === "radio") cell.values.forEach(function (one) { one.checked = one.value === now.v; });
    else cell.values[0].value = now.v;
    cell.s.value = now.s; cell.r.value = now.r; cell.n.value = now.n;
    mark(cell);
  }
  function same(a, b) { return !!a && !!b && a.v === b.v && a.s === b.s && a.r === b.r && a.n === b.n; }
  function dirty(cell) { return !same(read(cell), cell.saved); }

  function mark(cell) {
    var state = cell.s.value;
    var word = state === "no_data" ? say.tNoData : state === "not_applicable" ? say.tNotApplicable : "";
    cell.chip.textContent = word; cell.chip.hidden = !word;
    cell.frame.classList.toggle("has-state", !!word);
  }
  function frame(cell, name) {
    cell.frame.classList.remove("is-saving", "is-saved", "is-wrong", "is-conflict");
    if (name) cell.frame.classList.add(name);
    cell.values.forEach(function (one) {
      if (name === "is-wrong") one.setAttribute("aria-invalid", "true"); else one.removeAttribute("aria-invalid");
      if (document.getElementById(cell.frame.id + "-msg")) one.setAttribute("aria-describedby", cell.frame.id + "-msg");
      else one.removeAttribute("aria-describedby");
    });
  }
  function status(cell, kind, text, note) {
    var span = document.createElement("span");
    span.className = "save-state " + kind;
    span.textContent = text;
    cell.line.replaceChildren(span);
    if (note) {
      var p = document.createElement("p");
      p.className = "cell-note wrong"; p.id = cell.frame.id + "-msg"; p.textContent = note;
      cell.line.append(p);
    }
  }
  function total() {
    var waiting = cells.filter(function (cell) { return cell.wrong || pending.has(cell) || dirty(cell); }).length;
    bar.textContent = waiting ? say.tTyped + ": " + waiting : "";
    bar.classList.toggle("is-bad", cells.some(function (cell) { return cell.wrong; }));
    return waiting;
  }

  // --- saving -----------------------------------------------------------------------------------------------------

  function queue(list, extra) {
    list.forEach(function (cell) {
      if (!extra && !dirty(cell) && !sending.has(cell)) { settle(cell); return; }
      pending.set(cell, extra || {});
      frame(cell, "is-saving");
      status(cell, "saving", say.tSaving);
    });
    total();
    clearTimeout(timer);
    timer = setTimeout(send, 0);
  }
  // Nothing to store after all: the text is again what the server has.
  function settle(cell) {
    cell.wrong = false;
    store.drop(cell.name);
    cell.line.innerHTML = cell.html;
    frame(cell, "");
    total();
  }

  async function send() {
    clearTimeout(timer);
    timer = null;
    if (busy || closed || !pending.size) return;
    busy = true;
    var batch = Array.from(pending.entries()), sent = sending;
    var body = new URLSearchParams({ language: form.elements.language.value, action: "save" });
    batch.forEach(function (item) {
      var cell = item[0], now = read(cell);
      sent.set(cell, now);
      ["v", "s", "r", "n"].forEach(function (kind) { body.set(kind + ":" + cell.name, now[kind]); });
      body.set("k:" + cell.name, cell.token.value);
      Object.keys(item[1]).forEach(function (field) { body.set(field, item[1][field]); });
    });
    var answer = null;
    try {
      answer = await window.portal.fetchJson(form.getAttribute("action"), { method: "POST", body: body });
    } catch (error) { answer = null; }
    busy = false;
    sending = new Map();
    if (answer && answer.body && answer.body.cells) {
      retry = 0;
      // What was changed and left again meanwhile has been queued anew, and goes next.
      batch.forEach(function (item) { if (pending.get(item[0]) === item[1]) pending.delete(item[0]); });
      take(answer.body, sent);
      if (pending.size && !timer) send();
    } else later(answer, batch);
    total();
  }

  function later(answer, batch) {
    var code = answer ? answer.status : 0, text = say.tOffline, wait = Math.min(30, 2 * Math.pow(2, retry)) * 1000;
    var csrf = code === 403 && answer.body && /csrf/.test(answer.body.type || "");
    if (code === 401 || csrf) { text = say.tSession; wait = 0; window.portal.sessionEnded(); }
    else if (code === 409 || code === 404 || code === 403) {
      closed = true; wait = 0;
      text = (answer.body && (answer.body.detail || answer.body.title)) || say.tRefused;
      window.portal.toast(text, "error");
    } else if (code) text = say.tRefused;
    retry += 1;
    batch.forEach(function (item) {
      var cell = item[0];
      store.put(cell.name, Object.assign(read(cell), { k: cell.token.value }));
      frame(cell, "");
      status(cell, "wrong", text);
    });
    clearTimeout(timer);
    timer = null;
    if (wait) timer = setTimeout(function () { timer = null; send(); }, wait);
  }

  function take(body, sent) {
    Object.keys(body.cells).forEach(function (name) {
      var cell = find[name], got = body.cells[name];
      if (!cell || !sent.has(cell)) return;
      var untouched = same(read(cell), sent.get(cell));
      if (got.status === "saved" || got.status === "empty") {
        cell.saved = got.now; cell.token.value = got.token; cell.html = got.state; cell.wrong = false; cell.theirs = null;
        if (!untouched) return;
        if (document.activeElement !== cell.n && document.activeElement !== cell.r) write(cell, got.now);
        store.drop(name);
        cell.line.innerHTML = got.state;
        frame(cell, got.status === "saved" ? "is-saved" : "");
        return;
      }
      cell.wrong = true;
      cell.theirs = got.status === "conflict" ? got : null;
      if (!untouched) return;
      cell.line.innerHTML = got.state;
      frame(cell, got.status === "conflict" ? "is-conflict" : "is-wrong");
      store.put(name, Object.assign(read(cell), { k: cell.token.value, theirs: cell.theirs }));
    });
    Object.keys(body.rows).forEach(function (element) {
      var place = form.querySelector('[data-outcome="' + CSS.escape(element) + '"]');
      if (place && place.innerHTML !== body.rows[element]) place.innerHTML = body.rows[element];
    });
    form.querySelector("[data-entered]").textContent = body.entered;
    form.querySelector("[data-progress]").value = body.entered;
    Object.keys(body.sections).forEach(function (key) {
      var counts = body.sections[key], done = counts[0] >= counts[1];
      var count = form.querySelector('[data-section-entered="' + key + '"]');
      count.textContent = counts[0];
      count.closest("[data-section-chip]").className = "chip chip-" + (done ? "met" : "part");
      var link = form.querySelector('[data-nav="' + key + '"]'), state = link.querySelector(".crit-state");
      var wrong = !!document.getElementById("s-" + key).querySelector(".is-wrong, .is-conflict, .entry-row.returned");
      link.className = wrong ? "crit-wrong" : done ? "crit-done" : "";
      state.textContent = (wrong ? "! " : "") + (done ? "✓" : counts[0] + "/" + counts[1]);
    });
  }

  // --- what the reader does ------------------------------------------------------------------------------------------

  function cellOf(target) {
    var box = target.closest("[data-cell]"), help = target.closest("[data-help-for]");
    return find[box ? box.dataset.cell : help ? help.dataset.helpFor : ""];
  }
  form.addEventListener("input", function (event) {
    var cell = cellOf(event.target);
    if (!cell) return;
    if (cell.values.includes(event.target) && read(cell).v && cell.s.value) { cell.s.value = ""; mark(cell); }
    store.put(cell.name, Object.assign(read(cell), { k: cell.token.value }));
    if (dirty(cell)) { status(cell, "", say.tTyped); frame(cell, ""); }
    total();
  });
  form.addEventListener("change", function (event) {
    var cell = cellOf(event.target);
    if (!cell) return;
    if (event.target === cell.s) {
      mark(cell);
      if (cell.s.value) write(cell, Object.assign(read(cell), { v: "" }));
      if (cell.s.value === "not_applicable" && !cell.r.value.trim()) { cell.r.closest(".help-reason").hidden = false; cell.r.focus(); return; }
      queue([cell]);
    } else if (event.target.type === "radio" || event.target.tagName === "SELECT") {
      cell.tried = read(cell);  // leaving the cell sends it no second time: a button under it would move away from the click
      queue([cell]);
    }
  });
  form.addEventListener("focusout", function (event) {
    var cell = cellOf(event.target);
    if (!cell || (event.relatedTarget === cell.r && cell.s.value === "not_applicable")) return;
    var waits = sending.has(cell) ? same(sending.get(cell), read(cell)) : pending.has(cell) || !dirty(cell);
    if (!waits && !(cell.wrong && cell.tried && same(cell.tried, read(cell)))) {
      cell.tried = read(cell);
      queue([cell]);
    }
  });

  form.addEventListener("click", function (event) {
    var mine = event.target.closest("[data-mine]"), theirs = event.target.closest("[data-theirs]");
    if (!mine && !theirs) return;
    var cell = find[(mine ? mine.value.slice(0, mine.value.lastIndexOf("@")) : theirs.value)];
    if (!cell || !cell.theirs) return;  // shown by the server: the plain button does it
    event.preventDefault();
    if (mine) { queue([cell], { mine: mine.value }); keys.focus(cell); return; }
    cell.saved = cell.theirs.now; cell.token.value = cell.theirs.token; cell.html = cell.theirs.clean; cell.theirs = null;
    write(cell, cell.saved);
    settle(cell);
    keys.focus(cell);
  });

  var keys = window.entryKeys(form, cells, {
    restore: function (cell) {
      if (!cell.saved) return;
      pending.delete(cell);
      if (cell.theirs) cell.theirs = null;
      write(cell, cell.saved);
      settle(cell);
    },
    changed: function (list) {
      list.forEach(function (cell) {
        if (read(cell).v && cell.s.value) { cell.s.value = ""; mark(cell); }
        store.put(cell.name, Object.assign(read(cell), { k: cell.token.value }));
      });
      queue(list);
    },
    say: function (cell, text) { cell.wrong = true; status(cell, "wrong", say.tTyped, text); frame(cell, "is-wrong"); total(); },
  });

  // Everything is stored before the form goes anywhere else.
  form.addEventListener("submit", function (event) {
    if (leaving) return;
    if (!busy && !total()) { leaving = true; return; }
    event.preventDefault();
    var button = event.submitter, taking = button && /^(mine|theirs)$/.test(button.name);
    queue(cells.filter(function (cell) { return dirty(cell) && !cell.wrong; }));
    // Later, never within this event: a form that is being submitted ignores a second request.
    (function wait(times) {
      if ((busy || pending.size) && !closed && times < 300 && retry < 2) { setTimeout(wait, 50, times + 1); return; }
      var bad = cells.find(function (cell) { return cell.wrong || dirty(cell); });
      if (bad && !taking) { window.portal.toast(say.tLeft, "error"); keys.focus(bad); return; }
      leaving = true;
      setTimeout(function () { form.requestSubmit(button && button.form ? button : undefined); }, 0);
    })(0);
  });
  window.addEventListener("beforeunload", function (event) {
    if (!leaving && total()) { event.preventDefault(); event.returnValue = ""; }
  });
  // Back from the browser's cache: show what the server has now.
  window.addEventListener("pageshow", function (event) { if (event.persisted) window.location.reload(); });
  window.addEventListener("online", function () { retry = 0; send(); });
  window.addEventListener("focus", function () { if (pending.size && !timer) { retry = 0; send(); } });
  document.addEventListener("visibilitychange", function () { if (!document.hidden && pending.size && !timer) { retry = 0; send(); } });

  // --- what an earlier visit could not send ---------------------------------------------------------------------------

  var kept = store.all(), restored = [];
  Object.keys(kept).forEach(function (name) {
    var cell = find[name];
    if (!cell || same(kept[name], read(cell))) { store.drop(name); return; }
    var theirs = kept[name].theirs, known = theirs && theirs.token === cell.token.value;
    write(cell, kept[name]);
    cell.token.value = kept[name].k;  // as it was then: what others changed meanwhile shows as a conflict
    if (!known) { restored.push(cell); return; }
    // A conflict that was not settled, and nothing changed since: it is asked again, not sent again.
    cell.wrong = true; cell.theirs = theirs; cell.tried = read(cell);
    cell.line.innerHTML = theirs.state;
    frame(cell, "is-conflict");
  });
  if (restored.length) { window.portal.toast(say.tRestored, "warning"); queue(restored); }
  total();
})();
