// recording.js - the page on which a meeting is written down: what others write comes in by itself, and no form that is
// typed in is touched. Everything works without it. No words in here, as in portal.js.
(function () {
  "use strict";
  var doc = document, missed = false;
  function on(type, fn) { doc.addEventListener("htmx:" + type, fn); }
  on("beforeRequest", function (ev) {
    if (doc.hidden && ev.detail.elt.matches("[data-poll]")) { ev.preventDefault(); }
  });
  // A list that could not be shown is asked for again.
  on("configRequest", function (ev) {
    if (missed && ev.detail.elt.matches("[data-poll]")) { ev.detail.parameters.seen = ""; missed = false; }
  });
  on("oobBeforeSwap", function (ev) {
    var old = ev.detail.target;
    if (old.contains(doc.activeElement) || old.querySelector("form.editing")) { ev.detail.shouldSwap = false; missed = true; }
  });
}());
