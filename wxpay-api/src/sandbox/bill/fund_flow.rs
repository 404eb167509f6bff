//! The rows of a fund-flow bill, 资金账单.

use std::fmt::Write;

use super::movement::{Movement, Totals, Yuan};
use super::rows::Line;

pub(super) const NAMES: &str = "\u{feff}记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),\
    账户结余(元),资金变更提交申请人,备注,业务凭证号\r\n";

/// Writing to memory does not fail.
pub(super) fn row(out: &mut String, line: &Line<'_>) {
    let (bill, (hour, minute, second)) = (line.bill, line.time);
    let Movement { payment, is_refund, fen } = line.movement;
    let (name, direction, number) = match is_refund {
        false => ("交易", "收入", "42000025002025"),
        true => ("退款", "支出", "50300000002025"),
    };
    let _ = write!(
        out,
        "`{date} {hour:02}:{minute:02}:{second:02},`{number}{payment:014},`FLOW-{flow},`{name},`{name},\
         `{direction},`{yuan},`{balance},`{mchid}API,`,`VOUCHER-{payment:010}\r\n",
        date = bill.date,
        mchid = bill.mchid,
        flow = line.totals.payments + line.totals.refunds,
        yuan = Yuan(fen),
        balance = Yuan(line.totals.paid - line.totals.refunded),
    );
}

pub(super) fn summary(out: &mut String, totals: Totals) {
    let _ = write!(
        out,
        "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额\r\n\
         `{count},`{payments},`{paid},`{refunds},`{refunded}\r\n",
        count = totals.payments + totals.refunds,
        payments = totals.payments,
        paid = Yuan(totals.paid),
        refunds = totals.refunds,
        refunded = Yuan(totals.refunded),
    );
}
