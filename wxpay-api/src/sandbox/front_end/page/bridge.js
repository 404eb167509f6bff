// WeChat for an ordinary browser: WeixinJSBridge and wx, which pay at the sandbox that served this script.
//
//   <script src="http://localhost:8080/_sandbox/bridge.js"></script>
//
// Other origins cannot call the sandbox. So this script opens a frame of the sandbox itself over the page. The frame
// verifies the parameters, the user clicks in it, and it posts the result to this page.
(function () {
  "use strict";
  var script = document.currentScript;
  if (!script || !script.src || window.wxpaySandbox) { return; }
  var source = new URL(script.src);
  var sandbox = source.origin;
  var base = source.pathname.replace(/\/bridge\.js$/, "");
  var token = source.searchParams.get("token");
  var configured = {};

  // Opens the frame with one call, and gives the result to `done`: "ok", "cancel" or "fail", and a reason.
  function open(kind, appid, parameters, done) {
    var url = new URL(base + "/bridge", sandbox);
    url.searchParams.set("origin", window.location.origin);
    var language = document.documentElement.lang || navigator.language || "";
    if (language) { url.searchParams.set("lang", language); }
    if (token) { url.searchParams.set("token", token); }
    var veil = document.createElement("div");
    veil.style.cssText = "position:fixed;inset:0;z-index:2147483647;background:rgba(0,0,0,.5);" +
      "display:flex;align-items:flex-end;justify-content:center";
    var frame = document.createElement("iframe");
    frame.title = "WeChat Pay sandbox";
    frame.style.cssText = "border:0;width:100%;max-width:30rem;height:85%;max-height:44rem;" +
      "background:Canvas;border-radius:12px 12px 0 0";
    var finished = false;
    var loading = window.setTimeout(function () {
      finish("fail", "the sandbox's frame did not load; is this page's origin allowed?");
    }, 15000);
    function finish(result, reason) {
      if (finished) { return; }
      finished = true;
      window.clearTimeout(loading);
      window.removeEventListener("message", receive);
      veil.remove();
      done(result, reason || "");
    }
    function receive(event) {
      // Only the frame of the sandbox may answer.
      if (event.origin !== sandbox || event.source !== frame.contentWindow) { return; }
      var message = event.data || {};
      if (message.type === "wxpay-sandbox-ready") {
        window.clearTimeout(loading);
        frame.contentWindow.postMessage({
          type: "wxpay-sandbox-open", kind: kind, appid: appid || null, parameters: parameters
        }, sandbox);
      } else if (message.type === "wxpay-sandbox-result") {
        finish(message.result, message.reason);
      }
    }
    window.addEventListener("message", receive);
    frame.src = url.href;
    veil.appendChild(frame);
    document.body.appendChild(veil);
  }

  // Copies what can be posted: plain values, without callbacks.
  function plain(parameters, left) {
    var copy = {};
    Object.keys(parameters || {}).forEach(function (name) {
      if (typeof parameters[name] !== "function" && left.indexOf(name) < 0) { copy[name] = parameters[name]; }
    });
    return copy;
  }

  var KINDS = {
    getBrandWCPayRequest: "jsapi",
    requestPayment: "mini-program",
    chooseWXPay: "jsapi",
    requestMedicalInsurancePay: "medical-insurance",
    requestMerchantTransfer: "transfer",
    sendBizRedPacket: "red-packet",
    openBusinessView: null
  };

  // How WeixinJSBridge names a call in its result.
  function resultName(name) {
    return name === "getBrandWCPayRequest" ? "get_brand_wcpay_request" : name;
  }

  var bridge = {
    invoke: function (name, parameters, callback) {
      var reply = function (result, reason) {
        if (typeof callback !== "function") { return; }
        var answer = { err_msg: resultName(name) + ":" + result };
        if (reason) { answer.err_desc = reason; }
        callback(answer);
      };
      if (!Object.prototype.hasOwnProperty.call(KINDS, name)) {
        window.setTimeout(function () { reply("fail", "the sandbox has no " + name); }, 0);
        return;
      }
      open(KINDS[name], null, plain(parameters, []), reply);
    },
    call: function () {},
    on: function () {},
    log: function () {}
  };

  // A call of wx: success, fail, cancel and complete are functions among the parameters, or the call is a promise.
  function wxCall(name) {
    return function (parameters) {
      var given = parameters || {};
      var values = plain(given, []);
      var appid = configured.appId;
      if (name === "chooseWXPay") {
        if ("timestamp" in values && !("timeStamp" in values)) {
          values.timeStamp = values.timestamp;
          delete values.timestamp;
        }
        if (!values.appId && appid) { values.appId = appid; }
      }
      var wantsPromise = !given.success && !given.fail && !given.complete;
      var settle = {};
      var promise = wantsPromise ? new Promise(function (resolve, reject) {
        settle.resolve = resolve;
        settle.reject = reject;
      }) : undefined;
      open(KINDS[name], appid, values, function (result, reason) {
        var cancelled = name === "chooseWXPay" ? ":cancel" : ":fail cancel";
        var ending = { ok: ":ok", cancel: cancelled, fail: ":fail" + (reason ? " " + reason : "") }[result];
        var answer = { errMsg: name + (ending || ":fail") };
        if (result === "ok") {
          if (given.success) { given.success(answer); }
          if (settle.resolve) { settle.resolve(answer); }
        } else {
          if (result === "cancel" && name === "chooseWXPay" && given.cancel) { given.cancel(answer); }
          else if (given.fail) { given.fail(answer); }
          if (settle.reject) { settle.reject(answer); }
        }
        if (given.complete) { given.complete(answer); }
      });
      return promise;
    };
  }

  var wx = window.wx || {};
  wx.config = function (values) { configured = values || {}; };
  wx.ready = function (callback) { window.setTimeout(callback, 0); };
  wx.error = function () {};
  wx.checkJsApi = function (values) {
    var result = {};
    ((values || {}).jsApiList || []).forEach(function (name) { result[name] = typeof wx[name] === "function"; });
    var answer = { checkResult: result, errMsg: "checkJsApi:ok" };
    if (values && values.success) { window.setTimeout(function () { values.success(answer); }, 0); }
  };
  Object.keys(KINDS).forEach(function (name) {
    if (name !== "getBrandWCPayRequest") { wx[name] = wxCall(name); }
  });

  window.wx = wx;
  window.WeixinJSBridge = bridge;
  window.wxpaySandbox = { origin: sandbox };
  function ready() { document.dispatchEvent(new Event("WeixinJSBridgeReady")); }
  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", function () { window.setTimeout(ready, 0); });
  } else {
    window.setTimeout(ready, 0);
  }
})();
