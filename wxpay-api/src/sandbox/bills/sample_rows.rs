//! Sample rows of bills in WeChat Pay's form: a byte-order mark, a back-tick before each cell, a summary.

use std::fmt::{self, Write};

use bytes::Bytes;

use super::pieces::PIECE;
use super::table::Yuan;

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::sandbox) enum SampleBillKind {
    Trade,
    FundFlow,
}

/// The rows of one day.
#[derive(Debug)]
pub(super) struct SampleRows {
    kind: SampleBillKind,
    date: String,
    mchid: String,
    rows: u64,
}

/// A line, with the totals up to it.
struct SampleLine<'a> {
    bill: &'a SampleRows,
    payment: SamplePayment,
    /// Hour, minute and second.
    time: (u64, u64, u64),
    /// The totals of this row and all before it.
    totals: SampleTotals,
}

impl SampleRows {
    pub(super) fn new(kind: SampleBillKind, date: String, mchid: String, rows: u64) -> Self {
        Self { kind, date, mchid, rows }
    }

    /// Makes the rows from `start` to `end`, with the column names before and the summary after them on request.
    pub(super) fn between(
        self,
        start: u64,
        end: u64,
        names: bool,
        summary: bool,
    ) -> impl Iterator<Item = Bytes> {
        let mut totals = SampleTotals::of(start);
        let mut next = start;
        let mut names = names.then(|| self.names());
        let mut summary = summary;
        std::iter::from_fn(move || {
            let mut piece = names.take().map(str::to_owned).unwrap_or_default();
            while next < end && piece.len() < PIECE {
                let payment = SamplePayment::of(next);
                totals.add(payment);
                self.row(&mut piece, next, payment, totals);
                next += 1;
            }
            if next == end && std::mem::take(&mut summary) {
                self.summary(&mut piece, totals);
            }
            (!piece.is_empty()).then(|| Bytes::from(piece))
        })
    }

    fn names(&self) -> &'static str {
        match self.kind {
            SampleBillKind::Trade => TRADE_NAMES,
            SampleBillKind::FundFlow => FUND_FLOW_NAMES,
        }
    }

    fn row(&self, out: &mut String, row: u64, payment: SamplePayment, totals: SampleTotals) {
        let second = u128::from(row) * 86_400 / u128::from(self.rows.max(1));
        let second = u64::try_from(second).unwrap_or_default();
        let time = (second / 3600, second / 60 % 60, second % 60);
        let line = SampleLine { bill: self, payment, time, totals };
        match self.kind {
            SampleBillKind::Trade => trade_row(out, &line),
            SampleBillKind::FundFlow => fund_flow_row(out, &line),
        }
    }

    fn summary(&self, out: &mut String, totals: SampleTotals) {
        match self.kind {
            SampleBillKind::Trade => trade_summary(out, totals),
            SampleBillKind::FundFlow => fund_flow_summary(out, totals),
        }
    }
}

/// A payment, or the refund of the payment before it. Amounts are in fen.
#[derive(Clone, Copy, Debug)]
struct SamplePayment {
    number: u64,
    is_refund: bool,
    fen: i64,
}

/// Counts and sums of rows. Sums are in fen.
#[derive(Clone, Copy, Debug, Default)]
struct SampleTotals {
    payments: u64,
    paid: i64,
    refunds: u64,
    refunded: i64,
}

/// The fee of 0.60 % on an amount in fen, written in yuan.
struct Fee(i64);

impl SamplePayment {
    /// Makes the payment of a row; the first row is 0.
    fn of(row: u64) -> Self {
        let is_refund = row % 10 == 9;
        let number = if is_refund { row - 1 } else { row };
        let fen = 100 + i64::try_from(number % 9900).unwrap_or_default();
        Self { number, is_refund, fen }
    }
}

impl SampleTotals {
    /// Adds up this many rows from the first on.
    fn of(rows: u64) -> Self {
        let mut totals = Self::default();
        (0..rows).for_each(|row| totals.add(SamplePayment::of(row)));
        totals
    }

    fn add(&mut self, payment: SamplePayment) {
        let (count, sum) = match payment.is_refund {
            true => (&mut self.refunds, &mut self.refunded),
            false => (&mut self.payments, &mut self.paid),
        };
        *count += 1;
        *sum += payment.fen;
    }
}

impl fmt::Display for Fee {
    /// Writes five decimals: 0.60 % of a fen is 6 units of the last one.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let fee = self.0.unsigned_abs() * 6;
        write!(formatter, "{sign}{}.{:05}", fee / 100_000, fee % 100_000)
    }
}

// Columns of a trade bill, 交易账单.

const TRADE_NAMES: &str = "\u{feff}交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,\
    交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,\
    退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注\r\n";

/// Writes a row; writing to memory cannot fail.
fn trade_row(out: &mut String, line: &SampleLine<'_>) {
    let (bill, (hour, minute, second)) = (line.bill, line.time);
    let SamplePayment { number: payment, is_refund, fen } = line.payment;
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

fn trade_summary(out: &mut String, totals: SampleTotals) {
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

// Columns of a fund-flow bill, 资金账单.

const FUND_FLOW_NAMES: &str = "\u{feff}记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),\
    账户结余(元),资金变更提交申请人,备注,业务凭证号\r\n";

/// Writes a row; writing to memory cannot fail.
fn fund_flow_row(out: &mut String, line: &SampleLine<'_>) {
    let (bill, (hour, minute, second)) = (line.bill, line.time);
    let SamplePayment { number: payment, is_refund, fen } = line.payment;
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

fn fund_flow_summary(out: &mut String, totals: SampleTotals) {
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
