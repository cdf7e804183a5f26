/* Verification: a reason marks its row as returned, choosing "return" asks for the reason; nothing chosen is lost. */
(function () {
  "use strict";
  var form = document.getElementById("verify");
  if (!form) return;
  var changed = false, sent = false;
  form.addEventListener("input", function (event) {
    if (event.target.form !== form) return;  // a remark in an opened thread is sent by itself
    changed = true;
    if (!event.target.matches(".reason") || !event.target.value.trim()) return;
    var back = event.target.closest(".decide").querySelector('input[value="return"]');
    if (back) back.checked = true;
  });
  form.addEventListener("change", function (event) {
    changed = true;
    if (event.target.type !== "radio" || event.target.value !== "return") return;
    var reason = event.target.closest(".decide").querySelector(".reason");
    if (reason) reason.focus();
  });
  // Enter in a reason goes on to the next one instead of sending the form half-done.
  form.addEventListener("keydown", function (event) {
    if (event.key !== "Enter" || !event.target.matches(".reason")) return;
    event.preventDefault();
    var all = Array.from(form.querySelectorAll(".reason")), next = all[all.indexOf(event.target) + 1];
    if (next) next.focus();
  });
  form.addEventListener("submit", function () { sent = true; });
  window.addEventListener("beforeunload", function (event) {
    if (changed && !sent) { event.preventDefault(); event.returnValue = ""; }
  });
})();
