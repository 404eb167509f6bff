//! The rows of a trade bill, 交易账单.

use std::fmt::Write;

use super::movement::{Fee, Movement, Totals, Yuan};
use super::rows::Line;

pub(super) const NAMES: &str = "\u{feff}交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,\
    交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,\
    退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注\r\n";

/// Writing to memory does not fail.
pub(super) fn row(out: &mut String, line: &Line<'_>) {
    let (bill, (hour, minute, second)) = (line.bill, line.time);
    let Movement { payment, is_refund, fen } = line.movement;
    let _ = write!(
        out,
        "`{date} {hour:02}:{minute:02}:{second:02},`wxd678efh567hg6787,`{mchid},`0,`till-1,\
         `42000025002025{payment:014},`ORDER-{payment:010},`oUpF8uMuAJO_M2pxb1Q9zNjWeS6o,`JSAPI,",
        date = bill.date,
        mchid = bill.mchid,
    );
    let _ = match is_refund {
        false => write!(
            out,
            "`SUCCESS,`OTHERS,`CNY,`{yuan},`0.00,`0,`0,`0.00,`0.00,`,`,`Tea, hot,`table=4,\
             `{fee},`0.60%,`{yuan},`0.00,`\r\n",
            yuan = Yuan(fen),
            fee = Fee(fen),
        ),
        true => write!(
            out,
            "`REFUND,`OTHERS,`CNY,`0.00,`0.00,`50300000002025{payment:014},`REFUND-{payment:010},\
             `{yuan},`0.00,`ORIGINAL,`SUCCESS,`Tea, hot,`table=4,`{fee},`0.60%,`0.00,`{yuan},`\r\n",
            yuan = Yuan(-fen),
            fee = Fee(-fen),
        ),
    };
}

pub(super) fn summary(out: &mut String, totals: Totals) {
    let _ = write!(
        out,
        "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额\r\n\
         `{count},`{paid},`{refunded},`0.00,`{fee},`{paid},`{refunded}\r\n",
        count = totals.payments + totals.refunds,
        paid = Yuan(totals.paid),
        refunded = Yuan(-totals.refunded),
        fee = Fee(totals.paid - totals.refunded),
    );
}
