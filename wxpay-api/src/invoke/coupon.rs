//! Coupons: sent by the mini-program plugin, or collected on a web page; signed with the APIv2 key.

use serde::Serialize;

use super::invoker::Invoker;
use super::jump::query_string;
use super::value::{InvokeError, identifier, merchant_number, optional, unless_empty};
use crate::protocol::ApiV2Key;

/// A coupon that the mini-program plugin sends, without empty members ([protocol §9.3]).
///
/// [protocol §9.3]: crate::docs::protocol::invocation#93-signatures-with-the-apiv2-key
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Coupon {
    /// The stock that the coupon is taken from.
    pub stock_id: String,
    /// The merchant's number of this delivery, which makes a retry harmless.
    pub out_request_no: String,
    /// The coupon's code, if the merchant chooses it.
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
    /// Makes a coupon of a stock, with the merchant's number of the delivery.
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

    /// Sets a code that the merchant chooses.
    #[must_use]
    pub fn coupon_code(self, coupon_code: impl Into<String>) -> Self {
        Self { coupon_code: coupon_code.into(), ..self }
    }

    /// Sets the time of sending.
    #[must_use]
    pub fn customize_send_time(self, customize_send_time: impl Into<String>) -> Self {
        Self { customize_send_time: customize_send_time.into(), ..self }
    }

    /// Sets the merchant who created the stock. Cash coupons need it.
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

/// The properties of the mini-program plugin that sends coupons ([protocol §9.3]).
///
/// [protocol §9.3]: crate::docs::protocol::invocation#93-signatures-with-the-apiv2-key
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CouponPlugin {
    /// The coupons to send.
    pub send_coupon_params: Vec<Coupon>,
    /// The signature in hexadecimal.
    pub sign: String,
    /// The merchant who sends.
    pub send_coupon_merchant: String,
}

impl Invoker {
    /// Makes the properties of the plugin that sends these coupons, signed with the merchant's APIv2 key ([protocol
    /// §9.3]).
    ///
    /// # Errors
    /// [`InvokeError`] without coupons, and when a value of a coupon is empty or malformed.
    ///
    /// [protocol §9.3]: crate::docs::protocol::invocation#93-signatures-with-the-apiv2-key
    pub fn coupon_plugin(
        &self,
        coupons: impl IntoIterator<Item = Coupon>,
        key: &ApiV2Key,
    ) -> Result<CouponPlugin, InvokeError> {
        let coupons = coupons.into_iter().map(Coupon::checked);
        let coupons = coupons.collect::<Result<Vec<Coupon>, InvokeError>>()?;
        if coupons.is_empty() {
            return Err(InvokeError::Value { name: "send_coupon_params" });
        }
        let merchant = self.mchid();
        let numbered = numbered(&coupons);
        let mut fields = vec![("send_coupon_merchant", merchant.as_str())];
        fields.extend(numbered.iter().map(|(name, value)| (name.as_str(), *value)));
        let sign = key.hmac_sha256(&fields);
        Ok(CouponPlugin { send_coupon_params: coupons, sign, send_coupon_merchant: merchant })
    }
}

/// Lists the members of all coupons. Each name ends with the coupon's number, counted from 0.
fn numbered(coupons: &[Coupon]) -> Vec<(String, &str)> {
    let mut members = Vec::new();
    for (number, coupon) in coupons.iter().enumerate() {
        members.extend(coupon.fields().map(|(name, value)| (format!("{name}{number}"), value)));
    }
    members
}

/// A coupon that a user collects on a web page of WeChat Pay ([protocol §9.3]).
///
/// [protocol §9.3]: crate::docs::protocol::invocation#93-signatures-with-the-apiv2-key
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct CouponPage {
    /// The stock that the coupon is taken from.
    pub stock_id: String,
    /// The merchant's number of this delivery, which makes a retry harmless.
    pub out_request_no: String,
    /// The user.
    pub open_id: String,
    /// The coupon's code, if the merchant chooses it. Otherwise it is empty.
    pub coupon_code: String,
}

impl CouponPage {
    /// Makes a coupon of a stock for a user, with the merchant's number of the delivery.
    #[must_use]
    pub fn new(
        stock_id: impl Into<String>,
        out_request_no: impl Into<String>,
        open_id: impl Into<String>,
    ) -> Self {
        Self {
            stock_id: stock_id.into(),
            out_request_no: out_request_no.into(),
            open_id: open_id.into(),
            coupon_code: String::new(),
        }
    }

    /// Sets a code that the merchant chooses.
    #[must_use]
    pub fn coupon_code(self, coupon_code: impl Into<String>) -> Self {
        Self { coupon_code: coupon_code.into(), ..self }
    }
}

impl Invoker {
    /// Makes the address where a user collects a coupon, signed with the merchant's APIv2 key ([protocol §9.3]).
    ///
    /// # Errors
    /// [`InvokeError`] when a value is empty or malformed.
    ///
    /// [protocol §9.3]: crate::docs::protocol::invocation#93-signatures-with-the-apiv2-key
    pub fn coupon_page(&self, page: &CouponPage, key: &ApiV2Key) -> Result<String, InvokeError> {
        let stock_id = identifier("stock_id", &page.stock_id)?;
        let out_request_no = identifier("out_request_no", &page.out_request_no)?;
        let open_id = identifier("open_id", &page.open_id)?;
        let coupon_code = optional("coupon_code", &page.coupon_code)?;
        let merchant = self.mchid();
        let mut fields = vec![
            ("stock_id", stock_id.as_str()),
            ("out_request_no", &out_request_no),
            ("send_coupon_merchant", &merchant),
            ("open_id", &open_id),
            ("coupon_code", &coupon_code),
        ];
        let sign = key.hmac_sha256(&fields);
        fields.push(("sign", &sign));
        let query = query_string(&fields);
        Ok(format!("https://action.weixin.qq.com/busifavor/getcouponinfo?{query}#wechat_redirect"))
    }
}
