/* Files beside a value: chosen, dropped or pasted, sent with progress, and sent again when the line was lost (the server
   knows a file it has already). Without this script the same form is sent by its button.
   The server answers with the block of the value ([data-evidence]), which takes the place of the old one. */
(function () {
  "use strict";
  var words = document.getElementById("evidence-words");
  if (!words || !window.portal) return;
  var say = words.dataset;
  var waiting = {};  // element -> { queue: [[File]], request, unsent: [[File]] }

  function stateOf(element) { return (waiting[element] = waiting[element] || { queue: [], request: null, unsent: [] }); }
  function blockOf(element) { return document.querySelector('[data-evidence="' + CSS.escape(element) + '"]'); }
  function names(files) { return files.map(function (file) { return "“" + file.name + "”"; }).join(", "); }

  function faults(block, list) {
    var old = block.querySelector(".evidence-faults");
    if (old) old.remove();
    if (!list.length) return;
    var box = document.createElement("div"), head = document.createElement("strong"), lines = document.createElement("ul");
    box.className = "evidence-faults"; box.setAttribute("role", "alert"); head.textContent = say.tNone;
    list.forEach(function (text) { var line = document.createElement("li"); line.textContent = text; lines.append(line); });
    box.append(head, lines);
    block.querySelector("[data-evidence-say]").after(box);
  }

  // What the server would refuse is said at once: a weak line carries nothing in vain.
  function add(block, list) {
    var files = Array.from(list), element = block.dataset.evidence, state = stateOf(element);
    if (!files.length || !block.querySelector("[data-evidence-input]")) return;
    var found = [], max = Number(say.maxBytes), count = Number(block.dataset.count) + files.length;
    files.forEach(function (file) {
      if (!file.size) found.push(say.tEmpty.replace("{name}", file.name));
      else if (file.size > max) found.push(say.tTooLarge.replace("{name}", file.name));
    });
    if (files.length > Number(say.maxFiles)) found.push(say.tTooMany.replace("{count}", count));
    faults(block, found);
    if (found.length) return;
    state.queue.push(files);
    next(element);
  }

  function next(element) {
    var state = stateOf(element);
    if (state.request || !state.queue.length) return;
    var files = state.queue.shift(), body = new FormData();
    files.forEach(function (file) { body.append("files", file, file.name); });
    post(element, body, files);
  }

  function line(element, text, action, label) {
    var place = blockOf(element).querySelector("[data-evidence-say]"), p = document.createElement("p");
    p.className = "evidence-busy";
    var span = document.createElement("span");
    span.textContent = text;
    p.append(span);
    if (action) {
      var button = document.createElement("button");
      button.type = "button"; button.className = "link-button"; button.textContent = label;
      button.addEventListener("click", action);
      p.append(button);
    }
    place.replaceChildren(p);
    return p;
  }

  function post(element, body, files) {
    var state = stateOf(element), request = new XMLHttpRequest(), bar = document.createElement("progress");
    state.request = request;
    if (files) {
      bar.className = "bar"; bar.max = 100; bar.value = 0;
      line(element, say.tSending.replace("{names}", names(files)), function () { request.abort(); }, say.tCancel).append(bar);
    }
    request.open("POST", blockOf(element).dataset.url);
    request.setRequestHeader("X-CSRFToken", window.portal.csrf());
    request.setRequestHeader("HX-Request", "true");
    request.upload.onprogress = function (event) { if (event.lengthComputable) bar.value = event.loaded * 100 / event.total; };
    request.onload = function () { state.request = null; answered(element, request, files); next(element); offer(element); };
    request.onerror = function () { state.request = null; again(element, files, say.tLost); };
    request.onabort = function () { state.request = null; again(element, files, say.tStopped); next(element); };
    request.send(body);
  }

  function answered(element, request, files) {
    var holder = document.createElement("template");
    holder.innerHTML = request.responseText;
    var block = holder.content.querySelector("[data-evidence]");
    if (block) {
      var old = blockOf(element), focused = old.contains(document.activeElement);
      // Within the page's own form the buttons of the part would send that form.
      old.replaceWith(block);
      document.querySelectorAll('[data-evidence-count="' + CSS.escape(element) + '"]').forEach(function (count) {
        count.textContent = block.dataset.count; count.hidden = block.dataset.count === "0";
      });
      var input = block.querySelector("[data-evidence-input]");
      if (focused && input) input.focus({ preventScroll: true });
      return;
    }
    if (request.status === 401) window.portal.sessionEnded();
    var note = holder.content.querySelector("[data-error]");
    if (note) window.portal.toast(note.textContent.trim(), "error");
    again(element, files, say.tRefused);
  }

  // Nothing is lost: the files stay here until they are sent again.
  function again(element, files, text) {
    var state = stateOf(element);
    if (!files) { window.portal.toast(say.tRefused.replace("{names}, ", "").replace("{names}", ""), "error"); return; }
    state.unsent.push(files);
    offer(element, text);
  }
  // What waits to be sent again is said until it is sent, whatever else was sent meanwhile.
  function offer(element, text) {
    var state = stateOf(element);
    if (state.request || !state.unsent.length) return;
    var all = state.unsent.reduce(function (some, files) { return some.concat(files); }, []);
    line(element, (text || say.tLost).replace("{names}", names(all)), function () { resend(element); }, say.tAgain).classList.add("is-lost");
  }
  function resend(element) {
    var state = stateOf(element);
    if (!state.unsent.length || state.request) return;
    state.queue = state.unsent.concat(state.queue);
    state.unsent = [];
    next(element);
  }
  window.addEventListener("online", function () { Object.keys(waiting).forEach(resend); });
  window.addEventListener("beforeunload", function (event) {
    var open = Object.keys(waiting).some(function (element) {
      var state = waiting[element];
      return state.request || state.queue.length || state.unsent.length;
    });
    if (open) { event.preventDefault(); event.returnValue = ""; }
  });

  // --- what the reader does ------------------------------------------------------------------------------------------

  document.addEventListener("change", function (event) {
    var input = event.target.closest("[data-evidence-input]");
    if (!input) return;
    add(input.closest("[data-evidence]"), input.files);
    input.value = "";
  });
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-evidence-remove]"), open = event.target.closest("[data-evidence-open]");
    if (button) {
      event.preventDefault();
      var element = button.closest("[data-evidence]").dataset.evidence;
      if (stateOf(element).request || !window.confirm(say.tRemove.replace("{name}", button.dataset.evidenceRemove))) return;
      var body = new FormData();
      body.append("remove", button.value);
      post(element, body, null);
    } else if (open && window.entryHelp) {
      event.preventDefault();
      window.entryHelp.open(open.dataset.evidenceOpen);
      var block = blockOf(open.dataset.evidenceOpen);
      block.scrollIntoView({ block: "nearest" });
      block.querySelector("[data-evidence-input]").focus({ preventScroll: true });
    }
  });

  // The block that a drop or a pasted picture is meant for: where it happens, else that of the row, else the only one.
  function meant(target) {
    var near = target.closest && (target.closest("[data-evidence]") || target.closest("[data-row-help]") || target.closest("[data-row]"));
    if (near && near.dataset.evidence) return near;
    if (near) return blockOf(near.dataset.rowHelp || near.dataset.row);
    var all = document.querySelectorAll("[data-evidence]");
    return all.length === 1 ? all[0] : null;
  }
  function hasFiles(event) { return event.dataTransfer && Array.from(event.dataTransfer.types).includes("Files"); }
  function mark(block) {
    document.querySelectorAll(".evidence.is-over, .entry-row.is-over").forEach(function (one) { one.classList.remove("is-over"); });
    if (!block) return;
    block.classList.add("is-over");
    var row = document.getElementById("e-" + block.dataset.evidence);
    if (row) row.classList.add("is-over");
  }
  document.addEventListener("dragover", function (event) {
    if (!hasFiles(event)) return;
    event.preventDefault();  // beside a row too: the browser would leave the page for the file
    var block = meant(event.target);
    event.dataTransfer.dropEffect = block ? "copy" : "none";
    mark(block);
  });
  document.addEventListener("dragleave", function (event) { if (!event.relatedTarget) mark(null); });
  document.addEventListener("drop", function (event) {
    if (!hasFiles(event)) return;
    event.preventDefault();
    var block = meant(event.target);
    mark(null);
    if (block) { if (window.entryHelp) window.entryHelp.show(block.dataset.evidence); add(block, event.dataTransfer.files); }
  });
  document.addEventListener("paste", function (event) {
    var data = event.clipboardData, files = data ? Array.from(data.files) : [];
    var block = files.length && !data.getData("text/plain") ? meant(event.target) : null;
    if (!block) return;
    event.preventDefault();
    var at = new Date(), two = function (n) { return String(n).padStart(2, "0"); };
    var stamp = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join("-") + " " + [two(at.getHours()), two(at.getMinutes()), two(at.getSeconds())].join(".");
    add(block, files.map(function (file) {
      // Every copied picture is called image.png.
      return /^image\.\w+$/.test(file.name) ? new File([file], say.tPasted + " " + stamp + file.name.slice(5), { type: file.type }) : file;
    }));
  });
})();
