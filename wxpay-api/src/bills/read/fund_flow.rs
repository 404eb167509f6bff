//! The fund-flow bill (资金账单).

use rust_decimal::Decimal;

use super::bill::{Bill, record};
use super::cell::BillTime;

/// The fund-flow bill (资金账单) of `GET /v3/bill/fundflowbill`, and the decrypted fund-flow bill of a sub-merchant.
#[derive(Clone, Copy, Debug)]
pub struct FundFlowBill;

impl Bill for FundFlowBill {
    type Row = FundFlowRow;
    type Summary = FundFlowSummary;

    fn stated_rows(summary: &FundFlowSummary) -> Option<u64> {
        summary.flow_count
    }
}

record! {
    /// A movement of money. Amounts are in yuan.
    ///
    /// If the bill lacks a column, text is empty, and an amount is `None`.
    pub struct FundFlowRow {
        /// 记账时间
        booking_time: BillTime = "记账时间",
        /// 微信支付业务单号
        business_id: String = "微信支付业务单号",
        /// 资金流水单号
        flow_id: String = "资金流水单号",
        /// 业务名称
        business_name: String = "业务名称",
        /// 业务类型
        business_type: String = "业务类型",
        /// 收支类型, `收入` or `支出`
        direction: String = "收支类型",
        /// 收支金额(元), as sent: `direction` says whether money came in or went out
        amount: Option<Decimal> = "收支金额",
        /// 账户结余(元), after this movement
        balance: Option<Decimal> = "账户结余",
        /// 资金变更提交申请人
        applicant: String = "资金变更提交申请人",
        /// 备注
        remark: String = "备注",
        /// 业务凭证号
        voucher_no: String = "业务凭证号",
    }
    required "收支金额";
}

record! {
    /// The summary of a fund-flow bill. Amounts are in yuan.
    pub struct FundFlowSummary {
        /// 资金流水总笔数
        flow_count: Option<u64> = "资金流水总笔数",
        /// 收入笔数
        income_count: Option<u64> = "收入笔数",
        /// 收入金额
        income_amount: Option<Decimal> = "收入金额",
        /// 支出笔数
        expense_count: Option<u64> = "支出笔数",
        /// 支出金额
        expense_amount: Option<Decimal> = "支出金额",
    }
}
