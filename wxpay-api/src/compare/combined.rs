//! Compares combined payments (合单支付), which pay several orders at once.

use super::{Differences, Matched, Mismatch, Pairing};

/// The combined payment that your orders expect.
///
/// The payment must have exactly these sub-orders, in any order. A missing, additional or repeated sub-order is a
/// difference. An expectation without sub-orders matches nothing.
///
/// ```
/// # #[cfg(feature = "combine-transactions")]
/// # fn check(
/// #     payment: &wxpay_api::v3::combine_transactions::types::CombineTransaction,
/// # ) -> Result<(), wxpay_api::compare::Mismatch> {
/// use wxpay_api::compare::{ExpectedCombinedPayment, ExpectedSubOrder};
///
/// let orders = ExpectedCombinedPayment::new("1900000109", "basket-1")
///     .combine_appid("wxd678efh567hg6787")
///     .sub_order(ExpectedSubOrder::new("1900000109", "order-1", 100).sub_mchid("1900000201"))
///     .sub_order(ExpectedSubOrder::new("1900000109", "order-2", 250).sub_mchid("1900000202"));
/// if orders.check(payment)?.is_success() {
///     println!("ship both");
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "an expectation does nothing by itself; `check` a payment"]
pub struct ExpectedCombinedPayment {
    combine_appid: Option<String>,
    combine_mchid: String,
    combine_out_trade_no: String,
    sub_orders: Vec<ExpectedSubOrder>,
}

impl ExpectedCombinedPayment {
    /// Expects a combined payment with this `combine_mchid` and `combine_out_trade_no`.
    pub fn new(combine_mchid: impl Into<String>, combine_out_trade_no: impl Into<String>) -> Self {
        Self {
            combine_appid: None,
            combine_mchid: combine_mchid.into(),
            combine_out_trade_no: combine_out_trade_no.into(),
            sub_orders: Vec::new(),
        }
    }

    /// Expects this `combine_appid`.
    pub fn combine_appid(mut self, combine_appid: impl Into<String>) -> Self {
        self.combine_appid = Some(combine_appid.into());
        self
    }

    /// Expects one more sub-order.
    pub fn sub_order(mut self, sub_order: ExpectedSubOrder) -> Self {
        self.sub_orders.push(sub_order);
        self
    }

    /// Expects several more sub-orders.
    pub fn sub_orders(mut self, sub_orders: impl IntoIterator<Item = ExpectedSubOrder>) -> Self {
        self.sub_orders.extend(sub_orders);
        self
    }

    /// Compares a combined payment with the orders. A match does not mean that they are paid: see
    /// [`Matched::is_success`].
    ///
    /// # Errors
    ///
    /// Every difference.
    pub fn check<P: ComparableCombinedPayment + ?Sized>(
        &self,
        payment: &P,
    ) -> Result<Matched, Mismatch> {
        let found = payment.facts();
        let mut differences = Differences::default();
        differences.stated("combine_appid", self.combine_appid.as_deref(), found.combine_appid);
        differences.text("combine_mchid", &self.combine_mchid, found.combine_mchid);
        differences.text(
            "combine_out_trade_no",
            &self.combine_out_trade_no,
            found.combine_out_trade_no,
        );
        self.check_sub_orders(&found.sub_orders, &mut differences);
        let is_success = found.sub_orders.iter().all(|sub_order| sub_order.is_success);
        differences.finish("combined payment", is_success)
    }

    fn check_sub_orders(&self, found: &[SubOrderFacts<'_>], differences: &mut Differences) {
        if self.sub_orders.is_empty() && found.is_empty() {
            differences.push("sub_orders", Some("at least one sub-order"), None);
        }
        let Pairing { mut pairs, missing, surplus } = pairing(&self.sub_orders, found);
        pairs.sort_by_key(|(_, (index, _))| *index);
        for (expected, (index, found)) in pairs {
            differences.append(expected.differences(index, found));
        }
        for expected in missing {
            differences.push("sub_orders[].out_trade_no", Some(&expected.out_trade_no), None);
        }
        for (index, found) in surplus {
            let number = found.out_trade_no;
            let name = format!("sub_orders[{index}].out_trade_no");
            differences.push(&name, None, (!number.is_empty()).then_some(number));
        }
    }
}

/// One sub-order that you expect in a combined payment.
#[derive(Clone, Debug)]
#[must_use = "add it to an `ExpectedCombinedPayment`"]
pub struct ExpectedSubOrder {
    mchid: Option<String>,
    individual_auth_id: Option<String>,
    sub_mchid: Option<String>,
    sub_appid: Option<String>,
    out_trade_no: String,
    total: i64,
    currency: Option<String>,
}

impl ExpectedSubOrder {
    /// Expects a merchant's sub-order: `mchid`, `out_trade_no`, and `total_amount` in fen.
    ///
    /// If a sub-merchant receives the money, also call [`sub_mchid`](Self::sub_mchid).
    pub fn new(mchid: impl Into<String>, out_trade_no: impl Into<String>, total: i64) -> Self {
        Self { mchid: Some(mchid.into()), ..Self::numbered(out_trade_no.into(), total) }
    }

