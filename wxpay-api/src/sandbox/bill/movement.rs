//! The money that made-up bills speak of.

use std::fmt;

/// A payment, or the refund of the payment before it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Movement {
    /// The number of the payment.
    pub(super) payment: u64,
    pub(super) is_refund: bool,
    pub(super) fen: i64,
}

/// Sums, in fen.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Totals {
    pub(super) payments: u64,
    pub(super) paid: i64,
    pub(super) refunds: u64,
    pub(super) refunded: i64,
}

/// Fen, written as yuan.
pub(super) struct Yuan(pub(super) i64);

/// The fee of 0.60 % on an amount in fen, written as yuan.
pub(super) struct Fee(pub(super) i64);

impl Movement {
    /// The movement that stands in a row, the first being 0.
    pub(super) fn of(row: u64) -> Self {
        let is_refund = row % 10 == 9;
        let payment = if is_refund { row - 1 } else { row };
        let fen = 100 + i64::try_from(payment % 9900).unwrap_or_default();
        Self { payment, is_refund, fen }
    }
}

impl Totals {
    /// Those of the first rows.
    pub(super) fn of(rows: u64) -> Self {
        let mut totals = Self::default();
        (0..rows).for_each(|row| totals.add(Movement::of(row)));
        totals
    }

    pub(super) fn add(&mut self, movement: Movement) {
        let (count, sum) = match movement.is_refund {
            true => (&mut self.refunds, &mut self.refunded),
            false => (&mut self.payments, &mut self.paid),
        };
        *count += 1;
        *sum += movement.fen;
    }
}

impl fmt::Display for Yuan {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let fen = self.0.unsigned_abs();
        write!(formatter, "{sign}{}.{:02}", fen / 100, fen % 100)
    }
}

impl fmt::Display for Fee {
    /// Five decimals, so that 0.60 % of a fen is 6 of the last.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let fee = self.0.unsigned_abs() * 6;
        write!(formatter, "{sign}{}.{:05}", fee / 100_000, fee % 100_000)
    }
}
