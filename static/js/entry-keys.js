/* Keyboard and paste in the form: Enter and arrows move, Esc restores, F2 opens state and note, a block fills down.
   window.entryKeys(form, cells, actions): cells in the order of the page; actions = { restore, changed, say }. */
(function () {
  "use strict";
  var YES = ["true", "đạt", "dat", "có", "co", "x", "1", "yes", "met", "✓"];
  var NO = ["false", "chưa đạt", "chua dat", "không", "khong", "không đạt", "0", "no", "not met"];

  window.entryKeys = function (form, cells, actions) {
    function focus(cell) {
      var target = cell.values.find(function (input) { return input.checked; }) || cell.values[0];
      target.focus();
      if (target.type === "text") target.select();
    }
    function step(cell, by) {
      var next = cells[cells.indexOf(cell) + by];
      if (next) focus(next);
    }
    function cellOf(target) {
      var box = target.closest("[data-cell]");
      return box && cells.find(function (cell) { return cell.box === box; });
    }

    form.addEventListener("keydown", function (event) {
      if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
      var help = event.target.closest("[data-help-for]");
      if (help) {
        var owner = cells.find(function (cell) { return cell.name === help.dataset.helpFor; });
        if (!owner) return;
        if (event.key === "Escape") { actions.restore(owner); focus(owner); event.preventDefault(); }
        else if (event.key === "Enter" && event.target.tagName === "INPUT") { step(owner, 1); event.preventDefault(); }
        return;
      }
      var cell = cellOf(event.target);
      if (!cell) return;
      var isSelect = event.target.tagName === "SELECT";
      if (event.key === "Enter") step(cell, event.shiftKey ? -1 : 1);
      else if (event.key === "ArrowDown" && !isSelect) step(cell, 1);
      else if (event.key === "ArrowUp" && !isSelect) step(cell, -1);
      else if (event.key === "Escape") actions.restore(cell);
      else if (event.key === "F2" && window.entryHelp) window.entryHelp.open(cell.element, cell.name);
      else if ((event.key === "Delete" || event.key === "Backspace") && cell.kind === "boolean") {
        cell.values.forEach(function (input) { input.checked = false; });
        actions.changed([cell]);
      } else return;
      event.preventDefault();
    });

    // Returns false when the text cannot be put there (it is named to the reader then).
    function put(cell, text) {
      if (cell.kind === "boolean") {
        var word = text.toLowerCase();
        var value = YES.includes(word) ? "true" : NO.includes(word) ? "false" : "";
        if (!value) { actions.say(cell, form.dataset.tYesNo.replace("{text}", text)); return false; }
        cell.values.forEach(function (input) { input.checked = input.value === value; });
      } else if (cell.kind === "choice") {
        var option = Array.from(cell.values[0].options).find(function (one) {
          return one.value && [one.value, one.text].some(function (name) { return name.toLowerCase() === text.toLowerCase(); });
        });
        if (!option) { actions.say(cell, "“" + text + "”: " + Array.from(cell.values[0].options).slice(1).map(function (one) { return one.text; }).join(", ")); return false; }
        cell.values[0].value = option.value;
      } else cell.values[0].value = text;
      return true;
    }

    form.addEventListener("paste", function (event) {
      var start = cellOf(event.target);
      var text = event.clipboardData ? event.clipboardData.getData("text/plain") : "";
      if (!start || !/[\t\r\n]/.test(text.replace(/[\r\n]+$/, ""))) {
        if (start && start.kind !== "boolean" && /[\r\n]+$/.test(text) && event.target.type === "text") {
          event.preventDefault();
          event.target.setRangeText(text.trim(), event.target.selectionStart, event.target.selectionEnd, "end");
          event.target.dispatchEvent(new Event("input", { bubbles: true }));
        }
        return;
      }
      event.preventDefault();
      var lines = text.replace(/[\r\n]+$/, "").split(/\r\n|\r|\n/).map(function (line) { return line.split("\t"); });
      var columns = Math.max.apply(null, lines.map(function (line) { return line.length; }));
      var at = cells.indexOf(start), filled = [], dropped = 0;
      lines.forEach(function (line) {
        // One column fills cell after cell; several columns are the parts (men, women, components) of one row.
        var element = cells[at] && cells[at].element;
        line.forEach(function (piece) {
          var cell = cells[at];
          if (!cell || (columns > 1 && cell.element !== element)) { if (piece.trim()) dropped += 1; return; }
          if (piece.trim() && put(cell, piece.trim())) filled.push(cell);
          at += 1;
        });
        if (columns > 1) while (cells[at] && cells[at].element === element) at += 1;
      });
      actions.changed(filled);
      window.portal.toast(form.dataset.tPasted.replace("{n}", filled.length), "success");
      if (dropped) window.portal.toast(form.dataset.tTooMany.replace("{n}", dropped), "warning");
    });

    return { focus: focus };
  };
})();
