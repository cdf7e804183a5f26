/* Puts right in Swagger UI what hinders a reader by keyboard or by ear: a link inside a button, skipped headings,
   and a part without a name. */
(function () {
  "use strict";
  var root = document.getElementById("swagger-ui");
  function mend() {
    // The button opens the operation; the link inside it would be a second stop that does the same.
    root.querySelectorAll("button a[href]").forEach(function (link) { link.removeAttribute("href"); });
    root.querySelectorAll("h3.opblock-tag, .models h4").forEach(function (one) { one.setAttribute("aria-level", "2"); });
    root.querySelectorAll(".information-container").forEach(function (one) {
      one.setAttribute("role", "region");
      one.setAttribute("aria-label", document.title);
    });
  }
  new MutationObserver(mend).observe(root, { childList: true, subtree: true });
})();
