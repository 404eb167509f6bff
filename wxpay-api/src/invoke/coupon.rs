use serde::Serialize;

use super::InvokeError;
use super::value::{identifier, merchant_number, optional, unless_empty};

/// A coupon for the mini-program plugin to send; empty members are left out ([protocol §9.3]).
///
/// [protocol §9.3]: crate::docs::protocol::invocation#93-signatures-with-the-apiv2-key
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Coupon {
    /// The stock that the coupon is taken from.
    pub stock_id: String,
    /// The merchant's number of this sending, which makes a repeat harmless.
    pub out_request_no: String,
    /// The coupon's code, where the merchant chooses it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub coupon_code: String,
    /// The time of sending, in the text form of the coupon's documentation.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub customize_send_time: String,
    /// The merchant who created the stock, for cash coupons.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub create_coupon_merchant: String,
}

impl Coupon {
    /// A coupon of a stock, under the merchant's own number.
    #[must_use]
    pub fn new(stock_id: impl Into<String>, out_request_no: impl Into<String>) -> Self {
        Self {
            stock_id: stock_id.into(),
            out_request_no: out_request_no.into(),
            coupon_code: String::new(),
            customize_send_time: String::new(),
            create_coupon_merchant: String::new(),
        }
    }

    /// With a code that the merchant chooses.
    #[must_use]
    pub fn coupon_code(self, coupon_code: impl Into<String>) -> Self {
        Self { coupon_code: coupon_code.into(), ..self }
    }

    /// With a time of sending.
    #[must_use]
    pub fn customize_send_time(self, customize_send_time: impl Into<String>) -> Self {
        Self { customize_send_time: customize_send_time.into(), ..self }
    }

    /// With the merchant who created the stock, which cash coupons need.
    #[must_use]
    pub fn create_coupon_merchant(self, create_coupon_merchant: impl Into<String>) -> Self {
        Self { create_coupon_merchant: create_coupon_merchant.into(), ..self }
    }

    pub(super) fn checked(self) -> Result<Self, InvokeError> {
        let (name, merchant) = ("create_coupon_merchant", &self.create_coupon_merchant);
        Ok(Self {
            stock_id: identifier("stock_id", &self.stock_id)?,
            out_request_no: identifier("out_request_no", &self.out_request_no)?,
            coupon_code: optional("coupon_code", &self.coupon_code)?,
            customize_send_time: optional("customize_send_time", &self.customize_send_time)?,
            create_coupon_merchant: unless_empty(name, merchant, merchant_number)?,
        })
    }

    /// The members, empty ones included.
    pub(super) fn fields(&self) -> [(&'static str, &str); 5] {
        [
            ("stock_id", &self.stock_id),
            ("out_request_no", &self.out_request_no),
            ("coupon_code", &self.coupon_code),
            ("customize_send_time", &self.customize_send_time),
            ("create_coupon_merchant", &self.create_coupon_merchant),
        ]
    }
}
