/* A table that is walked by keyboard: one place of it is in the Tab order, arrows move, Home and End go to the ends of a
   row, with Ctrl to the corners. Enter is the link's own. Without this script every link is reached by Tab.

   A link that is named by texts elsewhere (aria-labelledby) says them to the mouse as well, once it is pointed at.

   <table data-grid> with at most one link or tabindex in a cell                                                        */
(function () {
  "use strict";
  document.querySelectorAll("table[data-grid]").forEach(function (table) {
    var places = "a[href], [tabindex]";

    function at(row, column) {
      var line = table.rows[row], cell = line && line.cells[column];
      return cell ? cell.querySelector(places) : null;
    }
    function go(place) {
      if (!place) return;
      var now = table.querySelector('[tabindex="0"]');
      if (now) now.tabIndex = -1;
      place.tabIndex = 0;
      place.focus();
    }
    // The next place in a direction; cells without one are passed over.
    function next(row, column, down, right) {
      for (var n = 0; n < 200; n += 1) {
        row += down; column += right;
        if (row < 0 || row >= table.rows.length || column < 0 || column >= table.rows[row].cells.length) return null;
        if (at(row, column)) return at(row, column);
      }
      return null;
    }

    var all = Array.from(table.querySelectorAll(places));
    all.forEach(function (place) { place.tabIndex = -1; });
    var first = table.querySelector("tbody td a[href]") || all[0];
    if (first) first.tabIndex = 0;
    // The box around is a stop of its own only while nothing in it is.
    var box = table.closest("[tabindex]");
    if (box && first) box.removeAttribute("tabindex");

    table.addEventListener("keydown", function (event) {
      var place = event.target.closest(places), cell = place && place.closest("td, th");
      if (!cell || event.altKey || event.metaKey) return;
      var row = cell.parentNode.rowIndex, column = cell.cellIndex, last = table.rows[row].cells.length, target;
      switch (event.key) {
        case "ArrowUp": target = next(row, column, -1, 0); break;
        case "ArrowDown": target = next(row, column, 1, 0); break;
        case "ArrowLeft": target = next(row, column, 0, -1); break;
        case "ArrowRight": target = next(row, column, 0, 1); break;
        case "Home": target = next(event.ctrlKey ? 0 : row, -1, 0, 1); break;
        case "End": target = next(event.ctrlKey ? table.rows.length - 1 : row, last, 0, -1); break;
        default: return;
      }
      event.preventDefault();
      go(target);
    });
    table.addEventListener("mouseover", function (event) {
      var link = event.target.closest("a[aria-labelledby]");
      if (!link || link.title) return;
      link.title = link.getAttribute("aria-labelledby").split(" ").map(function (id) {
        var text = document.getElementById(id);
        return text ? text.textContent : "";
      }).join(" · ");
    });
    table.addEventListener("focusin", function (event) {
      var place = event.target.closest(places);
      if (place && place.tabIndex !== 0) {
        var now = table.querySelector('[tabindex="0"]');
        if (now) now.tabIndex = -1;
        place.tabIndex = 0;
      }
    });
  });
})();
