// What the pages do beyond HTML: lists that grow while they are looked at, copying, and fields that a choice needs.
// Everything works without it, by reloading.
(function () {
  "use strict";
  var PAUSE = 1500;
  var LONGEST_PAUSE = 15000;
  var MOST_ROWS = 500;

  function all(selector) { return Array.prototype.slice.call(document.querySelectorAll(selector)); }

  function parse(html) {
    // The server has escaped all values. A template does not load or run anything.
    var template = document.createElement("template");
    template.innerHTML = html;
    return template.content;
  }

  function fetchText(url) {
    return fetch(url, { credentials: "same-origin", cache: "no-store" }).then(function (response) {
      if (!response.ok) { throw new Error(String(response.status)); }
      return response.text().then(function (text) {
        return { text: text, last: response.headers.get("page-last") };
      });
    });
  }

  // Puts new rows on top of a list.
  function growing(body) {
    var url = body.getAttribute("data-rows");
    var after = Number(body.getAttribute("data-after"));
    return function () {
      var separator = url.indexOf("?") < 0 ? "?" : "&";
      return fetchText(url + separator + "after=" + after).then(function (answer) {
        var last = Number(answer.last);
        // The sandbox has forgotten everything.
        if (last < after) { window.location.reload(); return; }
        after = last;
        var rows = parse(answer.text);
        if (!rows.querySelector("tr")) { return; }
        all("[data-empty]").forEach(function (element) { element.hidden = true; });
        all("[data-filled]").forEach(function (element) { element.hidden = false; });
        Array.prototype.forEach.call(rows.querySelectorAll("tr"), function (row) { row.classList.add("new"); });
        body.insertBefore(rows, body.firstChild);
        while (body.rows.length > MOST_ROWS) { body.deleteRow(-1); }
      });
    };
  }

  // Replaces a part of the page when the server writes it differently, unless somebody works in it.
  function changing(part) {
    var url = part.getAttribute("data-live");
    var written = null;
    return function () {
      return fetchText(url).then(function (answer) {
        // What the page came with may be old by now, so the first answer always counts.
        if (answer.text === written || isInUse(part)) { return; }
        written = answer.text;
        part.replaceChildren(parse(answer.text));
      });
    };
  }

  function isInUse(part) {
    var active = document.activeElement;
    var edits = active && part.contains(active) && active !== part;
    return Boolean(edits || part.querySelector("details[open]") || selects(part));
  }

  function selects(part) {
    var selection = window.getSelection();
    return selection && !selection.isCollapsed && part.contains(selection.anchorNode);
  }

  function poll(tasks) {
    var pause = PAUSE;
    var message = document.querySelector("[data-connection]");
    function again() { window.setTimeout(round, pause); }
    function round() {
      if (document.hidden) { again(); return; }
      Promise.all(tasks.map(function (task) { return task(); })).then(function () {
        pause = PAUSE;
        if (message) { message.hidden = true; }
      }).catch(function () {
        pause = Math.min(pause * 2, LONGEST_PAUSE);
        if (message) { message.hidden = false; }
      }).then(again);
    }
    all("[data-live-mark]").forEach(function (mark) { mark.hidden = false; });
    round();
  }

  // Shows the fields that the chosen fault takes.
  function choices(select) {
    var fields = Array.prototype.slice.call(select.form.querySelectorAll("[data-of]"));
    function show() {
      fields.forEach(function (field) {
        var isTaken = field.getAttribute("data-of").split(" ").indexOf(select.value) >= 0;
        field.hidden = !isTaken;
        field.querySelector("input").disabled = !isTaken;
      });
    }
    select.addEventListener("change", show);
    show();
  }

  // Browsers offer the clipboard to secure pages alone: https, and this machine.
  function copying(button) {
    if (!navigator.clipboard) { return; }
    button.hidden = false;
    button.addEventListener("click", function () {
      var source = document.getElementById(button.getAttribute("data-copy"));
      navigator.clipboard.writeText(source.textContent).then(function () { button.classList.add("is-done"); });
    });
  }

  // On a phone, the entries of the navigation are a row that may be wider than the window.
  all(".side [aria-current]").forEach(function (entry) {
    entry.scrollIntoView({ block: "nearest", inline: "center" });
  });
  all("[data-chooses]").forEach(choices);
  all("[data-copy]").forEach(copying);
  var tasks = all("[data-rows]").map(growing).concat(all("[data-live]").map(changing));
  if (tasks.length > 0) { poll(tasks); }
})();
