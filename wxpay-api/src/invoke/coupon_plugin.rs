use serde::Serialize;

use super::{Coupon, InvokeError, Invoker};
use crate::protocol::ApiV2Key;

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
    /// Coupons for the mini-program plugin to send, signed with the merchant's APIv2 key ([protocol §9.3]).
    ///
    /// # Errors
    /// [`InvokeError`] without coupons, and for one whose stock or number is empty or malformed.
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

/// The members of all coupons, the coupon's number from 0 behind each name.
fn numbered(coupons: &[Coupon]) -> Vec<(String, &str)> {
    let mut members = Vec::new();
    for (number, coupon) in coupons.iter().enumerate() {
        members.extend(coupon.fields().map(|(name, value)| (format!("{name}{number}"), value)));
    }
    members
}
