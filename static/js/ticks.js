/* Ticking a unit chooses "the ticked ones", and another choice takes the ticks away: form[data-ticks] names the radio,
   data-ticks-value its value. Without a script the server asks instead of guessing. */
(function () {
  "use strict";
  document.addEventListener("change", function (event) {
    var form = event.target.closest("form[data-ticks]");
    if (!form) return;
    var name = form.dataset.ticks, value = form.dataset.ticksValue;
    if (event.target.type === "checkbox" && event.target.checked) {
      form.querySelector('input[name="' + name + '"][value="' + value + '"]').checked = true;
    } else if (event.target.name === name && event.target.value !== value) {
      form.querySelectorAll("input[type=checkbox]").forEach(function (box) { box.checked = false; });
    }
  });
})();
