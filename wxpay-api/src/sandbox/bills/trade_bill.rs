//! The trade bill (交易账单): a row for each payment and each refund.

use super::movement::{Movement, MovementKind, RATE, bill_time};
use super::table::{BillText, Yuan};
use crate::sandbox::lifecycle::world::{LedgerView, Moment};

/// The columns that a `bill_type` has.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum TradeForm {
    All,
    Success,
    Refund,
}

/// What a trade bill is to hold.
#[derive(Debug)]
pub(super) struct LedgerTradeBill<'a> {
    pub(super) form: TradeForm,
    pub(super) date: &'a str,
    /// The merchant that asks: a direct merchant, a partner or a sub-merchant.
    pub(super) mchid: &'a str,
    pub(super) sub_mchid: Option<&'a str>,
    /// When the bill is made. What becomes of a refund later is not in it.
    pub(super) made: Moment,
}

/// Counts and sums in fen.
#[derive(Clone, Copy, Debug, Default)]
struct TradeTotals {
    rows: u64,
    ordered: i64,
    refunded: i64,
    refunded_coupons: i64,
    fees: i64,
}

impl TradeForm {
    /// Returns whether bills of this type have rows of this kind.
    fn has(self, kind: MovementKind) -> bool {
        match kind {
            MovementKind::Payment => self != Self::Refund,
            MovementKind::Refund | MovementKind::Reversal => self != Self::Success,
            _ => false,
        }
    }

    fn names(self) -> Vec<&'static str> {
        let mut names = vec![
            "交易时间",
            "公众账号ID",
            "商户号",
            "特约商户号",
            "设备号",
            "微信订单号",
            "商户订单号",
            "用户标识",
            "交易类型",
            "交易状态",
            "付款银行",
            "货币种类",
            "应结订单金额",
            "代金券金额",
        ];
        if self == Self::Refund {
            names.extend(["退款申请时间", "退款成功时间"]);
        }
        if self != Self::Success {
            let refund = [
                "微信退款单号",
                "商户退款单号",
                "退款金额",
                "充值券退款金额",
                "退款类型",
                "退款状态",
            ];
            names.extend(refund);
        }
        names.extend(["商品名称", "商户数据包", "手续费", "费率", "订单金额"]);
        if self != Self::Success {
            names.push("申请退款金额");
        }
        names.push("费率备注");
        names
    }
}

impl LedgerTradeBill<'_> {
    /// Writes the bill; `None` if it would have no row.
    pub(super) fn write(&self, ledger: LedgerView<'_>, all: &[Movement<'_>]) -> Option<String> {
        let mut text = BillText::new(&self.form.names());
        let mut totals = TradeTotals::default();
        for movement in all.iter().copied().filter(|movement| self.holds(*movement)) {
            text.row(&self.row(ledger, movement));
            totals.add(movement);
        }
        (totals.rows > 0).then(|| text.summary(&Self::summary(totals)))
    }

    fn holds(&self, movement: Movement<'_>) -> bool {
        let (owner, sub_mchid) = (movement.entry.owner.as_str(), movement.sub_mchid());
        movement.is_on(self.date)
            && self.form.has(movement.kind)
            && [owner, movement.mchid(), sub_mchid].contains(&self.mchid)
            && self.sub_mchid.is_none_or(|wanted| wanted == sub_mchid)
    }

    fn row(&self, ledger: LedgerView<'_>, movement: Movement<'_>) -> Vec<String> {
        let Movement { kind, entry, fee } = movement;
        let is_payment = kind == MovementKind::Payment;
        // The columns of a payment are zero in the row of a refund, and the reverse.
        let of_payment = |fen: i64| Yuan(if is_payment { fen } else { 0 }).to_string();
        let of_refund =
            |fen: i64| Yuan(if is_payment { 0 } else { fen.saturating_neg() }).to_string();
        let total = entry.amount;
        let state = match kind {
            MovementKind::Payment => "SUCCESS",
            MovementKind::Reversal => "REVOKED",
            _ => "REFUND",
        };
        let sub_mchid = movement.sub_mchid();
        let mut cells = vec![
            movement.time(),
            appid(movement),
            movement.mchid().to_owned(),
            if sub_mchid.is_empty() { "0" } else { sub_mchid }.to_owned(),
            device(movement),
            movement.transaction_id().to_owned(),
            movement.of_payment(&["/out_trade_no"]).to_owned(),
            openid(movement),
            trade_type(movement).to_owned(),
            state.to_owned(),
            or(movement.of_payment(&["/bank_type"]), "OTHERS"),
            or(movement.of_payment(&["/amount/currency"]), "CNY"),
            of_payment(total),
            of_payment(movement.coupons()),
        ];
        let refund = self.refund(ledger, movement);
        if self.form == TradeForm::Refund {
            cells.extend([refund.applied, refund.succeeded]);
        }
        if self.form != TradeForm::Success {
            cells.extend([refund.refund_id, refund.out_refund_no, of_refund(total)]);
            cells.extend([of_refund(movement.refunded_coupons()), refund.channel, refund.status]);
        }
        cells.extend([description(movement), attach(movement)]);
        cells.extend([five_decimals(fee), RATE.to_owned(), of_payment(total)]);
        if self.form != TradeForm::Success {
            cells.push(of_refund(total));
        }
        cells.push(String::new());
        cells
    }

    fn refund(&self, ledger: LedgerView<'_>, movement: Movement<'_>) -> RefundCells {
        let applied = movement.time();
        match movement.kind {
            MovementKind::Refund => {}
            // No page says which numbers a reversal has; the money is back at once.
            MovementKind::Reversal => {
                let [refund_id, out_refund_no] = ["0", "0"].map(str::to_owned);
                let (channel, status) = ("ORIGINAL".to_owned(), "SUCCESS".to_owned());
                let succeeded = applied.clone();
                let numbers = RefundCells { refund_id, out_refund_no, ..RefundCells::default() };
                return RefundCells { applied, succeeded, channel, status, ..numbers };
            }
            _ => {
                let [refund_id, out_refund_no] = ["0", "0"].map(str::to_owned);
                return RefundCells { refund_id, out_refund_no, ..RefundCells::default() };
            }
        }
        let now = ledger.resource(movement.entry.resource);
        // What came after the bill was made is not in it.
        let now = now.filter(|resource| resource.entered <= self.made);
        let text = |name| now.and_then(|it| it.object.get(name)?.as_str()).unwrap_or_default();
        // The words of bills for what failed are those of APIv2; no APIv3 page has them.
        let status = match text("status") {
            "" => "PROCESSING",
            "CLOSED" => "FAIL",
            "ABNORMAL" => "CHANGE",
            status => status,
        };
        RefundCells {
            applied,
            succeeded: bill_time(text("success_time")),
            refund_id: movement.own(&["/refund_id"]).to_owned(),
            out_refund_no: movement.own(&["/out_refund_no"]).to_owned(),
            channel: or(movement.own(&["/channel"]), "ORIGINAL"),
            status: status.to_owned(),
        }
    }

    /// Returns the summary, which has the columns of refunds in bills of every type.
    fn summary(totals: TradeTotals) -> [(&'static str, String); 7] {
        let TradeTotals { rows, ordered, refunded, refunded_coupons, fees } = totals;
        [
            ("总交易单数", rows.to_string()),
            ("应结订单总金额", Yuan(ordered).to_string()),
            ("退款总金额", Yuan(refunded.saturating_neg()).to_string()),
            ("充值券退款总金额", Yuan(refunded_coupons.saturating_neg()).to_string()),
            ("手续费总金额", five_decimals(fees)),
            ("订单总金额", Yuan(ordered).to_string()),
            ("申请退款总金额", Yuan(refunded.saturating_neg()).to_string()),
        ]
    }
}

