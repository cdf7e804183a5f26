/* Files shown on the page: a link marked data-preview="image|frame" opens in the dialog; without this script, the browser
   opens the link itself. Arrows go to the neighbours within the same list. */
(function () {
  "use strict";
  var dialog = document.getElementById("preview");
  if (!dialog || !dialog.showModal) return;
  var body = dialog.querySelector("[data-preview-body]"), links = [], at = 0;

  function show(index) {
    at = index;
    var link = links[at], name = link.dataset.name || link.textContent.trim(), shown;
    if (link.dataset.preview === "image") {
      shown = document.createElement("img");
      shown.alt = name;
    } else {
      shown = document.createElement("iframe");
      shown.title = name;
    }
    shown.src = link.href;
    body.replaceChildren(shown);
    dialog.querySelector("[data-preview-name]").textContent = name;
    dialog.querySelector("[data-preview-new]").href = link.href;
    dialog.querySelector("[data-preview-get]").href = link.href + "?download";
    dialog.querySelectorAll("[data-preview-step]").forEach(function (button) {
      button.hidden = links.length < 2;
      button.disabled = !links[at + Number(button.dataset.previewStep)];
    });
  }

  document.addEventListener("click", function (event) {
    var link = event.target.closest("a[data-preview]");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
      event.preventDefault();
      links = Array.from((link.closest("ul, ol, table") || link.parentNode).querySelectorAll("a[data-preview]"));
      show(links.indexOf(link));
      if (!dialog.open) dialog.showModal();
      return;
    }
    var step = event.target.closest("[data-preview-step]");
    if (step) show(at + Number(step.dataset.previewStep));
    else if (event.target === dialog) dialog.close();  // beside the dialog
  });
  dialog.addEventListener("keydown", function (event) {
    var by = event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : 0;
    if (by && links[at + by]) { show(at + by); event.preventDefault(); }
  });
  dialog.addEventListener("close", function () { body.replaceChildren(); });
})();
