//! The sums of a bill's rows, and the totals that the bill states.

use serde_json::{Value, json};
use wxpay_api::bills::{Decimal, FundFlowRow, FundFlowSummary, TradeRow, TradeSummary};

/// A sum of the rows, beside the total that the bill states.
#[derive(Debug)]
pub(super) struct Total {
    pub(super) name: &'static str,
    pub(super) found: Decimal,
    pub(super) stated: Option<Decimal>,
    /// Rows whose cell is empty, or which the bill has no column for.
    pub(super) absent: u64,
}

impl Total {
    pub(super) fn differs(&self) -> bool {
        self.stated.is_some_and(|stated| stated != self.found)
    }

    pub(super) fn view(&self) -> Value {
        json!({
            "name": self.name,
            "found": self.found.to_string(),
            "stated": self.stated.map(|stated| stated.to_string()),
            "matches": self.stated.map(|_| !self.differs()),
            "absent": self.absent,
        })
    }
}

/// Adds up one column.
#[derive(Debug, Default)]
struct Sum {
    found: Decimal,
    absent: u64,
}

impl Sum {
    fn add(&mut self, amount: Option<Decimal>) {
        match amount {
            // A sum beyond 28 digits is none of money.
            Some(amount) => self.found = self.found.checked_add(amount).unwrap_or(Decimal::MAX),
            None => self.absent += 1,
        }
    }

    fn total(&self, name: &'static str, stated: Option<Decimal>) -> Total {
        Total { name, found: self.found, stated, absent: self.absent }
    }
}

/// The sums of a trade bill.
#[derive(Debug, Default)]
pub(super) struct TradeSums {
    orders: Sum,
    settlement: Sum,
    refunds: Sum,
    applied_refunds: Sum,
    coupon_refunds: Sum,
    fees: Sum,
}

impl TradeSums {
    pub(super) fn add(&mut self, row: &TradeRow) {
        self.orders.add(row.order_amount);
        self.settlement.add(row.settlement_amount);
        self.refunds.add(row.refund_amount);
        self.applied_refunds.add(row.applied_refund_amount);
        self.coupon_refunds.add(row.recharge_coupon_refund_amount);
        self.fees.add(row.fee);
    }

    pub(super) fn totals(&self, summary: &TradeSummary) -> Vec<Total> {
        vec![
            self.orders.total("order_total", summary.order_total),
            self.settlement.total("settlement_total", summary.settlement_total),
            self.refunds.total("refund_total", summary.refund_total),
            self.applied_refunds.total("applied_refund_total", summary.applied_refund_total),
            self.coupon_refunds
                .total("recharge_coupon_refund_total", summary.recharge_coupon_refund_total),
            self.fees.total("fee_total", summary.fee_total),
        ]
    }
}

/// The sums of a fund-flow bill.
#[derive(Debug, Default)]
pub(super) struct FundFlowSums {
    income: Sum,
    expense: Sum,
    income_count: u64,
    expense_count: u64,
}

impl FundFlowSums {
    pub(super) fn add(&mut self, row: &FundFlowRow) {
        let (sum, count) = match row.direction.trim() {
            "收入" => (&mut self.income, &mut self.income_count),
            _ => (&mut self.expense, &mut self.expense_count),
        };
        sum.add(row.amount);
        *count += 1;
    }

    pub(super) fn totals(&self, summary: &FundFlowSummary) -> Vec<Total> {
        let count = |name, found: u64, stated: Option<u64>| Total {
            name,
            found: found.into(),
            stated: stated.map(Decimal::from),
            absent: 0,
        };
        vec![
            count("income_count", self.income_count, summary.income_count),
            self.income.total("income_amount", summary.income_amount),
            count("expense_count", self.expense_count, summary.expense_count),
            self.expense.total("expense_amount", summary.expense_amount),
        ]
    }
}
