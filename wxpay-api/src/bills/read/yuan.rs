//! Numbers as bills write them: decimal yuan ([base conventions]), counts and percentages.
//!
//! [base conventions]: crate::docs::protocol#base-conventions

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::columns::fold;

/// Reads an exact amount. White space, full-width forms, a sign, `¥`, `CNY`, `元`, and commas between groups of three
/// digits are accepted.
pub(super) fn parse(text: &str) -> Option<Decimal> {
    let plain = |byte: u8| byte.is_ascii_digit() || byte == b'.' || byte == b'-';
    if text.bytes().all(plain) {
        return Decimal::from_str_exact(text).ok();
    }
    let folded = fold(text);
    // A spreadsheet that quotes a cell keeps the back-tick in it.
    let text = folded.trim();
    let text = text.strip_prefix('`').unwrap_or(text).trim_start();
    let (sign, text) = split_sign(text);
    let text = without_prefix(text);
    // The sign is before or after the currency, but not on both sides.
    let (sign, text) = if sign.is_some() { (sign, text) } else { split_sign(text) };
    let digits = without_commas(without_suffix(text))?;
    let amount = Decimal::from_str_exact(&digits).ok()?;
    Some(if sign == Some('-') { -amount } else { amount })
}

/// Splits a sign from the beginning of a text.
fn split_sign(text: &str) -> (Option<char>, &str) {
    for sign in ['+', '-'] {
        if let Some(rest) = text.strip_prefix(sign) {
            return (Some(sign), rest.trim_start());
        }
    }
    (None, text)
}

fn without_prefix(text: &str) -> &str {
    let marks = ["¥", "CNY", "RMB"];
    marks.iter().find_map(|mark| text.strip_prefix(mark)).unwrap_or(text).trim_start()
}

fn without_suffix(text: &str) -> &str {
    let marks = ["元", "CNY", "RMB"];
    marks.iter().find_map(|mark| text.strip_suffix(mark)).unwrap_or(text).trim_end()
}

/// Removes the commas that group digits. `None` if a comma is elsewhere, or for other characters.
fn without_commas(text: &str) -> Option<String> {
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(a, b)| (a, Some(b)));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(fraction.unwrap_or_default()) {
        return None;
    }
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    let grouped = groups.clone().next().is_some();
    let fits = digits(first) && (!grouped || matches!(first.len(), 1..=3));
    if !fits || !groups.all(|group| group.len() == 3 && digits(group)) {
        return None;
    }
    Some(text.replace(',', ""))
}

/// Reads a count, which may be written as `45.0`.
pub(super) fn parse_count(text: &str) -> Option<u64> {
    let folded = fold(text);
    let text = folded.trim();
    let text = text.strip_suffix(['笔', '单']).unwrap_or(text);
    parse(text).filter(|count| count.fract().is_zero())?.to_u64()
}

/// Reads a percentage as a fraction: `0.60%` is 0.0060.
pub(super) fn parse_percentage(text: &str) -> Option<Decimal> {
    let percent = parse(fold(text).trim().strip_suffix('%')?.trim_end())?;
    percent.checked_mul(Decimal::new(1, 2))
}

/// Converts yuan to fen, the unit of the API.
///
/// Returns `None` if the amount is too large or has a fraction of a fen. Fees in bills may have such fractions.
#[must_use]
pub fn to_fen(yuan: Decimal) -> Option<i64> {
    let fen = yuan.checked_mul(Decimal::ONE_HUNDRED)?;
    if fen.fract().is_zero() { fen.to_i64() } else { None }
}
