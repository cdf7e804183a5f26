/* Ticking a unit chooses "the ticked ones" by itself: form[data-ticks] names the radio, data-ticks-value its value. */
(function () {
  "use strict";
  document.addEventListener("change", function (event) {
    if (event.target.type !== "checkbox") return;
    var form = event.target.closest("form[data-ticks]");
    if (!form || !event.target.checked) return;
    var radio = form.querySelector('input[name="' + form.dataset.ticks + '"][value="' + form.dataset.ticksValue + '"]');
    if (radio) radio.checked = true;
  });
})();
