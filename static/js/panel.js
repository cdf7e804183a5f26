/* The side panel: a link with data-panel opens its own page there. Focus goes in and comes back, Esc closes, and the
   address names what is open, so that it can be sent to somebody. Without this script the link is a page as any other.

   <a href="…" data-panel="key">     <dialog id="panel" data-param="cell"> > a[data-panel-close] + #panel-body
   <table data-panel-cells>          every td > a of it opens there too; its key is read from its address                 */
(function () {
  "use strict";
  var panel = document.getElementById("panel"), body = document.getElementById("panel-body");
  if (!panel || !body || !panel.showModal || !window.htmx) return;
  var wait = document.getElementById("panel-wait"), param = panel.dataset.param, opener = null, leaving = false;

  document.querySelectorAll("[data-panel-cells] td > a").forEach(function (link) {
    var found = /\/([-\w]+)\/criteria\/(\d+)\/$/.exec(link.pathname);
    if (found) link.dataset.panel = found[1] + "." + found[2];
  });

  function linkOf(key) {
    return Array.from(document.querySelectorAll("a[data-panel]")).find(function (link) { return link.dataset.panel === key; });
  }
  function address(key) {
    var url = new URL(window.location.href);
    if (key) url.searchParams.set(param, key); else url.searchParams.delete(param);
    return url.toString();
  }
  function focusTitle() {
    var title = body.querySelector("h2");
    if (title) { title.tabIndex = -1; title.focus(); }
    panel.scrollTop = 0;
  }
  function load(link) {
    opener = link;
    body.replaceChildren(wait.content.cloneNode(true));
    body.setAttribute("aria-busy", "true");
    if (!panel.open) panel.showModal();
    focusTitle();
    window.htmx.ajax("GET", link.href, { source: body, target: body, swap: "innerHTML" });
  }

  document.addEventListener("click", function (event) {
    var link = event.target.closest("a[data-panel]");
    if (link && !event.defaultPrevented && event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      window.history.pushState({ panel: link.dataset.panel }, "", address(link.dataset.panel));
      load(link);
    } else if (event.target.closest("[data-panel-close]") || (event.target === panel && event.clientX < panel.offsetLeft)) {
      // A click on the ground beside the panel counts as one on the dialog itself.
      event.preventDefault();
      panel.close();
    }
  });
  // What stands in the panel may fetch parts of its own: those are none of ours.
  body.addEventListener("htmx:afterSwap", function (event) {
    if (event.target !== body) return;
    body.removeAttribute("aria-busy");
    focusTitle();
  });
  ["htmx:responseError", "htmx:sendError", "htmx:timeout"].forEach(function (name) {
    body.addEventListener(name, function (event) {
      if (event.target !== body) return;
      var note = document.createElement("h2");
      note.id = "panel-title";
      note.className = "panel-fault";
      note.textContent = panel.dataset.fault;
      body.replaceChildren(note);
      body.removeAttribute("aria-busy");
      focusTitle();
    });
  });
  panel.addEventListener("close", function () {
    body.replaceChildren();
    if (!leaving) {
      if (window.history.state && window.history.state.panel) window.history.back();
      else window.history.replaceState(null, "", address(""));
    }
    leaving = false;
    if (opener && opener.isConnected) opener.focus();
  });
  // Back closes what is open, forward opens it again.
  window.addEventListener("popstate", function (event) {
    var key = event.state && event.state.panel, link = key && linkOf(key);
    if (link) load(link);
    else if (panel.open) { leaving = true; panel.close(); }
  });

  // Opened by its address: the content came with the page.
  if (panel.hasAttribute("open")) {
    opener = linkOf(new URL(window.location.href).searchParams.get(param)) || null;
    panel.removeAttribute("open");
    panel.showModal();
    focusTitle();
  }
})();