    /// Expects the sub-order of a person who receives the money (个人收款方): `individual_auth_id`, `out_trade_no`, and
    /// `total_amount` in fen.
    pub fn individual(
        individual_auth_id: impl Into<String>,
        out_trade_no: impl Into<String>,
        total: i64,
    ) -> Self {
        let individual_auth_id = Some(individual_auth_id.into());
        Self { individual_auth_id, ..Self::numbered(out_trade_no.into(), total) }
    }

    fn numbered(out_trade_no: String, total: i64) -> Self {
        Self {
            mchid: None,
            individual_auth_id: None,
            sub_mchid: None,
            sub_appid: None,
            out_trade_no,
            total,
            currency: None,
        }
    }

    /// Expects this `sub_mchid`.
    pub fn sub_mchid(mut self, sub_mchid: impl Into<String>) -> Self {
        self.sub_mchid = Some(sub_mchid.into());
        self
    }

    /// Expects this `sub_appid`.
    pub fn sub_appid(mut self, sub_appid: impl Into<String>) -> Self {
        self.sub_appid = Some(sub_appid.into());
        self
    }

    /// Expects another currency than CNY.
    pub fn currency(mut self, currency: impl Into<String>) -> Self {
        self.currency = Some(currency.into());
        self
    }

    /// All members that the order states, for sorting.
    fn content(&self) -> impl Ord + use<'_> {
        let texts = [
            &self.mchid,
            &self.individual_auth_id,
            &self.sub_mchid,
            &self.sub_appid,
            &self.currency,
        ];
        (&self.out_trade_no, texts, self.total)
    }

    fn has_number_of(&self, found: &SubOrderFacts<'_>) -> bool {
        self.out_trade_no == found.out_trade_no
    }

    /// Whether number and merchant are equal. Numbers are unique only within a merchant.
    fn has_number_and_merchant_of(&self, found: &SubOrderFacts<'_>) -> bool {
        let is =
            |expected: &Option<String>, found| expected.as_deref().is_none_or(|id| id == found);
        self.has_number_of(found)
            && is(&self.mchid, found.mchid)
            && is(&self.individual_auth_id, found.individual_auth_id)
            && is(&self.sub_mchid, found.sub_mchid)
    }

    fn differences(&self, index: usize, found: &SubOrderFacts<'_>) -> Differences {
        let mut differences = Differences::below(format!("sub_orders[{index}]."));
        differences.stated("mchid", self.mchid.as_deref(), found.mchid);
        let (expected, found_id) = (self.individual_auth_id.as_deref(), found.individual_auth_id);
        differences.stated("individual_auth_id", expected, found_id);
        differences.stated("sub_mchid", self.sub_mchid.as_deref(), found.sub_mchid);
        differences.stated("sub_appid", self.sub_appid.as_deref(), found.sub_appid);
        differences.text("out_trade_no", &self.out_trade_no, found.out_trade_no);
        differences.amount("amount.total_amount", self.total, found.total);
        differences.currency("amount.currency", self.currency.as_deref(), found.currency);
        differences
    }
}

/// A sub-order of a payment with its index there.
type Found<'a> = (usize, &'a SubOrderFacts<'a>);

