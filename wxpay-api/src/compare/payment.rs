//! Compares payments of one order, of a merchant or of a service provider.

use super::{Carried, Differences, Matched, Mismatch};

/// The payment that your order expects.
///
/// ```
/// # #[cfg(feature = "pay")]
/// # fn check(payment: &wxpay_api::v3::pay::types::PartnerTransaction) -> Result<(), wxpay_api::compare::Mismatch> {
/// use wxpay_api::compare::ExpectedPayment;
///
/// let order = ExpectedPayment::partner("1230000109", "1900000109", "order-1", 100)
///     .sp_appid("wx8888888888888888")
///     .sub_appid("wxd678efh567hg6999");
/// if order.check(payment)?.is_success() {
///     println!("ship it");
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "an expectation does nothing by itself; `check` a payment"]
pub struct ExpectedPayment {
    merchants: Merchants,
    appid: Option<String>,
    sp_appid: Option<String>,
    sub_appid: Option<String>,
    out_trade_no: String,
    total: i64,
    currency: Option<String>,
}

impl ExpectedPayment {
    /// Expects a merchant's own payment: `mchid`, `out_trade_no`, and `total` in fen.
    pub fn direct(mchid: impl Into<String>, out_trade_no: impl Into<String>, total: i64) -> Self {
        Self::new(Merchants::direct(mchid), out_trade_no.into(), total)
    }

    /// Expects a service provider's payment: `sp_mchid`, `sub_mchid`, `out_trade_no`, and `total` in fen.
    pub fn partner(
        sp_mchid: impl Into<String>,
        sub_mchid: impl Into<String>,
        out_trade_no: impl Into<String>,
        total: i64,
    ) -> Self {
        Self::new(Merchants::partner(sp_mchid, sub_mchid), out_trade_no.into(), total)
    }

    fn new(merchants: Merchants, out_trade_no: String, total: i64) -> Self {
        Self {
            merchants,
            appid: None,
            sp_appid: None,
            sub_appid: None,
            out_trade_no,
            total,
            currency: None,
        }
    }

    /// Expects this `appid` of a merchant's own payment.
    pub fn appid(mut self, appid: impl Into<String>) -> Self {
        self.appid = Some(appid.into());
        self
    }

    /// Expects this `sp_appid` of a service provider's payment.
    pub fn sp_appid(mut self, sp_appid: impl Into<String>) -> Self {
        self.sp_appid = Some(sp_appid.into());
        self
    }

    /// Expects this `sub_appid` of a service provider's payment.
    pub fn sub_appid(mut self, sub_appid: impl Into<String>) -> Self {
        self.sub_appid = Some(sub_appid.into());
        self
    }

    /// Expects another currency than CNY.
    pub fn currency(mut self, currency: impl Into<String>) -> Self {
        self.currency = Some(currency.into());
        self
    }

    /// Compares a payment with the order. A match does not mean that the order is paid: see [`Matched::is_success`].
    ///
    /// # Errors
    ///
    /// Every difference.
    pub fn check<P: ComparablePayment + ?Sized>(&self, payment: &P) -> Result<Matched, Mismatch> {
        let found = payment.facts();
        let mut differences = Differences::default();
        differences.stated("appid", self.appid.as_deref(), found.appid);
        differences.stated("sp_appid", self.sp_appid.as_deref(), found.sp_appid);
        differences.stated("sub_appid", self.sub_appid.as_deref(), found.sub_appid);
        let merchants = FoundMerchants {
            mchid: Carried::Yes(found.mchid),
            sp_mchid: Carried::Yes(found.sp_mchid),
            sub_mchid: Carried::Yes(found.sub_mchid),
        };
        self.merchants.check(&merchants, &mut differences);
        differences.text("out_trade_no", &self.out_trade_no, found.out_trade_no);
        differences.amount("amount.total", self.total, found.total);
        differences.currency("amount.currency", self.currency.as_deref(), found.currency);
        differences.finish("payment", found.is_success)
    }
}

