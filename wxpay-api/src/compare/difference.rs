//! The result of a comparison: a match, or every difference with its key path.

use std::fmt;

use crate::protocol::excerpt::excerpt;

/// The currency of a payment that names none.
const CNY: &str = "CNY";

/// How many differences an error's text lists; [`Mismatch::differences`] has them all.
const SHOWN: usize = 10;

/// The payment or refund belongs to the order. [`is_success`](Matched::is_success) says whether it succeeded.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[must_use = "a match does not mean that the order is paid; ask `is_success`"]
pub struct Matched {
    is_success: bool,
}

impl Matched {
    /// Whether the state is `SUCCESS`: of the payment, of every sub-order of a combined payment, or of the refund.
    ///
    /// The result is false for a payment in the state `REFUND`, which was paid and then refunded at least in part.
    #[must_use]
    pub fn is_success(self) -> bool {
        self.is_success
    }
}

/// The payment or refund differs from the one that the order expects.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Mismatch {
    what: &'static str,
    differences: Vec<Difference>,
}

impl Mismatch {
    /// Returns every difference. The list is never empty.
    #[must_use]
    pub fn differences(&self) -> &[Difference] {
        &self.differences
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the {} differs from your order: ", self.what)?;
        for (index, difference) in self.differences.iter().take(SHOWN).enumerate() {
            let separator = if index == 0 { "" } else { ", " };
            write!(f, "{separator}{difference}")?;
        }
        if let Some(more @ 1..) = self.differences.len().checked_sub(SHOWN) {
            write!(f, ", and {more} more")?;
        }
        f.write_str("; look at both before you ship or book anything")
    }
}

impl std::error::Error for Mismatch {}

/// One member that differs. The texts are safe for logs: shortened, and on one line.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Difference {
    path: String,
    expected: Option<String>,
    found: Option<String>,
}

impl Difference {
    /// The key path of the member, such as `amount.total` or `sub_orders[1].mchid`.
    ///
    /// `sub_orders[].out_trade_no` is the number of a missing sub-order.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The value of your order. `None` for a sub-order that the order does not have.
    #[must_use]
    pub fn expected(&self) -> Option<&str> {
        self.expected.as_deref()
    }

    /// The value that WeChat Pay sent. `None` when the member is absent.
    #[must_use]
    pub fn found(&self) -> Option<&str> {
        self.found.as_deref()
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, expected, found } = self;
        match found {
            Some(found) => write!(f, "`{path}` is `{found}`")?,
            None => write!(f, "`{path}` is absent")?,
        }
        match expected {
            Some(expected) => write!(f, " (expected `{expected}`)"),
            None => f.write_str(" (one more than expected)"),
        }
    }
}

/// Whether a type of refund has a member at all.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Carried<T> {
    /// The type has the member; here is its value, which may be absent.
    Yes(T),
    /// The type never has the member, so that it is not compared.
    Never,
}

impl<T: Default> Default for Carried<T> {
    /// The type has the member, and it is absent.
    fn default() -> Self {
        Self::Yes(T::default())
    }
}

/// Collects the differences below one key path.
#[derive(Default)]
pub(super) struct Differences {
    prefix: String,
    found: Vec<Difference>,
}

impl Differences {
    /// Starts below `prefix`, which ends with a dot.
    pub(super) fn below(prefix: String) -> Self {
        Self { prefix, found: Vec::new() }
    }

    /// Compares a text that must be there. An expected text that is empty never matches: there is nothing to compare.
    pub(super) fn text(&mut self, name: &str, expected: &str, found: &str) {
        if expected != found || expected.is_empty() {
            self.push(name, Some(expected), (!found.is_empty()).then_some(found));
        }
    }

    /// Compares a text if the order states it.
    pub(super) fn stated(&mut self, name: &str, expected: Option<&str>, found: &str) {
        if let Some(expected) = expected {
            self.text(name, expected, found);
        }
    }

    /// Compares a text if the type of the payment or refund has it.
    pub(super) fn carried(&mut self, name: &str, expected: &str, found: Carried<&str>) {
        if let Carried::Yes(found) = found {
            self.text(name, expected, found);
        }
    }

    /// Compares an amount that must be there.
    pub(super) fn amount(&mut self, name: &str, expected: i64, found: Option<i64>) {
        if found != Some(expected) {
            let found = found.map(|amount| amount.to_string());
            self.push(name, Some(&expected.to_string()), found.as_deref());
        }
    }

    /// Compares a currency, which is CNY when absent.
    pub(super) fn currency(&mut self, name: &str, expected: Option<&str>, found: &str) {
        let found = if found.is_empty() { CNY } else { found };
        self.text(name, expected.unwrap_or(CNY), found);
    }

    /// Adds a difference.
    pub(super) fn push(&mut self, name: &str, expected: Option<&str>, found: Option<&str>) {
        self.found.push(Difference {
            path: format!("{}{name}", self.prefix),
            expected: expected.map(excerpt),
            found: found.map(excerpt),
        });
    }

    pub(super) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Adds the differences of a part.
    pub(super) fn append(&mut self, mut part: Self) {
        self.found.append(&mut part.found);
    }

    /// Ends the comparison, and returns its result.
    pub(super) fn finish(self, what: &'static str, is_success: bool) -> Result<Matched, Mismatch> {
        match self.found.is_empty() {
            true => Ok(Matched { is_success }),
            false => Err(Mismatch { what, differences: self.found }),
        }
    }
}
