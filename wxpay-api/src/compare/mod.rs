//! Compares payments and refunds with the merchant's own orders.
//!
//! A signature proves that WeChat Pay sent a payment. It does not prove that the payment is the one that the order asks
//! for. Compare number, merchant, app, total and currency before you ship anything ([protocol §8.1]).
//!
//! ```
//! # #[cfg(feature = "pay")] {
//! use wxpay_api::compare::{ExpectedPayment, Mismatch};
//! use wxpay_api::v3::pay::types::Transaction;
//!
//! /// Whether the order may be shipped.
//! fn is_paid(payment: &Transaction) -> Result<bool, Mismatch> {
//!     // From your own database: merchant, number, total in fen.
//!     let order = ExpectedPayment::direct("1900000109", "order-1", 100).appid("wxd678efh567hg6787");
//!     Ok(order.check(payment)?.is_success())
//! }
//!
//! let mut payment = Transaction::default();
//! payment.out_trade_no = "order-1".into();
//! let error = is_paid(&payment).unwrap_err();
//! let paths: Vec<_> = error.differences().iter().map(|difference| difference.path()).collect();
//! assert_eq!(paths, ["appid", "mchid", "amount.total"]); // absent is different
//! # }
//! ```
//!
//! | Your order | What is checked |
//! |---|---|
//! | [`ExpectedPayment::direct`] | `Transaction`: queries, codepay, notifications |
//! | [`ExpectedPayment::partner`] | `PartnerTransaction`: the same of a service provider |
//! | [`ExpectedCombinedPayment`] | `CombineTransaction`, every sub-order of it |
//! | [`ExpectedRefund::direct`], [`ExpectedRefund::partner`] | the `Refund` of calls, e-commerce's too, and the `RefundResult` of notifications |
//!
//! The rules are the same for all of them:
//!
//! * Texts are compared exactly, amounts as integers in fen.
//! * A member that the order states and the payment lacks is a difference. What the order does not state is not
//!   compared.
//! * An absent currency is CNY, on both sides.
//! * The order's total is compared, never what the payer paid: discounts make that lower.
//! * **A match does not mean that the order is paid.** Failed and open payments carry the same
//!   numbers. Ask the [`Matched`] that [`check`](ExpectedPayment::check) returns:
//!   [`is_success`](Matched::is_success).
//!
//! Types of other products, and of your own descriptors, are compared once they implement [`ComparablePayment`],
//! [`ComparableCombinedPayment`] or [`ComparableRefund`].
//!
//! [protocol §8.1]: crate::docs::protocol::notifications#81-transport

mod combined;
mod difference;
mod pairing;
mod payment;
mod refund;

pub use combined::{
    CombinedPaymentFacts, ComparableCombinedPayment, ExpectedCombinedPayment, ExpectedSubOrder,
    SubOrderFacts,
};
pub use difference::{Carried, Difference, Matched, Mismatch};
pub use payment::{ComparablePayment, ExpectedPayment, PaymentFacts};
pub use refund::{ComparableRefund, ExpectedRefund, RefundFacts};

use difference::Differences;
use pairing::Pairing;
