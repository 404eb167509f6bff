//! Movements: the records of the ledger as bills see them, each with its fee.

use std::collections::HashMap;

use serde_json::Value as Json;

use crate::sandbox::lifecycle::world::{LedgerEntry, LedgerView};

/// The rate of the fee, as bills write it.
pub(super) const RATE: &str = "0.60%";

/// What a record of the ledger is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum MovementKind {
    Payment,
    Refund,
    /// The money of a payment that was reversed (撤销). It has no refund of its own.
    Reversal,
    /// The end of a refund for which the merchant had no money.
    RefundClosed,
    ProfitSharing,
    ProfitSharingReturn,
    Transfer,
}

/// Money that moved.
#[derive(Clone, Copy)]
pub(super) struct Movement<'a> {
    pub(super) kind: MovementKind,
    pub(super) entry: &'a LedgerEntry,
    /// The fee in fen that WeChat Pay takes, or gives back if it is negative.
    pub(super) fee: i64,
}

/// Returns the movements of all accounts, the oldest first.
pub(super) fn movements(ledger: LedgerView<'_>) -> Vec<Movement<'_>> {
    let mut refunded = HashMap::new();
    let movements = ledger.entries().filter_map(|entry| {
        let mut movement = Movement { kind: MovementKind::of(entry)?, entry, fee: 0 };
        movement.fee = movement.compute_fee(&mut refunded);
        Some(movement)
    });
    movements.collect()
}

/// Returns 0.60 % of an amount in fen, rounded to whole fen.
fn fee(fen: i64) -> i64 {
    let fee = (i128::from(fen) * 6 + 500).div_euclid(1000);
    i64::try_from(fee).unwrap_or_default()
}

impl MovementKind {
    /// `None` for what no bill has: other kinds of private lifecycles.
    fn of(entry: &LedgerEntry) -> Option<Self> {
        Some(match entry.kind.as_str() {
            "payment" => Self::Payment,
            "refund" if entry.related.contains_key("payment") => Self::Refund,
            "refund" => Self::Reversal,
            "refund_closed" => Self::RefundClosed,
            "profit_sharing" => Self::ProfitSharing,
            "profit_sharing_return" => Self::ProfitSharingReturn,
            "transfer" => Self::Transfer,
            _ => return None,
        })
    }
}

impl<'a> Movement<'a> {
    /// Computes the fee. Partial refunds give back together what the payment cost, and never more.
    fn compute_fee(self, refunded: &mut HashMap<(&'a str, &'a str), i64>) -> i64 {
        let amount = self.entry.amount;
        let change = match self.kind {
            MovementKind::Payment => return fee(amount),
            MovementKind::Refund | MovementKind::Reversal => amount,
            MovementKind::RefundClosed => amount.saturating_neg(),
            _ => return 0,
        };
        let payment = (self.mchid(), self.transaction_id());
        let before = refunded.entry(payment).or_default();
        let left = self.order_total().saturating_sub(*before);
        *before = before.saturating_add(change);
        fee(left.saturating_sub(change)).saturating_sub(fee(left))
    }

    /// Returns the object of the payment: of the resource itself, or of the one that it belongs to.
    pub(super) fn payment(self) -> &'a Json {
        self.entry.related.get("payment").unwrap_or(&self.entry.object)
    }

    /// Returns the first of these members of the payment that is a text or a number.
    pub(super) fn of_payment(self, pointers: &[&str]) -> &'a str {
        first(self.payment(), pointers)
    }

    /// Returns the first of these members of the whole order that the payment is a part of.
    pub(super) fn of_whole(self, pointers: &[&str]) -> &'a str {
        self.entry.related.get("whole").map_or("", |whole| first(whole, pointers))
    }

    /// Returns the first of these members of the resource that moved the money.
    pub(super) fn own(self, pointers: &[&str]) -> &'a str {
        first(&self.entry.object, pointers)
    }

    /// Returns the merchant that called WeChat Pay: a direct merchant or a partner.
    pub(super) fn mchid(self) -> &'a str {
        match self.of_payment(&["/sp_mchid", "/mchid", "/mch_id"]) {
            "" => &self.entry.owner,
            mchid => mchid,
        }
    }

    /// Returns the sub-merchant of a partner; empty if there is none.
    pub(super) fn sub_mchid(self) -> &'a str {
        self.of_payment(&["/sub_mchid"])
    }

    /// Returns the merchant whose money it is.
    pub(super) fn account(self) -> &'a str {
        match self.sub_mchid() {
            "" => self.mchid(),
            sub_mchid => sub_mchid,
        }
    }

    pub(super) fn transaction_id(self) -> &'a str {
        self.of_payment(&["/transaction_id"])
    }

    /// Returns the total of the order in fen.
    pub(super) fn order_total(self) -> i64 {
        let totals = ["/amount/total", "/amount/total_amount", "/total_amount"];
        self.fen(self.payment(), &totals).unwrap_or(self.entry.amount)
    }

    /// Returns how much of the payment coupons paid, in fen.
    pub(super) fn coupons(self) -> i64 {
        let paid = self.fen(self.payment(), &["/amount/payer_total", "/amount/payer_amount"]);
        self.order_total().saturating_sub(paid.unwrap_or_else(|| self.order_total()))
    }

    /// Returns how much of a refund goes back to coupons, in fen.
    pub(super) fn refunded_coupons(self) -> i64 {
        match self.kind {
            MovementKind::Reversal => self.coupons(),
            _ => self.fen(&self.entry.object, &["/amount/discount_refund"]).unwrap_or_default(),
        }
    }

    fn fen(self, object: &Json, pointers: &[&str]) -> Option<i64> {
        pointers.iter().find_map(|pointer| object.pointer(pointer)?.as_i64())
    }

    /// Returns the time as bills write it.
    pub(super) fn time(self) -> String {
        bill_time(&self.entry.time)
    }

    /// Returns whether it was on this day in Beijing.
    pub(super) fn is_on(self, date: &str) -> bool {
        self.entry.time.starts_with(date)
    }
}

/// Writes a time of RFC 3339 in Beijing as bills do: `2025-01-01 12:00:00`. No time stays empty.
pub(super) fn bill_time(rfc3339: &str) -> String {
    const LENGTH: usize = "2025-01-01T12:00:00".len();
    rfc3339.get(..LENGTH).unwrap_or_default().replace('T', " ")
}

/// Returns the first of these members that is a text; empty if none is.
fn first<'a>(object: &'a Json, pointers: &[&str]) -> &'a str {
    let mut texts = pointers.iter().filter_map(|pointer| object.pointer(pointer)?.as_str());
    texts.find(|text| !text.is_empty()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::fee;

    #[test]
    fn a_fee_is_rounded_to_a_fen() {
        let fees = [0, 83, 84, 100, 1000, 100_000_000].map(fee);
        assert_eq!(fees, [0, 0, 1, 1, 6, 600_000]);
    }
}