/// Pairs the sub-orders of a payment with those of the order.
///
/// Pairs without any difference go first. Then come pairs with the same number and merchant, then pairs with the same
/// number.
fn pairing<'a>(
    expected: &'a [ExpectedSubOrder],
    found: &'a [SubOrderFacts<'a>],
) -> Pairing<&'a ExpectedSubOrder, Found<'a>> {
    // Sorted by content, so that the result does not depend on the order of either list.
    let mut expected: Vec<_> = expected.iter().collect();
    expected.sort_by_cached_key(|&sub_order| sub_order.content());
    let mut found: Vec<Found<'_>> = found.iter().enumerate().collect();
    found.sort_by_cached_key(|&(_, sub_order)| sub_order.content());
    let mut pairing = Pairing::new(expected, found);
    pairing.pair(|expected, (index, found)| {
        expected.has_number_of(found) && expected.differences(*index, found).is_empty()
    });
    pairing.pair(|expected, (_, found)| expected.has_number_and_merchant_of(found));
    pairing.pair(|expected, (_, found)| expected.has_number_of(found));
    if pairing.missing.len() == 1 && pairing.surplus.len() == 1 {
        // Report one sub-order with another number, not one missing and one additional sub-order.
        pairing.pair(|_, _| true);
    }
    pairing.surplus.sort_by_key(|(index, _)| *index);
    pairing
}

/// A combined payment that [`ExpectedCombinedPayment`] can compare.
pub trait ComparableCombinedPayment {
    /// Returns the members that are compared.
    fn facts(&self) -> CombinedPaymentFacts<'_>;
}

/// The compared members of a combined payment. An absent text is empty.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct CombinedPaymentFacts<'a> {
    /// `combine_appid`.
    pub combine_appid: &'a str,
    /// `combine_mchid`.
    pub combine_mchid: &'a str,
    /// `combine_out_trade_no`.
    pub combine_out_trade_no: &'a str,
    /// Every sub-order.
    pub sub_orders: Vec<SubOrderFacts<'a>>,
}

/// The compared members of a sub-order. An absent text is empty.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct SubOrderFacts<'a> {
    /// `mchid`.
    pub mchid: &'a str,
    /// `individual_auth_id`.
    pub individual_auth_id: &'a str,
    /// `sub_mchid`.
    pub sub_mchid: &'a str,
    /// `sub_appid`.
    pub sub_appid: &'a str,
    /// The sub-order's number.
    pub out_trade_no: &'a str,
    /// The sub-order's total in fen, not the amount that the payer paid.
    pub total: Option<i64>,
    /// The currency of the total.
    pub currency: &'a str,
    /// Whether the sub-order is paid.
    pub is_success: bool,
}

impl<'a> SubOrderFacts<'a> {
    /// All compared members, for sorting.
    fn content(&self) -> impl Ord + use<'a> {
        let texts =
            [self.mchid, self.individual_auth_id, self.sub_mchid, self.sub_appid, self.currency];
        (self.out_trade_no, texts, self.total, self.is_success)
    }
}

impl<P: ComparableCombinedPayment + ?Sized> ComparableCombinedPayment for Box<P> {
    fn facts(&self) -> CombinedPaymentFacts<'_> {
        (**self).facts()
    }
}

#[cfg(feature = "combine-transactions")]
mod combine_transactions {
    use super::{CombinedPaymentFacts, ComparableCombinedPayment, SubOrderFacts};
    use crate::v3::combine_transactions::types::CombineTransaction;
    use crate::v3::combine_transactions::types::combine_transaction::SubOrder;
    use crate::v3::pay::types::TradeState;

    impl ComparableCombinedPayment for CombineTransaction {
        fn facts(&self) -> CombinedPaymentFacts<'_> {
            CombinedPaymentFacts {
                combine_appid: &self.combine_appid,
                combine_mchid: &self.combine_mchid,
                combine_out_trade_no: &self.combine_out_trade_no,
                sub_orders: self.sub_orders.iter().map(sub_order).collect(),
            }
        }
    }

    fn sub_order(sub_order: &SubOrder) -> SubOrderFacts<'_> {
        let amount = sub_order.amount.as_ref();
        SubOrderFacts {
            mchid: &sub_order.mchid,
            individual_auth_id: &sub_order.individual_auth_id,
            sub_mchid: &sub_order.sub_mchid,
            sub_appid: &sub_order.sub_appid,
            out_trade_no: &sub_order.out_trade_no,
            total: amount.and_then(|amount| amount.total_amount),
            currency: amount.map_or("", |amount| &amount.currency),
            is_success: sub_order.trade_state == TradeState::Success,
        }
    }
}
