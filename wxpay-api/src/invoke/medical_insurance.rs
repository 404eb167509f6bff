use serde::Serialize;

use super::value::identifier;
use super::{InvokeError, MiniProgramPayment};

/// A medical insurance order to be paid: the argument of `requestMedicalInsurancePay` ([protocol §9.1]).
///
/// [`JsapiPayment::mixed`](super::JsapiPayment::mixed) and [`MiniProgramPayment::mixed`] make it of an order that is paid in
/// part by the patient; the order's number is not signed.
///
/// [protocol §9.1]: crate::docs::protocol::invocation#91-paysign
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MedicalInsurancePayment {
    /// The mixed order's `mix_trade_no`.
    pub mix_trade_no: String,
    /// The appid that invokes; none in mini programs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_id: Option<String>,
    /// What the patient pays, its members beside `mixTradeNo`; none where insurance pays all.
    #[serde(flatten)]
    pub payment: Option<MiniProgramPayment>,
}

impl MedicalInsurancePayment {
    /// An order that insurance pays alone: there is nothing to sign.
    ///
    /// # Errors
    /// [`InvokeError`] when the number is empty or malformed.
    pub fn insurance_only(mix_trade_no: impl Into<String>) -> Result<Self, InvokeError> {
        Self::new(&mix_trade_no.into(), None, None)
    }

    pub(super) fn new(
        mix_trade_no: &str,
        app_id: Option<String>,
        payment: Option<MiniProgramPayment>,
    ) -> Result<Self, InvokeError> {
        let mix_trade_no = identifier("mixTradeNo", mix_trade_no)?;
        Ok(Self { mix_trade_no, app_id, payment })
    }
}
