use serde::Serialize;

use super::sign_type::sign_type;
use super::value::{appid as checked_appid, identifier};
use super::{InvokeError, Invoker, MedicalInsurancePayment};
use crate::protocol::message;

/// A payment on a web page inside WeChat: the argument of `getBrandWCPayRequest` ([protocol §9.1]).
///
/// [protocol §9.1]: crate::docs::protocol::invocation#91-paysign
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct JsapiPayment {
    /// The appid that invokes.
    pub app_id: String,
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
    /// A payment on a web page inside WeChat (JSAPI), with the `prepay_id` of its order ([protocol §9.1]).
    /// A `prepay_id=` before it is no part of it, and is not signed twice.
    ///
    /// # Errors
    /// [`InvokeError`] when a value is empty or malformed, or when it could not be signed.
    ///
    /// [protocol §9.1]: crate::docs::protocol::invocation#91-paysign
    pub fn jsapi(
        &self,
        appid: impl Into<String>,
        prepay_id: &str,
    ) -> Result<JsapiPayment, InvokeError> {
        let app_id = checked_appid("appId", &appid.into())?;
        let package = format!("prepay_id={}", identifier("prepay_id", prepay_id)?);
        let stamp = self.stamp()?;
        let message = message::payment(&app_id, &stamp.timestamp, &stamp.nonce, &package);
        Ok(JsapiPayment {
            app_id,
            time_stamp: stamp.timestamp,
            nonce_str: stamp.nonce,
            package,
            sign_type: sign_type(self.merchant()).to_owned(),
            pay_sign: self.sign(&message)?,
        })
    }
}

impl JsapiPayment {
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
        let app_id = Some(self.app_id.clone());
        MedicalInsurancePayment::new(&mix_trade_no.into(), app_id, Some(self.into()))
    }
}
