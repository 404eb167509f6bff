// The sandbox's frame over a shop's page. It has the sandbox's own origin, so it may call the control surface. The shop's
// page only gives parameters and gets a result; what happens between is the user's click.
(function () {
  "use strict";
  var query = new URLSearchParams(window.location.search);
  var shop = query.get("origin");
  var token = query.get("token");
  var base = window.location.pathname.replace(/\/bridge$/, "");
  var opened = null;
  if (!shop || window.parent === window) { return; }

  function byId(id) { return document.getElementById(id); }

  function post(path, body) {
    var headers = { "Content-Type": "application/json" };
    if (token) { headers.Authorization = "Bearer " + token; }
    var options = { method: "POST", headers: headers, body: JSON.stringify(body), credentials: "same-origin" };
    return fetch(base + path, options).then(function (response) {
      return response.json().then(function (json) { return { ok: response.ok, json: json }; });
    });
  }

  function finish(result, reason) {
    window.parent.postMessage({ type: "wxpay-sandbox-result", result: result, reason: reason || "" }, shop);
  }

  function show(id) {
    ["wait", "order", "refused"].forEach(function (other) { byId(other).hidden = other !== id; });
  }

  function showOrder(verified) {
    var resource = verified.resource || {};
    var amount = verified.amount;
    byId("amount").textContent = typeof amount === "number" ? "¥" + (amount / 100).toFixed(2) : "";
    byId("merchant").textContent = verified.account || "";
    var keys = resource.keys || {};
    byId("number").textContent = keys[Object.keys(keys)[0]] || "";
    byId("description").textContent = verified.description || verified.kind || "";
    byId("state").textContent = [resource.state, resource.state_title].filter(Boolean).join(" ");
    show("order");
  }

  // Text from outside only ever becomes text.
  function showRefused(error) {
    var detail = error.detail || {};
    var problems = detail.problems || [{ member: error.code || "", issue: error.message || "" }];
    var list = byId("problems");
    list.textContent = "";
    problems.forEach(function (problem) {
      var item = document.createElement("li");
      var member = document.createElement("code");
      member.textContent = problem.member;
      item.appendChild(member);
      item.appendChild(document.createTextNode(" " + problem.issue));
      list.appendChild(item);
    });
    byId("signed").hidden = !detail.signed_message;
    byId("message").textContent = detail.signed_message || "";
    opened = { reason: error.message || "" };
    show("refused");
  }

  function failed(error) { showRefused({ message: String(error) }); }

  window.addEventListener("message", function (event) {
    if (event.origin !== shop || event.source !== window.parent || opened) { return; }
    var message = event.data || {};
    if (message.type !== "wxpay-sandbox-open") { return; }
    var body = { parameters: message.parameters };
    if (message.kind) { body.kind = message.kind; }
    if (message.appid) { body.appid = message.appid; }
    opened = { body: body };
    post("/front-end/verify", body).then(function (answer) {
      if (answer.ok) { showOrder(answer.json); } else { showRefused(answer.json); }
    }).catch(failed);
  });

  document.addEventListener("click", function (event) {
    var action = event.target && event.target.getAttribute && event.target.getAttribute("data-do");
    if (!action || !opened) { return; }
    if (action === "close") { finish("fail", opened.reason); return; }
    if (action === "cancel") { finish("cancel"); return; }
    var body = Object.assign({ action: action }, opened.body);
    post("/front-end/pay", body).then(function (answer) {
      if (!answer.ok) { showRefused(answer.json); return; }
      finish(action === "pay" ? "ok" : "fail", action === "pay" ? "" : "the user's payment failed");
    }).catch(failed);
  });

  window.parent.postMessage({ type: "wxpay-sandbox-ready" }, shop);
})();
