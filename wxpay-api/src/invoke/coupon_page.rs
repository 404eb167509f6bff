use super::query::query_string;
use super::value::{identifier, optional};
use super::{InvokeError, Invoker};
use crate::protocol::ApiV2Key;

/// A coupon for a user to collect on a web page of WeChat Pay's ([protocol §9.3]).
///
/// [protocol §9.3]: crate::docs::protocol::invocation#93-signatures-with-the-apiv2-key
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct CouponPage {
    /// The stock that the coupon is taken from.
    pub stock_id: String,
    /// The merchant's number of this sending, which makes a repeat harmless.
    pub out_request_no: String,
    /// The user.
    pub open_id: String,
    /// The coupon's code, where the merchant chooses it; empty otherwise.
    pub coupon_code: String,
}

impl CouponPage {
    /// A coupon of a stock for a user, under the merchant's own number.
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

    /// With a code that the merchant chooses.
    #[must_use]
    pub fn coupon_code(self, coupon_code: impl Into<String>) -> Self {
        Self { coupon_code: coupon_code.into(), ..self }
    }
}

impl Invoker {
    /// The address where a user collects a coupon, signed with the merchant's APIv2 key ([protocol §9.3]).
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
