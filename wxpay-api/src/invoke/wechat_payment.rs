//! Payments inside WeChat: web pages (JSAPI), mini programs, and medical insurance orders of both.

use serde::Serialize;

use super::invoker::Invoker;
use super::value::{InvokeError, appid as checked_appid, identifier};
use crate::protocol::{Merchant, Scheme, message};

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
    /// Makes a payment on a web page inside WeChat (JSAPI), with the `prepay_id` of its order ([protocol §9.1]).
    ///
    /// A `prepay_id=` before the id is removed, so that it is not signed twice.
    ///
    /// # Errors
    /// [`InvokeError`] when a value is empty or malformed, or when signing fails.
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
    /// Makes this payment the self-paid part of a medical insurance order ([protocol §9.1]).
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

/// A payment in a mini program: the argument of `wx.requestPayment` ([protocol §9.1]).
///
/// The appid is signed, but is not a member.
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
    /// Makes a payment in the mini program `appid`, with the `prepay_id` of its order ([protocol §9.1]).
    ///
    /// # Errors
    /// [`InvokeError`] when a value is empty or malformed, or when signing fails.
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
    /// Makes this payment the self-paid part of a medical insurance order ([protocol §9.1]).
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

/// A medical insurance order to be paid: the argument of `requestMedicalInsurancePay` ([protocol §9.1]).
///
/// [`JsapiPayment::mixed`](super::JsapiPayment::mixed) and [`MiniProgramPayment::mixed`] make it for an order of which the
/// patient pays a part. The number of the mixed order is not signed.
///
/// [protocol §9.1]: crate::docs::protocol::invocation#91-paysign
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MedicalInsurancePayment {
    /// The mixed order's `mix_trade_no`.
    pub mix_trade_no: String,
    /// The appid that invokes. It is `None` in mini programs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_id: Option<String>,
    /// The payment of the patient, whose members are beside `mixTradeNo`. It is `None` where insurance pays all.
    #[serde(flatten)]
    pub payment: Option<MiniProgramPayment>,
}

impl MedicalInsurancePayment {
    /// Makes an order that insurance pays alone. Nothing is signed.
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

/// Returns the `signType` of a payment, which is not a part of the signed message.
fn sign_type(merchant: &Merchant) -> &'static str {
    match merchant.scheme() {
        Scheme::Rsa | Scheme::Brand => "RSA",
        // The reference says “the SM name” without spelling it. This is the algorithm's name in the scheme, as `RSA`
        // is.
        Scheme::Sm2 => "SM2-WITH-SM3",
    }
}
