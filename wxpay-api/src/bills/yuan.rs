//! Amounts of money as bills write them: decimal yuan (PROTOCOL §0).

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// Reads a decimal number exactly, or not at all.
pub(super) fn parse(text: &str) -> Option<Decimal> {
    // The library also reads underscores between digits.
    if text.contains('_') {
        return None;
    }
    Decimal::from_str_exact(text).ok()
}

/// Reads a percentage as a fraction: `0.60%` is 0.0060.
pub(super) fn parse_percentage(text: &str) -> Option<Decimal> {
    let percent = parse(text.trim().strip_suffix('%')?.trim_end())?;
    percent.checked_mul(Decimal::new(1, 2))
}

/// An amount in fen, as the API has it; none if there is a fraction of a fen, which fees in bills
/// have, or if it is too large.
#[must_use]
pub fn to_fen(yuan: Decimal) -> Option<i64> {
    let fen = yuan.checked_mul(Decimal::ONE_HUNDRED)?;
    if fen.fract().is_zero() { fen.to_i64() } else { None }
}
