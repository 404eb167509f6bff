//! The texts of the pages in Chinese and English.

/// The texts of one language.
#[derive(Debug)]
pub(super) struct Texts {
    pub(super) language: &'static str,
    pub(super) title: &'static str,
    pub(super) sandbox: &'static str,
    pub(super) merchant: &'static str,
    pub(super) number: &'static str,
    pub(super) description: &'static str,
    pub(super) state: &'static str,
    pub(super) kind: &'static str,
    pub(super) pay: &'static str,
    pub(super) fail: &'static str,
    pub(super) cancel: &'static str,
    pub(super) paid: &'static str,
    pub(super) failed: &'static str,
    pub(super) cancelled: &'static str,
    pub(super) return_to_shop: &'static str,
    pub(super) refused: &'static str,
    pub(super) must_sign: &'static str,
    pub(super) failure: &'static str,
    pub(super) not_payable: &'static str,
    pub(super) unknown: &'static str,
    pub(super) token: &'static str,
    pub(super) token_needed: &'static str,
    pub(super) go_on: &'static str,
    pub(super) wait: &'static str,
    pub(super) close: &'static str,
}

impl Texts {
    /// Chooses by the page's own parameter, else by what the browser prefers.
    pub(super) fn choose(wanted: Option<&str>, accepted: &str) -> &'static Self {
        let first = accepted.split(',').next().unwrap_or_default().trim();
        let language = wanted.unwrap_or(first);
        if language.to_ascii_lowercase().starts_with("en") { &ENGLISH } else { &CHINESE }
    }
}

const CHINESE: Texts = Texts {
    language: "zh-CN",
    title: "微信支付沙箱",
    sandbox: "沙箱：不涉及真实资金。",
    merchant: "商户号",
    number: "商户订单号",
    description: "商品",
    state: "状态",
    kind: "类型",
    pay: "确认支付",
    fail: "支付失败",
    cancel: "取消",
    paid: "已支付。",
    failed: "支付失败，订单仍可支付。",
    cancelled: "已取消，订单仍可支付。",
    return_to_shop: "返回商家",
    refused: "微信会拒绝这些参数",
    must_sign: "应签名的内容：",
    failure: "无法完成",
    not_payable: "该订单当前不能支付。",
    unknown: "沙箱没有这笔订单的记录，只校验了参数。",
    token: "令牌",
    token_needed: "此沙箱监听的不是本机回环地址，请输入启动时打印的令牌。",
    go_on: "继续",
    wait: "正在校验参数……",
    close: "关闭",
};

const ENGLISH: Texts = Texts {
    language: "en",
    title: "WeChat Pay sandbox",
    sandbox: "Sandbox: no real money moves.",
    merchant: "Merchant",
    number: "Order number",
    description: "Goods",
    state: "State",
    kind: "Kind",
    pay: "Pay",
    fail: "Fail",
    cancel: "Cancel",
    paid: "Paid.",
    failed: "The payment failed. The order can still be paid.",
    cancelled: "Cancelled. The order can still be paid.",
    return_to_shop: "Return to the shop",
    refused: "WeChat would refuse these parameters",
    must_sign: "To be signed:",
    failure: "This did not work",
    not_payable: "The order cannot be paid now.",
    unknown: "The sandbox does not remember this order. It verified the parameters alone.",
    token: "Token",
    token_needed: "This sandbox listens on other than loopback. Enter the token that was printed when it started.",
    go_on: "Continue",
    wait: "Verifying the parameters …",
    close: "Close",
};
