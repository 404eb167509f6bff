//! The trade bill (交易账单), in its current and older forms.

use rust_decimal::Decimal;

use super::bill::{Bill, record};
use super::cell::BillTime;
use super::yuan;

/// The trade bill (交易账单) of `GET /v3/bill/tradebill`, of any `bill_type`.
///
/// A bill of type `SUCCESS` has no columns for refunds. `REFUND` and `RECHARGE_REFUND` also have the times when a
/// refund was requested and when it succeeded. Older bills have fewer columns, some with other names.
///
/// A bill without any column for the amount of an order is refused. So is a bill that has refunds without their amount.
/// [`TradeRow::missing_columns`] lists the other columns that the bill lacks.
#[derive(Clone, Copy, Debug)]
pub struct TradeBill;

impl Bill for TradeBill {
    type Row = TradeRow;
    type Summary = TradeSummary;

    fn stated_rows(summary: &TradeSummary) -> Option<u64> {
        summary.trade_count
    }
}

record! {
    /// A payment or a refund. Amounts are in yuan.
    ///
    /// If the bill lacks a column, text is empty, and an amount is `None`.
    pub struct TradeRow {
        /// 交易时间
        trade_time: BillTime = "交易时间",
        /// 公众账号ID
        appid: String = "公众账号ID" | "应用ID",
        /// 商户号
        mchid: String = "商户号",
        /// 特约商户号, the sub-merchant of a service provider
        sub_mchid: String = "特约商户号" | "子商户号" | "二级商户号",
        /// 设备号
        device_id: String = "设备号",
        /// 微信订单号
        transaction_id: String = "微信订单号" | "微信支付订单号",
        /// 商户订单号
        out_trade_no: String = "商户订单号",
        /// 用户标识
        openid: String = "用户标识",
        /// 交易类型, such as `JSAPI`
        trade_type: String = "交易类型",
        /// 交易状态, such as `SUCCESS` or `REFUND`
        trade_state: String = "交易状态",
        /// 付款银行
        bank_type: String = "付款银行",
        /// 货币种类, such as `CNY`
        currency: String = "货币种类",
        /// 应结订单金额; in older bills 总金额, of which nothing was deducted
        settlement_amount: Option<Decimal> = "应结订单金额" | "总金额",
        /// 代金券金额; in older bills 代金券或立减优惠金额 or 企业红包金额
        coupon_amount: Option<Decimal> = "代金券金额" | "代金券或立减优惠金额" | "企业红包金额",
        /// 退款申请时间
        refund_applied_time: BillTime = "退款申请时间",
        /// 退款成功时间
        refund_success_time: BillTime = "退款成功时间",
        /// 微信退款单号
        refund_id: String = "微信退款单号" | "微信支付退款单号",
        /// 商户退款单号
        out_refund_no: String = "商户退款单号",
        /// 退款金额
        refund_amount: Option<Decimal> = "退款金额",
        /// 充值券退款金额; in older bills 代金券或立减优惠退款金额 or 企业红包退款金额
        recharge_coupon_refund_amount: Option<Decimal> = "充值券退款金额" | "代金券或立减优惠退款金额"
            | "代金券退款金额" | "企业红包退款金额",
        /// 退款类型, such as `ORIGINAL`
        refund_type: String = "退款类型",
        /// 退款状态, such as `SUCCESS`
        refund_status: String = "退款状态",
        /// 商品名称
        description: String = "商品名称",
        /// 商户数据包
        attach: String = "商户数据包",
        /// 手续费, with up to five decimals
        fee: Option<Decimal> = "手续费" | "手续费金额",
        /// 费率, such as `0.60%`; [`fee_rate`](TradeRow::fee_rate) reads it
        rate: String = "费率",
        /// 订单金额; in older bills 总金额
        order_amount: Option<Decimal> = "订单金额" | "总金额",
        /// 申请退款金额
        applied_refund_amount: Option<Decimal> = "申请退款金额",
        /// 费率备注
        rate_remark: String = "费率备注",
    }
    required
        "订单金额" | "应结订单金额" | "总金额",
        "退款金额" | "申请退款金额" beside "微信退款单号" | "微信支付退款单号" | "商户退款单号";
    then complete;
}

impl TradeRow {
    /// Returns the rate of the fee as a fraction: `0.60%` is 0.0060. `None` if the text is not a percentage.
    #[must_use]
    pub fn fee_rate(&self) -> Option<Decimal> {
        yuan::parse_percentage(&self.rate)
    }

    /// Fills the amount of the order in an older bill, whose only amount is both ordered and settled.
    fn complete(&mut self) {
        if self.order_amount.is_none() && !self.other.has_any(&["订单金额", "应结订单金额"])
        {
            self.order_amount = self.settlement_amount;
        }
    }
}

record! {
    /// The summary of a trade bill. Amounts are in yuan.
    pub struct TradeSummary {
        /// 总交易单数
        trade_count: Option<u64> = "总交易单数" | "总交易笔数",
        /// 应结订单总金额; in older bills 总交易额
        settlement_total: Option<Decimal> = "应结订单总金额" | "总交易额",
        /// 退款总金额; in older bills 总退款金额
        refund_total: Option<Decimal> = "退款总金额" | "总退款金额",
        /// 充值券退款总金额; in older bills 总代金券或立减优惠退款金额 or 总企业红包退款金额
        recharge_coupon_refund_total: Option<Decimal> = "充值券退款总金额"
            | "总代金券或立减优惠退款金额" | "代金券或立减优惠退款总金额" | "总代金券退款金额"
            | "代金券退款总金额" | "总企业红包退款金额" | "企业红包退款总金额",
        /// 手续费总金额
        fee_total: Option<Decimal> = "手续费总金额" | "总手续费" | "总手续费金额",
        /// 订单总金额; in older bills 总交易额
        order_total: Option<Decimal> = "订单总金额" | "总交易额",
        /// 申请退款总金额
        applied_refund_total: Option<Decimal> = "申请退款总金额" | "总申请退款金额",
    }
    then complete;
}

impl TradeSummary {
    /// Fills the total of the orders, as [`TradeRow::complete`] fills an amount.
    fn complete(&mut self) {
        if self.order_total.is_none() && !self.other.has_any(&["订单总金额", "应结订单总金额"])
        {
            self.order_total = self.settlement_total;
        }
    }
}
