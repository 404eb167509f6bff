//! The story of an order: its chapters, in both languages, as text and as JSON.

use serde_json::{Value, json};

use super::merchant::Record;
use crate::language::Language;
use crate::output::{Failure, Output, style};

/// What happens to the order, in this sequence.
#[derive(Clone, Copy, Debug)]
pub(super) enum Chapter {
    Order,
    Pay,
    PaymentNotified,
    Query,
    Refund,
    RefundNotified,
    Bill,
}

impl Chapter {
    /// The name for programs, and the title and the text in English and Chinese.
    fn texts(self) -> (&'static str, [&'static str; 2], [&'static str; 2]) {
        match self {
            Self::Order => (
                "order",
                ["Order", "下单"],
                [
                    "The shop creates an order: POST /v3/pay/transactions/jsapi, signed; the response is verified.",
                    "商户下单：POST /v3/pay/transactions/jsapi，请求已签名，应答已验签。",
                ],
            ),
            Self::Pay => (
                "pay",
                ["Pay", "支付"],
                [
                    "The shop signs what its page passes to WeChat. WeChat Pay verifies it, and the user pays.",
                    "商户对页面调起支付的参数签名，微信支付验签，用户付款。",
                ],
            ),
            Self::PaymentNotified => (
                "payment-notified",
                ["Notification", "支付通知"],
                [
                    "WeChat Pay notifies the shop, which verifies the signature, decrypts it and compares it with the order.",
                    "微信支付通知商户；商户验签、解密，并与自己的订单核对。",
                ],
            ),
            Self::Query => (
                "query",
                ["Query", "查单"],
                [
                    "Notifications may be lost, so the shop can ask: GET /v3/pay/transactions/out-trade-no/order-1.",
                    "通知可能丢失，所以商户也会查单：GET /v3/pay/transactions/out-trade-no/order-1。",
                ],
            ),
            Self::Refund => (
                "refund",
                ["Refund", "退款"],
                [
                    "The shop refunds a part. Its own number makes a retry harmless: POST /v3/refund/domestic/refunds.",
                    "商户部分退款，退款单号使重试不会重复退款：POST /v3/refund/domestic/refunds。",
                ],
            ),
            Self::RefundNotified => (
                "refund-notified",
                ["Notification", "退款通知"],
                [
                    "The money is back. WeChat Pay notifies the shop, which compares it with the refund.",
                    "退款到账，微信支付通知商户，商户与退款单核对。",
                ],
            ),
            Self::Bill => (
                "bill",
                ["Bill", "对账单"],
                [
                    "The next day, the bill has the payment and the refund. Its digest is the announced one.",
                    "第二天的交易账单里有这笔支付和退款，文件摘要与接口返回的一致。",
                ],
            ),
        }
    }
}

/// Tells the story while it happens.
pub(super) struct Story<'a> {
    output: &'a mut Output,
    language: Language,
    url: String,
    steps: Vec<Value>,
}

impl<'a> Story<'a> {
    pub(super) fn begin(
        output: &'a mut Output,
        language: Language,
        url: &str,
    ) -> Result<Self, Failure> {
        let text = language.pick(
            "微信支付由本机沙箱扮演，不涉及真实资金。",
            "WeChat Pay is a sandbox on this machine. No money moves.",
        );
        let (strong, faint) = (style::STRONG, style::FAINT);
        output.line(format_args!("{strong}{text}{strong:#} {faint}{url}{faint:#}"))?;
        Ok(Self { output, language, url: url.to_owned(), steps: Vec::new() })
    }

    /// Tells a chapter: its title, what happened, and some values.
    pub(super) fn tell(
        &mut self,
        chapter: Chapter,
        values: Value,
        shown: &[(&str, &str)],
    ) -> Result<(), Failure> {
        let (name, [title, title_zh], [text, text_zh]) = chapter.texts();
        let title = self.language.pick(title_zh, title);
        let text = self.language.pick(text_zh, text);
        self.steps.push(json!({ "step": name, "text": text, "values": values }));
        let (good, number) = (style::GOOD, self.steps.len());
        self.output.line("")?;
        self.output.line(format_args!("{good}{number} {title}{good:#}  {text}"))?;
        shown.iter().try_for_each(|(name, value)| self.line(&format!("{name}: {value}")))
    }

    /// Tells what a notification carried.
    pub(super) fn tell_notification(
        &mut self,
        chapter: Chapter,
        record: &Record,
    ) -> Result<(), Failure> {
        let values = json!({
            "event_type": record.event_type,
            "id": record.id,
            "key_id": record.key_id,
            "number": record.number,
            "success": record.success,
        });
        let matches = self.language.pick("与订单一致", "the same as in the order");
        let shown = [
            ("event_type", record.event_type.as_str()),
            ("Wechatpay-Serial", &record.key_id),
            (record.number_name, &record.number),
            ("amount", matches),
        ];
        self.tell(chapter, values, &shown)
    }

    /// Adds a line below a chapter.
    pub(super) fn line(&mut self, line: &str) -> Result<(), Failure> {
        let faint = style::FAINT;
        Ok(self.output.line(format_args!("    {faint}{line}{faint:#}"))?)
    }

    /// Ends with what to try next.
    pub(super) fn end(self) -> Result<(), Failure> {
        let Self { output, language, url, steps } = self;
        output.value(&json!({ "sandbox": url, "steps": steps }))?;
        let strong = style::STRONG;
        let next = language.pick("接下来可以试试", "Try next");
        output.line(format_args!("\n{strong}{next}:{strong:#}"))?;
        for (command, english, chinese) in NEXT {
            let what = language.pick(chinese, english);
            output.line(format_args!("  {command}\n      {what}"))?;
        }
        Ok(())
    }
}

/// Commands to try next, with what they do.
const NEXT: [(&str, &str, &str); 3] = [
    (
        "cargo run -p wxpay-examples --example shop -- serve",
        "the same in a browser: a shop with its code to read, where you pay",
        "在浏览器里看同样的流程：一个完整的示例商店，由你来付款",
    ),
    (
        "cargo install --path wxpay-api/cli && wxpay sandbox",
        "a WeChat Pay for your own service, in any language, that remembers",
        "给你自己的服务用的微信支付沙箱，任何语言都行，数据会保存",
    ),
    (
        "wxpay --help",
        "calls, bills, notifications, certificates: docs/cli.md",
        "调用接口、账单、通知、证书：见 docs/cli.zh-CN.md",
    ),
];

/// Writes an amount of fen in yuan.
pub(super) fn yuan(fen: i64) -> String {
    format!("{}.{:02} CNY", fen / 100, fen % 100)
}

/// Returns the beginning of a signature: nobody reads the rest.
pub(super) fn shortened(signature: &str) -> String {
    signature.chars().take(16).chain(['…']).collect()
}