impl TradeTotals {
    fn add(&mut self, movement: Movement<'_>) {
        let amount = movement.entry.amount;
        self.rows += 1;
        self.fees = self.fees.saturating_add(movement.fee);
        if movement.kind == MovementKind::Payment {
            self.ordered = self.ordered.saturating_add(amount);
        } else {
            self.refunded = self.refunded.saturating_add(amount);
            let coupons = movement.refunded_coupons();
            self.refunded_coupons = self.refunded_coupons.saturating_add(coupons);
        }
    }
}

/// The cells that only refunds fill.
#[derive(Debug, Default)]
struct RefundCells {
    applied: String,
    succeeded: String,
    refund_id: String,
    out_refund_no: String,
    channel: String,
    status: String,
}

fn appid(movement: Movement<'_>) -> String {
    let appid = movement.of_payment(&["/sp_appid", "/appid"]);
    or(appid, movement.of_whole(&["/combine_appid"]))
}

fn device(movement: Movement<'_>) -> String {
    const DEVICE: [&str; 1] = ["/scene_info/device_id"];
    or(movement.of_payment(&DEVICE), movement.of_whole(&DEVICE))
}

fn openid(movement: Movement<'_>) -> String {
    let members =
        ["/payer/openid", "/payer/sp_openid", "/payer/sub_openid", "/openid", "/sub_openid"];
    or(movement.of_payment(&members), movement.of_whole(&["/combine_payer_info/openid"]))
}

/// Returns whether a PayScore order (微信支付分) was paid.
fn is_payscore(movement: Movement<'_>) -> bool {
    !movement.of_payment(&["/service_id"]).is_empty()
}

fn trade_type(movement: Movement<'_>) -> &str {
    match movement.of_payment(&["/trade_type"]) {
        "" if is_payscore(movement) => "AUTH",
        trade_type => trade_type,
    }
}

fn description(movement: Movement<'_>) -> String {
    movement.of_payment(&["/description", "/service_introduction"]).to_owned()
}

/// Returns the merchant's data. That of a PayScore order names the order.
fn attach(movement: Movement<'_>) -> String {
    if is_payscore(movement) {
        let (order_id, number) =
            (movement.of_payment(&["/order_id"]), movement.of_payment(&["/out_order_no"]));
        return format!("wxzff|{order_id}|{number}");
    }
    movement.of_payment(&["/attach"]).to_owned()
}

/// Writes a fee, which has five decimals in a trade bill.
fn five_decimals(fen: i64) -> String {
    format!("{}000", Yuan(fen))
}

fn or(text: &str, other: &str) -> String {
    if text.is_empty() { other } else { text }.to_owned()
}
