// What both pages need: the language, requests, and states as words.
"use strict";

const chinese = navigator.language.toLowerCase().startsWith("zh");
document.documentElement.lang = chinese ? "zh-CN" : "en";

const say = (zh, en) => (chinese ? zh : en);

// Replaces the Chinese texts of the page by their English ones.
document.addEventListener("DOMContentLoaded", () => {
  if (chinese) return;
  document.querySelectorAll("[data-en]").forEach((it) => { it.textContent = it.dataset.en; });
  document.title = document.querySelector("h1").textContent;
});

const STATES = {
  unpaid: ["待支付", "unpaid", ""],
  paid: ["已支付", "paid", "good"],
  closed: ["已关闭", "closed", ""],
  requested: ["已申请", "requested", ""],
  processing: ["退款处理中", "on its way", ""],
  succeeded: ["退款成功", "refunded", "good"],
  abnormal: ["退款异常", "abnormal", "bad"],
};

function state(name, isRefund) {
  const [zh, en, style] = STATES[name] || [name, name, ""];
  const word = isRefund && name === "closed" ? say("退款关闭", "closed") : say(zh, en);
  const shown = element("strong", word, style);
  shown.dataset.state = name;
  return shown;
}

const yuan = (fen) => `¥${(fen / 100).toFixed(2)}`;

function element(name, content, style) {
  const made = document.createElement(name);
  made.append(...[content].flat());
  if (style) made.className = style;
  return made;
}

// Sends JSON, and returns that of the response.
async function send(method, path, body) {
  const response = await fetch(path, {
    method,
    headers: { "Content-Type": "application/json" },
    body: body && JSON.stringify(body),
  });
  const text = await response.text();
  const value = text ? JSON.parse(text) : {};
  if (!response.ok) throw new Error(value.error);
  return value;
}

// A button that waits for its work, and shows in `state` why it failed.
function button(text, work, style) {
  const made = element("button", text, style);
  made.onclick = async () => {
    made.disabled = true;
    try {
      await work();
    } catch (error) {
      document.getElementById("state").textContent = error.message;
    } finally {
      made.disabled = false;
    }
  };
  return made;
}
