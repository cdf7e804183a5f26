/* What belongs to the row in focus (norm, decree, past values, state, note): beside the form on a wide screen, under the
   row on a narrow one. The same nodes are moved, so that the form has each field once.
   Offers window.entryHelp = { show(element), open(element), fieldsOf(name) }. */
(function () {
  "use strict";
  var panel = document.querySelector("[data-help-panel]");
  if (!panel) return;
  var wide = window.matchMedia("(min-width: 1200px)");
  var current = null;

  function rowOf(element) { return document.getElementById("e-" + element); }
  function helpOf(element) { return document.getElementById("h-" + element); }

  function putBack() {
    if (!current) return;
    var row = rowOf(current);
    row.classList.remove("current");
    var help = helpOf(current);
    if (help.parentNode === panel) row.querySelector(".help-row > td").append(help);
    current = null;
  }

  function show(element) {
    if (current === element || !rowOf(element)) return;
    putBack();
    current = element;
    rowOf(element).classList.add("current");
    if (wide.matches) { panel.append(helpOf(element)); panel.hidden = false; panel.scrollTop = 0; }
  }

  function toggle(element, open) {
    var row = rowOf(element), line = row.querySelector(".help-row"), button = row.querySelector("[data-more]");
    var now = open === undefined ? !line.classList.contains("open") : open;
    line.classList.toggle("open", now);
    if (button) button.setAttribute("aria-expanded", String(now));
    return now;
  }

  // Opens the help and goes to its first field (or to the field of one cell).
  function open(element, name) {
    show(element);
    if (!wide.matches) toggle(element, true);
    var help = helpOf(element);
    var place = name ? help.querySelector('[data-help-for="' + CSS.escape(name) + '"]') : help;
    var first = (place || help).querySelector("select, input, textarea") || help;
    first.focus({ preventScroll: wide.matches });
  }

  document.addEventListener("focusin", function (event) {
    var row = event.target.closest(".entry-row");
    if (row) show(row.dataset.row);
    // A row unfolds as it is reached, the one before folds: what has the focus must not slip under the bar below.
    if (!event.target.closest(".entry") || event.target.closest(".entry-bar")) return;
    requestAnimationFrame(function () { event.target.scrollIntoView({ block: "nearest" }); });
  });
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-more]");
    var row = event.target.closest(".entry-row");
    if (!row) return;
    if (!button) { show(row.dataset.row); return; }
    if (wide.matches) open(row.dataset.row);
    else if (toggle(row.dataset.row)) show(row.dataset.row);
  });
  wide.addEventListener("change", function () {
    var element = current;
    putBack();
    panel.hidden = true;
    if (element) show(element);
  });
  if (wide.matches) {
    var first = document.querySelector(".entry-row.returned") || document.querySelector(".entry-row");
    if (first) show(first.dataset.row);
  }

  window.entryHelp = { show: show, open: open };
})();
