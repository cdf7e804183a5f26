/* Draws the charts of a page: figure[data-chart] names the address of a Vega-Lite specification, the table beside it says
   the same in numbers. The theme's own colours are laid over those of the specification; the content policy allows no
   eval, so Vega's expressions are interpreted (ast). */
(function () {
  "use strict";
  function ink(name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); }

  // The portal's inks (mongcai_portal/common/charts.py), and what the theme calls them.
  var INKS = {
    "#0b5d4e": "--brand", "#a86a10": "--part-mark", "#4a5764": "--none", "#b3382c": "--unmet-mark",
    "#c3cdd6": "--line-strong", "#ffffff": "--surface"
  };

  function inked(part) {
    if (typeof part === "string") return INKS[part] ? ink(INKS[part]) || part : part;
    if (part && typeof part === "object") Object.keys(part).forEach(function (key) { part[key] = inked(part[key]); });
    return part;
  }

  function dressed(spec, width) {
    inked(spec.encoding);
    inked(spec.layer);
    spec.title = undefined; // the page has it as a heading
    spec.background = "transparent";
    spec.width = width;
    // Bars one below the other keep their height; everything else is lower on a narrow page.
    if (typeof spec.height === "number") spec.height = Math.min(spec.height, width < 480 ? 240 : 280);
    var config = spec.config, muted = ink("--muted"), line = ink("--line"), text = ink("--ink");
    config.font = ink("--font") || config.font;
    config.axis = Object.assign({}, config.axis, { labelColor: muted, titleColor: muted, domainColor: line, tickColor: line, gridColor: line });
    config.legend = Object.assign({}, config.legend, { labelColor: text, columns: width < 480 ? 1 : 0 });
    config.text = Object.assign({}, config.text, { color: text });
    return spec;
  }

  function draw(figure, text) {
    var place = figure.querySelector(".chart-place");
    return window.vegaEmbed(place, dressed(JSON.parse(text), place.clientWidth), {
      mode: "vega-lite", ast: true, actions: false, renderer: "svg", defaultStyle: false,
      tooltip: { disableDefaultStyle: true }
    }).then(function () { figure.classList.add("is-drawn"); });
  }

  document.querySelectorAll("figure[data-chart]").forEach(function (figure) {
    fetch(figure.dataset.chart, { headers: { Accept: "application/json" } }).then(function (answer) {
      if (!answer.ok) throw new Error(answer.status);
      return answer.text();
    }).then(function (text) {
      var width = 0, waiting = 0;
      function again() {
        var now = figure.querySelector(".chart-place").clientWidth;
        if (now && now !== width) { width = now; draw(figure, text); }
      }
      again();
      window.addEventListener("resize", function () { clearTimeout(waiting); waiting = setTimeout(again, 200); });
      new MutationObserver(function () { draw(figure, text); })
        .observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme", "data-bs-theme"] });
    }).catch(function () { figure.classList.add("is-missing"); });
  });
})();
