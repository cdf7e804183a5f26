/* Typed but not yet stored: kept in this browser, per person, report and revision, until the server has it.
   Offers window.entryStore(form) = { put(name, values), drop(name), all() }. */
(function () {
  "use strict";
  window.entryStore = function (form) {
    var key = ["entry", form.dataset.user, form.dataset.report, form.dataset.revision].join(":");
    function read() {
      try { return JSON.parse(localStorage.getItem(key)) || {}; } catch (error) { return {}; }
    }
    function write(all) {
      // A full or forbidden store must not stop the typing: the server still gets every cell.
      try {
        if (Object.keys(all).length) localStorage.setItem(key, JSON.stringify(all));
        else localStorage.removeItem(key);
      } catch (error) { /* nothing to do */ }
    }
    return {
      put: function (name, values) { var all = read(); all[name] = values; write(all); },
      drop: function (name) { var all = read(); if (name in all) { delete all[name]; write(all); } },
      all: read,
    };
  };
})();
