/* What every page shares: menus, theme, toasts, the ended session, and a CSRF token that is never stale.
   Offers window.portal = { csrf(), fetchJson(url, options), toast(text, kind), sessionEnded() }. */
(function () {
  "use strict";

  function cookie(name) {
    var found = document.cookie.split("; ").find(function (part) { return part.startsWith(name + "="); });
    return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
  }
  // Someone who signed in again in another tab has a new token: take it from the cookie at the moment of use.
  function csrf() { return cookie("__Host-csrftoken") || cookie("csrftoken"); }

  function toast(text, kind) {
    var place = document.getElementById("toasts");
    if (!place || !text) return;
    var item = document.createElement("div");
    item.className = "toast-item" + (kind ? " toast-" + kind : "");
    item.textContent = text;
    place.append(item);
    setTimeout(function () { item.remove(); }, kind === "error" ? 12000 : 6000);
  }

  function sessionEnded() {
    var dialog = document.getElementById("session-dialog");
    if (dialog && !dialog.open) dialog.showModal();
    document.dispatchEvent(new CustomEvent("portal:session-ended"));
  }

  // fetch with token and language of faults; 401 opens the dialog and leaves the page as it is.
  async function fetchJson(url, options) {
    var settings = Object.assign({ method: "GET", credentials: "same-origin" }, options);
    settings.headers = Object.assign({ Accept: "application/json", "X-CSRFToken": csrf() }, settings.headers);
    var response = await fetch(url, settings);
    if (response.status === 401) sessionEnded();
    var body = null;
    try { body = await response.json(); } catch (error) { body = null; }
    return { ok: response.ok, status: response.status, body: body };
  }

  window.portal = { csrf: csrf, toast: toast, sessionEnded: sessionEnded, fetchJson: fetchJson };

  document.addEventListener("submit", function (event) {
    var field = event.target.querySelector("input[name=csrfmiddlewaretoken]");
    // The form's own masked token stays valid unless the cookie was renewed; the cookie's is valid always.
    if (field && csrf()) field.value = csrf();
  }, true);
  // Who signs out leaves nothing typed behind for the next reader of a shared computer.
  document.addEventListener("submit", function (event) {
    if (!/\/logout\/$/.test(event.target.action)) return;
    try {
      Object.keys(localStorage).filter(function (key) { return key.startsWith("entry:"); })
        .forEach(function (key) { localStorage.removeItem(key); });
    } catch (error) { /* a forbidden store holds nothing */ }
  });
  document.addEventListener("htmx:configRequest", function (event) {
    if (csrf()) event.detail.headers["X-CSRFToken"] = csrf();
  });
  document.addEventListener("htmx:responseError", function (event) {
    var response = event.detail.xhr;
    if (response.status === 401) { sessionEnded(); return; }
    var holder = document.createElement("template");
    holder.innerHTML = response.responseText;
    var note = holder.content.querySelector("[data-error]");
    if (note) toast(note.textContent.trim(), "error");
  });

  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-dialog-close]")) event.target.closest("dialog").close();
    document.querySelectorAll("details.menu[open]").forEach(function (menu) {
      if (!menu.contains(event.target)) menu.open = false;
    });
    if (event.target.closest("[data-print]")) window.print();
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    document.querySelectorAll("details.menu[open]").forEach(function (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
    var drawer = document.getElementById("nav-open");
    if (drawer && drawer.checked) { drawer.checked = false; drawer.focus(); }
  });
  // Toolbars: a select or date marked so sends its form when changed (the form has a button for others).
  document.addEventListener("change", function (event) {
    var form = event.target.closest("form[data-send-on-change]");
    if (form) form.requestSubmit();
  });
})();
