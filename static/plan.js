// plan.js - the plan's page: lists are put in order in place, dragged with a pointer, and what others change shows
// while it is open. Everything works without it, by plain forms and reloading. No words in here, as in portal.js.
(function () {
  "use strict";
  var doc = document, main = doc.getElementById("main"), news = doc.getElementById("news"), htmx = window.htmx;
  if (!news || !htmx) { return; }
  function all(sel, at) { return Array.prototype.slice.call((at || doc).querySelectorAll(sel)); }

  // ---- The page as it was and as it is now: what differs is swapped, part by part.
  var own = false, left = 0, held = null, sent = null;
  var ITEM = /^(words|part|call|strength|mandate|need|goal|idea|rating|step)-\d+$/;
  function key(el) { return el.nodeType === 1 ? el.id || el.getAttribute("data-key") || "" : ""; }
  function kind(el) { return el.nodeName + (key(el) ? "#" + key(el) : "." + (el.className || "")); }
  function kids(el) {
    return Array.prototype.filter.call(el.childNodes, function (n) { return n.nodeType === 1 || n.nodeValue.trim(); });
  }
  function parts(el) { return el.nodeType === 1 && el.querySelector("[id], [data-key]"); }
  // Where somebody writes, or has the focus, nothing is touched; after one's own move the focus is put back.
  function busy(el) {
    var at = doc.activeElement;
    if (el.nodeType !== 1) { return false; }
    return el.matches(".editing") || el.querySelector(".editing") || (!own && at !== doc.body && el.contains(at));
  }
  function bring(fresh, isNew) {
    var node = doc.importNode(fresh, true);
    if (isNew && node.nodeType === 1) {
      (ITEM.test(node.id) ? [node] : all("[id]", node)).forEach(function (n) {
        if (ITEM.test(n.id)) { n.classList.add("is-new"); }
      });
    }
    return node;
  }
  function sync(old, fresh) {
    var isItem = ITEM.test(old.id), node;
    if (old.isEqualNode(fresh) || (old.nodeType === 1 && old.matches(".slot")) || (old.id === "agree" && left)) {
      return old;
    }
    if (busy(old) && (isItem || !parts(old))) { left += 1; return old; }
    if (isItem || !parts(old) || !parts(fresh)) {
      if (busy(old)) { left += 1; return old; }
      node = bring(fresh, old.textContent.trim() !== fresh.textContent.trim() && !own);
      old.replaceWith(node);
      if (node.nodeType === 1) { htmx.process(node); }
      return node;
    }
    var rest = kids(old), spot = rest[0] || null;
    kids(fresh).forEach(function (f) {
      var i = rest.findIndex(function (o) { return kind(o) === kind(f); }), node;
      if (i < 0) {
        node = old.insertBefore(bring(f, !own), spot);
        if (node.nodeType === 1) { htmx.process(node); }
        return;
      }
      var isNext = rest[i] === spot;
      node = sync(rest.splice(i, 1)[0], f);
      if (!isNext && !busy(node)) { old.insertBefore(node, spot); return; }
      spot = node.nextSibling;
      while (spot && rest.indexOf(spot) < 0) { spot = spot.nextSibling; }
    });
    rest.forEach(function (o) { if (busy(o)) { left += 1; } else { o.remove(); } });
    return old;
  }
  function apply(html, words) {
    var page = new DOMParser().parseFromString(html, "text/html"), now = page.getElementById("news"), line;
    var token = (doc.querySelector("main [name=csrfmiddlewaretoken]") || {}).value, last = all("#history [data-rev]")[0];
    if (!now) { return; }
    all("[name=csrfmiddlewaretoken]", page).forEach(function (f) { if (token) { f.setAttribute("value", token); } });
    all(".is-new").forEach(function (n) {
      n.classList.remove("is-new");
      if (!n.className) { n.removeAttribute("class"); }
    });
    line = words ? null : told(page, last ? +last.dataset.rev : 0);
    left = 0;
    var fresh = all("[data-live]", page);
    all("[data-live]").forEach(function (el, i) { sync(el, fresh[i]); });
    news.dataset.mark = now.dataset.mark;
    if (words || line) { say(words || line.words, line && line.place); }
  }
  // Who changed what last, unless it was this very person; the plan's order and answers have no line of their own.
  function told(page, before) {
    var rows = all("#history [data-rev]", page).filter(function (r) { return +r.dataset.rev > before; });
    var others = rows.filter(function (r) { return !("own" in r.dataset); })[0];
    if (rows.length && !others) { return null; }
    return others ? { words: others.dataset.told, place: others.dataset.place } : { words: news.dataset.changed };
  }
  function say(words, place) {
    var at = place && doc.getElementById(place), node = doc.createElement(at ? "a" : "span");
    node.textContent = words;
    if (at) { node.href = "#" + place; }
    news.replaceChildren(node);
  }

  // ---- Order: the buttons and the pointer send the list's own form, with the order that this page showed.
  function order(form, url, values, id) {
    sent = { id: id, up: values.up };
    htmx.ajax("POST", url, { source: form, swap: "none", values: values });
  }
  doc.addEventListener("submit", function (ev) {
    var b = ev.submitter;
    if (!b || !ev.target.matches("[data-order]")) { return; }
    ev.preventDefault();
    order(ev.target, b.getAttribute("formaction"), { up: b.value }, b.getAttribute("formaction"));
  });
  doc.addEventListener("htmx:beforeSwap", function (ev) {
    var id = sent && sent.id, page, up;
    if (!sent || ev.detail.xhr.status !== 200) { return; }
    ev.detail.shouldSwap = false;
    page = new DOMParser().parseFromString(ev.detail.xhr.responseText, "text/html");
    own = true;
    apply(ev.detail.xhr.responseText, all(".said .notice p", page)[0].textContent);
    own = false;
    up = all("[formaction='" + id + "']");
    up = up.filter(function (b) { return b.value === sent.up; })[0] || up[0];
    if (up) { up.focus(); up.scrollIntoView({ block: "nearest" }); }
  });
  doc.addEventListener("htmx:afterRequest", function () { sent = null; later(); });

  // ---- Dragging. The row follows the pointer at once, without any motion of its own.
  function rows(row) {
    return Array.prototype.filter.call(row.parentNode.children, function (r) { return r.dataset.row === row.dataset.row; });
  }
  function pk(row) { return key(row).split("-").pop(); }
  function drop(isOver) {
    var row = held && held.row, h = held, form, ids;
    if (!row) { return; }
    held = null;
    row.classList.remove("is-held");
    if (!row.className) { row.removeAttribute("class"); }
    ids = rows(row).map(pk);
    if (!isOver) { h.rows.forEach(function (r) { row.parentNode.insertBefore(r, h.after); }); }
    if (!isOver || ids.join() === h.rows.map(pk).join()) { return; }
    form = doc.getElementById(h.form);
    order(form, form.getAttribute("action"), { wanted: ids.join() }, h.move);
  }
  doc.addEventListener("pointerdown", function (ev) {
    var grip = ev.target.closest("[data-grip]"), row = grip && grip.closest("[data-row]"), button, list;
    if (!row || ev.button || held || sent) { return; }
    ev.preventDefault();
    button = grip.parentNode.querySelector("[formaction]");
    list = rows(row);
    held = { row: row, rows: list, after: list[list.length - 1].nextSibling, y: ev.clientY,
      form: button.getAttribute("form"), move: button.getAttribute("formaction") };
    row.classList.add("is-held");
  });
  doc.addEventListener("pointermove", function (ev) {
    var list, i, next, box, by;
    if (!held) { return; }
    by = ev.clientY - held.y;
    held.y = ev.clientY;
    list = rows(held.row);
    i = list.indexOf(held.row);
    next = by < 0 ? list[i - 1] : list[i + 1];
    if (ev.clientY < 80 || ev.clientY > innerHeight - 80) { scrollBy(0, ev.clientY < 80 ? -16 : 16); }
    if (!by || !next) { return; }
    box = next.getBoundingClientRect();
    if (by < 0 && ev.clientY < box.bottom - Math.min(box.height / 2, 40)) { next.before(held.row); }
    if (by > 0 && ev.clientY > box.top + Math.min(box.height / 2, 40)) { next.after(held.row); }
  });
  doc.addEventListener("pointerup", function () { drop(true); });
  doc.addEventListener("pointercancel", function () { drop(false); });
  doc.addEventListener("keydown", function (ev) { if (ev.key === "Escape") { drop(false); } });
  main.classList.add("drags");

  // ---- Watching: every 5 seconds while the page is in sight, less often when nobody moves or the line is bad.
  var EVERY = 5000, QUIET = 120000, MOST = 60000, acted = Date.now(), fails = 0, timer;
  ["pointerdown", "pointermove", "keydown", "scroll"].forEach(function (type) {
    addEventListener(type, function () { acted = Date.now(); }, { passive: true });
  });
  function later() {
    var wait = Math.min((Date.now() - acted > QUIET ? 3 : 1) * EVERY * Math.pow(2, fails), MOST);
    clearTimeout(timer);
    if (fails >= 0 && !doc.hidden) { timer = setTimeout(ask, wait); }
  }
  function ask() {
    if (held || sent || doc.hidden) { later(); return; }
    if (left && !busy(main)) { news.dataset.mark = ""; } // what was left as it was comes now
    // A redirect or a refusal means that this person may not read here any more: ask no longer.
    fetch(news.dataset.pulse + "?mark=" + news.dataset.mark, { credentials: "same-origin", redirect: "manual" })
      .then(function (r) {
        if (r.type === "opaqueredirect" || (r.status >= 400 && r.status < 500)) { fails = -1; return null; }
        if (!r.ok) { throw new Error(r.status); }
        fails = 0;
        return r.status === 200 ? r.text() : null;
      })
      .then(function (html) { if (html && !held && !sent) { apply(html); } })
      .catch(function () { fails = Math.min(fails + 1, 4); })
      .then(later);
  }
  doc.addEventListener("visibilitychange", function () { if (doc.hidden) { clearTimeout(timer); } else if (fails >= 0) { ask(); } });
  addEventListener("online", function () { if (fails > 0) { fails = 0; ask(); } });
  later();
}());