/// A payment of one order that [`ExpectedPayment`] can compare.
///
/// The types of basic payments implement this trait. Implement it for a type of another product, or of your own
/// descriptors:
///
/// ```
/// use wxpay_api::compare::{ComparablePayment, PaymentFacts};
///
/// struct ParkingFee { mchid: String, out_trade_no: String, total: Option<i64>, state: String }
///
/// impl ComparablePayment for ParkingFee {
///     fn facts(&self) -> PaymentFacts<'_> {
///         let mut facts = PaymentFacts::default();
///         facts.mchid = &self.mchid;
///         facts.out_trade_no = &self.out_trade_no;
///         facts.total = self.total;
///         facts.is_success = self.state == "SUCCESS";
///         facts
///     }
/// }
/// ```
pub trait ComparablePayment {
    /// Returns the members that are compared.
    fn facts(&self) -> PaymentFacts<'_>;
}

/// The compared members of a payment. An absent text is empty.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct PaymentFacts<'a> {
    /// `appid` of a merchant's own payment.
    pub appid: &'a str,
    /// `mchid` of a merchant's own payment.
    pub mchid: &'a str,
    /// `sp_appid` of a service provider's payment.
    pub sp_appid: &'a str,
    /// `sp_mchid` of a service provider's payment.
    pub sp_mchid: &'a str,
    /// `sub_appid` of a service provider's payment.
    pub sub_appid: &'a str,
    /// `sub_mchid` of a service provider's payment.
    pub sub_mchid: &'a str,
    /// The order's number.
    pub out_trade_no: &'a str,
    /// The order's total in fen, not the amount that the payer paid.
    pub total: Option<i64>,
    /// The currency of the total.
    pub currency: &'a str,
    /// Whether the order is paid.
    pub is_success: bool,
}

impl<P: ComparablePayment + ?Sized> ComparablePayment for Box<P> {
    fn facts(&self) -> PaymentFacts<'_> {
        (**self).facts()
    }
}

#[cfg(feature = "pay")]
mod pay {
    use super::{ComparablePayment, PaymentFacts};
    use crate::v3::pay::types::{PartnerTransaction, TradeState, Transaction};

    impl ComparablePayment for Transaction {
        fn facts(&self) -> PaymentFacts<'_> {
            let amount = self.amount.as_ref();
            PaymentFacts {
                appid: &self.appid,
                mchid: &self.mchid,
                out_trade_no: &self.out_trade_no,
                total: amount.and_then(|amount| amount.total),
                currency: amount.map_or("", |amount| &amount.currency),
                is_success: self.trade_state == TradeState::Success,
                ..PaymentFacts::default()
            }
        }
    }

    impl ComparablePayment for PartnerTransaction {
        fn facts(&self) -> PaymentFacts<'_> {
            let amount = self.amount.as_ref();
            PaymentFacts {
                sp_appid: &self.sp_appid,
                sp_mchid: &self.sp_mchid,
                sub_appid: &self.sub_appid,
                sub_mchid: &self.sub_mchid,
                out_trade_no: &self.out_trade_no,
                total: amount.and_then(|amount| amount.total),
                currency: amount.map_or("", |amount| &amount.currency),
                is_success: self.trade_state == TradeState::Success,
                ..PaymentFacts::default()
            }
        }
    }
}

/// The merchant or merchants of a payment or a refund.
#[derive(Clone, Debug)]
pub(super) enum Merchants {
    Direct { mchid: String },
    Partner { sp_mchid: String, sub_mchid: String },
}

/// The merchant numbers of a payment or a refund, as far as its type has them.
pub(super) struct FoundMerchants<'a> {
    pub(super) mchid: Carried<&'a str>,
    pub(super) sp_mchid: Carried<&'a str>,
    pub(super) sub_mchid: Carried<&'a str>,
}

impl Merchants {
    pub(super) fn direct(mchid: impl Into<String>) -> Self {
        Self::Direct { mchid: mchid.into() }
    }

    pub(super) fn partner(sp_mchid: impl Into<String>, sub_mchid: impl Into<String>) -> Self {
        Self::Partner { sp_mchid: sp_mchid.into(), sub_mchid: sub_mchid.into() }
    }

    pub(super) fn check(&self, found: &FoundMerchants<'_>, differences: &mut Differences) {
        match self {
            Self::Direct { mchid } => differences.carried("mchid", mchid, found.mchid),
            Self::Partner { sp_mchid, sub_mchid } => {
                differences.carried("sp_mchid", sp_mchid, found.sp_mchid);
                differences.carried("sub_mchid", sub_mchid, found.sub_mchid);
            }
        }
    }
}
