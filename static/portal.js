// portal.js - small extras. Every page works without it. No words in here: texts come from the page, so they are translated.
(function () {
  "use strict";
  var doc = document, root = doc.documentElement;
  function all(sel, at) { return Array.prototype.slice.call((at || doc).querySelectorAll(sel)); }
  function token() { var f = doc.querySelector("[name=csrfmiddlewaretoken]"); return f ? f.value : ""; }

  // Leave this page: hide at once, go somewhere plain, and leave no Back step to this page.
  function leave(href) { root.hidden = true; doc.title = "Weather"; location.replace(href); }
  var exits = all("[data-exit]"), presses = 0, timer;
  exits.forEach(function (a) {
    a.addEventListener("click", function (ev) { ev.preventDefault(); leave(a.href); });
  });
  doc.addEventListener("keydown", function (ev) {
    if (ev.key !== "Escape" || !exits.length) { return; }
    clearTimeout(timer);
    timer = setTimeout(function () { presses = 0; }, 1500);
    presses += 1;
    if (presses === 3) { leave(exits[0].href); }
  });
  // A page restored by the Back button may be stale or private: ask the server again.
  addEventListener("pageshow", function (ev) { if (ev.persisted) { location.reload(); } });

  // After a form error, put the reader at the summary. Offer a passkey only where it can work.
  var sum = doc.querySelector("[data-focus]");
  if (sum) { sum.focus(); }
  if (window.PublicKeyCredential) { all("[data-passkey]").forEach(function (b) { b.hidden = false; }); }
  doc.addEventListener("click", function (ev) { if (ev.target.closest("[data-print]")) { window.print(); } });

  // Close an open menu when the reader clicks or moves focus elsewhere.
  ["click", "focusin"].forEach(function (type) {
    doc.addEventListener(type, function (ev) {
      all("details.acct[open]").forEach(function (d) { if (!d.contains(ev.target)) { d.open = false; } });
    });
  });
  // A link to a row opens the folded part it sits in.
  function unfold() {
    var t = location.hash.length > 1 && doc.getElementById(decodeURIComponent(location.hash.slice(1)));
    var d = t && t.closest("details");
    if (d && !d.open) { d.open = true; t.scrollIntoView(); }
  }
  addEventListener("hashchange", unfold);
  unfold();

  // ---- Drafts: <form data-draft> keeps on the server what is being typed. The server forgets it when the form is saved.
  // The draft belongs to the hidden field draft_path, else to the path in data-draft, else to this page.
  var DRAFTS = "/drafts/", WAIT = 1500, BEACON_MAX = 60000, drafts = new WeakMap();
  function words(form) {
    var body = new URLSearchParams(), to = form.getAttribute("data-draft"), own = form.elements.draft_path;
    new FormData(form).forEach(function (value, name) { if (typeof value === "string") { body.append(name, value); } });
    all("[type=password][name], [data-no-draft][name]", form).forEach(function (f) { body.delete(f.name); });
    body.set("path", own ? own.value : to && to !== DRAFTS ? to : location.pathname);
    body.set("csrfmiddlewaretoken", token());
    return body;
  }
  function tell(form, key) {
    all("[data-draft-status]", form).forEach(function (el) { el.textContent = el.getAttribute("data-" + key) || ""; });
  }
  function save(form, leaving) {
    var d = drafts.get(form);
    if (!d || d.sent || !d.dirty) { return Promise.resolve(); }
    clearTimeout(d.timer);
    var body = words(form);
    d.dirty = false;
    // A redirect means "signed out": that is not saved. keepalive lets the last words leave with a closing page.
    return fetch(DRAFTS, { method: "POST", body: body, credentials: "same-origin", redirect: "error",
      keepalive: !!leaving && body.toString().length < BEACON_MAX }).then(function (r) {
      if (!r.ok) { throw new Error(r.status); }
      seen();
      if (!d.dirty) { tell(form, "saved"); }
    }).catch(function () { d.dirty = true; tell(form, "failed"); });
  }
  function saveAll(leaving) {
    return Promise.all(all("form[data-draft]").map(function (f) { return save(f, leaving); }));
  }
  doc.addEventListener("input", function (ev) {
    var form = ev.target.closest("form[data-draft]"), d;
    if (!form) { return; }
    d = drafts.get(form) || {};
    drafts.set(form, d);
    d.dirty = true; d.sent = false;
    clearTimeout(d.timer);
    d.timer = setTimeout(function () { save(form); }, WAIT);
  });
  doc.addEventListener("submit", function (ev) {
    var d = drafts.get(ev.target);
    if (d) { d.sent = true; clearTimeout(d.timer); }
  });
  addEventListener("pagehide", function () { saveAll(true); });
  addEventListener("online", function () { saveAll(); });
  doc.addEventListener("visibilitychange", function () { if (doc.hidden) { saveAll(true); } else { tick(); } });

  // ---- Signing out after a quiet time. Tabs share only the time of the last answer from the server.
  var box = doc.getElementById("idle"), KEY = "seen", last = Date.now(), clock;
  function seen() {
    last = Date.now();
    try { localStorage.setItem(KEY, last); } catch (e) { /* private mode: this tab counts alone */ }
    tick();
  }
  function tick() {
    if (!box) { return; }
    try { last = Math.max(last, +localStorage.getItem(KEY) || 0); } catch (e) { /* as above */ }
    var end = last + box.dataset.idleSeconds * 1000, warn = end - box.dataset.warnSeconds * 1000, now = Date.now();
    clearTimeout(clock);
    box.hidden = now < warn;
    if (now >= end) {
      box = null;
      saveAll(true).then(function () { location.replace(doc.getElementById("idle").dataset.outUrl); });
      return;
    }
    clock = setTimeout(tick, Math.min((now < warn ? warn : end) - now, 60000));
  }
  if (box) {
    box.querySelector("form").addEventListener("submit", function (ev) {
      ev.preventDefault();
      fetch(box.dataset.stayUrl, { method: "POST", redirect: "error", credentials: "same-origin",
        body: new URLSearchParams({ csrfmiddlewaretoken: token() }) })
        .then(function (r) { if (!r.ok) { throw new Error(r.status); } seen(); })
        .catch(function () { location.reload(); });
    });
    addEventListener("storage", function (ev) { if (ev.key === KEY) { tick(); } });
    seen();
  }

  // ---- htmx: edit in place. Errors (422) are swapped in like answers, see the htmx-config line in base.html.
  function on(type, fn) { doc.addEventListener("htmx:" + type, fn); }
  on("configRequest", function (ev) { ev.detail.headers["X-CSRFToken"] = token(); });
  // What asks by itself (`recording.js`) is no sign that somebody is there, and does not move the reader.
  function polls(ev) {
    var by = ev.detail.requestConfig ? ev.detail.requestConfig.elt : ev.detail.elt;
    return by && by.matches("[data-poll]");
  }
  on("beforeSwap", function (ev) {
    if (polls(ev)) { return; }
    seen();
    if (doc.getElementById("trouble")) { doc.getElementById("trouble").hidden = true; }
  });
  ["sendError", "responseError", "timeout"].forEach(function (type) {
    on(type, function (ev) {
      if (polls(ev)) { return; }
      var box = doc.getElementById("trouble"), d = drafts.get(ev.detail.elt);
      if (d) { d.sent = false; d.dirty = true; saveAll(); }
      if (box) { box.hidden = false; box.focus(); }
    });
  });
  // The reader stays where the change is: first error, else first field, else the saved item itself.
  on("afterSettle", function (ev) {
    if (polls(ev)) { return; }
    var el = ev.detail.elt, form = el.matches("form") ? el : el.querySelector("form.editing");
    var to = el.querySelector("[data-focus], [aria-invalid=true]")
      || (form && form.querySelector("input:not([type=hidden]), textarea, select")) || el;
    if (to === el) { el.setAttribute("tabindex", "-1"); }
    to.focus();
    to.scrollIntoView({ block: "nearest" }); // not under the bars that stay in place
  });
}());
