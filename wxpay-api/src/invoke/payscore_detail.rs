use serde::Serialize;

use super::value::identifier;
use super::{InvokeError, Invoker, Jump, JumpData};
use crate::protocol::ApiV2Key;

/// The user looks at a PayScore order: `wxpayScoreDetail` ([protocol §9.3]).
///
/// [protocol §9.3]: crate::docs::protocol::invocation#93-signatures-with-the-apiv2-key
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PayscoreDetail {
    /// The merchant number; the service provider's in partner mode.
    pub mch_id: String,
    /// The PayScore service.
    pub service_id: String,
    /// The merchant's number of the order.
    pub out_order_no: String,
    /// Unix seconds, as text.
    pub timestamp: String,
    /// 1 to 32 characters.
    pub nonce_str: String,
    /// `HMAC-SHA256`.
    pub sign_type: String,
    /// The signature in hexadecimal.
    pub sign: String,
}

impl Invoker {
    /// The page of a PayScore order, signed with the merchant's APIv2 key ([protocol §9.3]).
    ///
    /// # Errors
    /// [`InvokeError`] when a value is empty or malformed, or when there is no randomness.
    ///
    /// [protocol §9.3]: crate::docs::protocol::invocation#93-signatures-with-the-apiv2-key
    pub fn payscore_detail(
        &self,
        service_id: impl Into<String>,
        out_order_no: impl Into<String>,
        key: &ApiV2Key,
    ) -> Result<Jump<PayscoreDetail>, InvokeError> {
        let stamp = self.stamp()?;
        let mut detail = PayscoreDetail {
            mch_id: self.mchid(),
            service_id: identifier("service_id", &service_id.into())?,
            out_order_no: identifier("out_order_no", &out_order_no.into())?,
            timestamp: stamp.timestamp,
            nonce_str: stamp.nonce,
            sign_type: "HMAC-SHA256".to_owned(),
            sign: String::new(),
        };
        detail.sign = key.hmac_sha256(&detail.fields());
        Ok(Jump::new(detail))
    }
}

impl JumpData for PayscoreDetail {
    const BUSINESS_TYPE: &'static str = "wxpayScoreDetail";

    fn fields(&self) -> Vec<(&'static str, &str)> {
        vec![
            ("mch_id", &self.mch_id),
            ("service_id", &self.service_id),
            ("out_order_no", &self.out_order_no),
            ("timestamp", &self.timestamp),
            ("nonce_str", &self.nonce_str),
            ("sign_type", &self.sign_type),
            ("sign", &self.sign),
        ]
    }
}
