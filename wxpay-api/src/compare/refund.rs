//! Compares refunds, which calls return and notifications bring.

use super::payment::{FoundMerchants, Merchants};
use super::{Carried, Differences, Matched, Mismatch};

/// The refund that your records expect.
///
/// One expectation serves all types of refunds. A member that a type never carries is not compared:
///
/// | Type | Never carries |
/// |---|---|
/// | `v3::refund::types::Refund`, of calls | `mchid`, `sp_mchid`, `sub_mchid` |
/// | `v3::refund::types::RefundResult`, of notifications | |
/// | `v3::ecommerce::types::Refund`, of calls | `mchid`, `sp_mchid`, `sub_mchid`, `amount.total`; `out_trade_no` in the response to an application |
///
/// These responses need no merchant numbers: WeChat Pay signs a response for the calling merchant, and the call named
/// the sub-merchant.
///
/// ```
/// # #[cfg(feature = "refund")]
/// # fn check(refund: &wxpay_api::v3::refund::types::RefundResult) -> Result<(), wxpay_api::compare::Mismatch> {
/// use wxpay_api::compare::ExpectedRefund;
///
/// // 30 fen of an order of 100 fen.
/// let expected = ExpectedRefund::direct("1900000109", "order-1", "refund-1", 30, 100);
/// if expected.check(refund)?.is_success() {
///     println!("book it");
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "an expectation does nothing by itself; `check` a refund"]
pub struct ExpectedRefund {
    merchants: Merchants,
    out_trade_no: String,
    out_refund_no: String,
    refund: i64,
    total: i64,
    currency: Option<String>,
}

impl ExpectedRefund {
    /// Expects the refund of a merchant's own order: `mchid`, `out_trade_no`, `out_refund_no`, the amount of the
    /// `refund`, and the order's `total`. Both amounts are in fen.
    pub fn direct(
        mchid: impl Into<String>,
        out_trade_no: impl Into<String>,
        out_refund_no: impl Into<String>,
        refund: i64,
        total: i64,
    ) -> Self {
        Self {
            merchants: Merchants::direct(mchid),
            out_trade_no: out_trade_no.into(),
            out_refund_no: out_refund_no.into(),
            refund,
            total,
            currency: None,
        }
    }

    /// Expects the refund of a service provider's order: `sp_mchid`, `sub_mchid`, and the rest as
    /// [`direct`](Self::direct).
    pub fn partner(
        sp_mchid: impl Into<String>,
        sub_mchid: impl Into<String>,
        out_trade_no: impl Into<String>,
        out_refund_no: impl Into<String>,
        refund: i64,
        total: i64,
    ) -> Self {
        let merchants = Merchants::partner(sp_mchid, sub_mchid);
        Self { merchants, ..Self::direct("", out_trade_no, out_refund_no, refund, total) }
    }

    /// Expects another currency than CNY.
    pub fn currency(mut self, currency: impl Into<String>) -> Self {
        self.currency = Some(currency.into());
        self
    }

    /// Compares a refund with your records. A match does not mean that the money is back: see [`Matched::is_success`].
    ///
    /// # Errors
    ///
    /// Every difference.
    pub fn check<R: ComparableRefund + ?Sized>(&self, refund: &R) -> Result<Matched, Mismatch> {
        let found = refund.facts();
        let mut differences = Differences::default();
        let RefundFacts { mchid, sp_mchid, sub_mchid, .. } = found;
        self.merchants.check(&FoundMerchants { mchid, sp_mchid, sub_mchid }, &mut differences);
        differences.carried("out_trade_no", &self.out_trade_no, found.out_trade_no);
        differences.text("out_refund_no", &self.out_refund_no, found.out_refund_no);
        differences.amount("amount.refund", self.refund, found.refund);
        if let Carried::Yes(total) = found.total {
            differences.amount("amount.total", self.total, total);
        }
        differences.currency("amount.currency", self.currency.as_deref(), found.currency);
        differences.finish("refund", found.is_success)
    }
}

