use serde::Serialize;

use super::{InvokeError, Invoker, JsapiPayment, MedicalInsurancePayment};

/// A payment in a mini program: the argument of `wx.requestPayment` ([protocol §9.1]).
///
/// The appid is signed but not passed.
///
/// [protocol §9.1]: crate::docs::protocol::invocation#91-paysign
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MiniProgramPayment {
    /// Unix seconds, as text.
    pub time_stamp: String,
    /// 1 to 32 characters.
    pub nonce_str: String,
    /// `prepay_id=` and the prepay id.
    pub package: String,
    /// `RSA` for merchants with an RSA key.
    pub sign_type: String,
    /// The signature in Base64.
    pub pay_sign: String,
}

impl Invoker {
    /// A payment in the mini program `appid`, with the `prepay_id` of its order ([protocol §9.1]).
    ///
    /// # Errors
    /// [`InvokeError`] when a value is empty or malformed, or when it could not be signed.
    ///
    /// [protocol §9.1]: crate::docs::protocol::invocation#91-paysign
    pub fn mini_program(
        &self,
        appid: impl Into<String>,
        prepay_id: &str,
    ) -> Result<MiniProgramPayment, InvokeError> {
        self.jsapi(appid, prepay_id).map(MiniProgramPayment::from)
    }
}

impl MiniProgramPayment {
    /// The same payment as the self-paid part of a medical insurance order ([protocol §9.1]).
    ///
    /// # Errors
    /// [`InvokeError`] when the number is empty or malformed.
    ///
    /// [protocol §9.1]: crate::docs::protocol::invocation#91-paysign
    pub fn mixed(
        self,
        mix_trade_no: impl Into<String>,
    ) -> Result<MedicalInsurancePayment, InvokeError> {
        MedicalInsurancePayment::new(&mix_trade_no.into(), None, Some(self))
    }
}

impl From<JsapiPayment> for MiniProgramPayment {
    fn from(payment: JsapiPayment) -> Self {
        let JsapiPayment { time_stamp, nonce_str, package, sign_type, pay_sign, .. } = payment;
        Self { time_stamp, nonce_str, package, sign_type, pay_sign }
    }
}
