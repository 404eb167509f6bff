use http::StatusCode;
use serde_json::json;

use super::Acknowledgement;

/// The answer to `ENTRUST.TERMINATE_RETENTION` ([protocol §8.3]): what shall keep a user who is about to end
/// a contract.
///
/// That event is a question, asked while the user waits: answer within 1 second. It is not asked again,
/// so it needs no [replay guard](crate::replay).
///
/// ```
/// use wxpay_api::{Acknowledgement, Retention};
///
/// fn keep(retention_type: &str, state: &str, coupon_id: &str) -> Acknowledgement {
///     Retention::new(retention_type).coupon(state, coupon_id).into()
/// }
/// ```
///
/// [protocol §8.3]: crate::docs::protocol::notifications#83-acknowledgement
#[derive(Clone, Debug, Eq, PartialEq)]
#[must_use = "make an `Acknowledgement` of it"]
pub struct Retention {
    retention_type: String,
    coupon_info: Option<CouponInfo>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
struct CouponInfo {
    state: String,
    coupon_id: String,
}

impl Retention {
    /// What kind of retention it is, as the product's page names it.
    pub fn new(retention_type: impl Into<String>) -> Self {
        Self { retention_type: retention_type.into(), coupon_info: None }
    }

    /// The coupon that the user gets, and its state, as the product's page names it.
    pub fn coupon(self, state: impl Into<String>, coupon_id: impl Into<String>) -> Self {
        let coupon_info = CouponInfo { state: state.into(), coupon_id: coupon_id.into() };
        Self { coupon_info: Some(coupon_info), ..self }
    }
}

/// 200 with `{code, message, retention_type, coupon_info{state, coupon_id}}`.
impl From<Retention> for Acknowledgement {
    fn from(retention: Retention) -> Self {
        let mut body = json!({
            "code": "SUCCESS",
            "message": "成功",
            "retention_type": retention.retention_type,
        });
        if let (Some(coupon), Some(body)) = (retention.coupon_info, body.as_object_mut()) {
            let coupon = json!({ "state": coupon.state, "coupon_id": coupon.coupon_id });
            body.insert("coupon_info".to_owned(), coupon);
        }
        Self::json(StatusCode::OK, &body)
    }
}