/// A refund that [`ExpectedRefund`] can compare.
pub trait ComparableRefund {
    /// Returns the members that are compared.
    fn facts(&self) -> RefundFacts<'_>;
}

/// The compared members of a refund. An absent text is empty.
///
/// By default a type carries every member, so that a forgotten member is a difference.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct RefundFacts<'a> {
    /// `mchid`.
    pub mchid: Carried<&'a str>,
    /// `sp_mchid`.
    pub sp_mchid: Carried<&'a str>,
    /// `sub_mchid`.
    pub sub_mchid: Carried<&'a str>,
    /// The order's number.
    pub out_trade_no: Carried<&'a str>,
    /// The refund's number.
    pub out_refund_no: &'a str,
    /// The refunded amount in fen, not the amount that the payer receives.
    pub refund: Option<i64>,
    /// The order's total in fen, not the amount that the payer paid.
    pub total: Carried<Option<i64>>,
    /// The currency of both.
    pub currency: &'a str,
    /// Whether the money is back.
    pub is_success: bool,
}

impl<R: ComparableRefund + ?Sized> ComparableRefund for Box<R> {
    fn facts(&self) -> RefundFacts<'_> {
        (**self).facts()
    }
}

#[cfg(feature = "refund")]
mod domestic {
    use super::{Carried, ComparableRefund, RefundFacts};
    use crate::v3::refund::types::{Refund, RefundResult, RefundStatus};

    impl ComparableRefund for Refund {
        fn facts(&self) -> RefundFacts<'_> {
            let amount = self.amount.as_ref();
            RefundFacts {
                mchid: Carried::Never,
                sp_mchid: Carried::Never,
                sub_mchid: Carried::Never,
                out_trade_no: Carried::Yes(&self.out_trade_no),
                out_refund_no: &self.out_refund_no,
                refund: amount.and_then(|amount| amount.refund),
                total: Carried::Yes(amount.and_then(|amount| amount.total)),
                currency: amount.map_or("", |amount| &amount.currency),
                is_success: self.status == RefundStatus::Success,
            }
        }
    }

    impl ComparableRefund for RefundResult {
        fn facts(&self) -> RefundFacts<'_> {
            let amount = self.amount.as_ref();
            RefundFacts {
                mchid: Carried::Yes(&self.mchid),
                sp_mchid: Carried::Yes(&self.sp_mchid),
                sub_mchid: Carried::Yes(&self.sub_mchid),
                out_trade_no: Carried::Yes(&self.out_trade_no),
                out_refund_no: &self.out_refund_no,
                refund: amount.and_then(|amount| amount.refund),
                total: Carried::Yes(amount.and_then(|amount| amount.total)),
                currency: amount.map_or("", |amount| &amount.currency),
                is_success: self.refund_status == RefundStatus::Success,
            }
        }
    }
}

#[cfg(feature = "ecommerce")]
mod ecommerce {
    use super::{Carried, ComparableRefund, RefundFacts};
    use crate::v3::ecommerce::types::{Refund, RefundStatus};

    impl ComparableRefund for Refund {
        fn facts(&self) -> RefundFacts<'_> {
            let amount = self.amount.as_ref();
            RefundFacts {
                mchid: Carried::Never,
                sp_mchid: Carried::Never,
                sub_mchid: Carried::Never,
                // The response to an application has the same type, but neither the order's number nor a state.
                out_trade_no: match self.status.as_str() {
                    "" if self.out_trade_no.is_empty() => Carried::Never,
                    _ => Carried::Yes(&self.out_trade_no),
                },
                out_refund_no: &self.out_refund_no,
                refund: amount.and_then(|amount| amount.refund),
                total: Carried::Never,
                currency: amount.map_or("", |amount| &amount.currency),
                is_success: self.status == RefundStatus::Success,
            }
        }
    }
}
