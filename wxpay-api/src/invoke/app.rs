//! Payments in apps, in the spellings of iOS and Android.

use serde::Serialize;

use super::invoker::Invoker;
use super::value::{InvokeError, appid as checked_appid, identifier};
use crate::protocol::message;

/// A payment in an app, in the spelling of iOS ([protocol §9.1]).
///
/// [protocol §9.1]: crate::docs::protocol::invocation#91-paysign
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct AppPayment {
    /// The appid that invokes.
    pub appid: String,
    /// The merchant number that created the order. In partner mode it is the service provider's.
    pub partnerid: String,
    /// The prepay id.
    pub prepayid: String,
    /// `Sign=WXPay`.
    pub package: String,
    /// 1 to 32 characters.
    pub noncestr: String,
    /// Unix seconds, as text.
    pub timestamp: String,
    /// The signature in Base64.
    pub sign: String,
}

/// A payment in an app, in the spelling of Android: `packageValue` in place of `package` ([protocol §9.1]).
///
/// [protocol §9.1]: crate::docs::protocol::invocation#91-paysign
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct AndroidPayment {
    /// The appid that invokes.
    pub appid: String,
    /// The merchant number that created the order. In partner mode it is the service provider's.
    pub partnerid: String,
    /// The prepay id.
    pub prepayid: String,
    /// `Sign=WXPay`.
    #[serde(rename = "packageValue")]
    pub package_value: String,
    /// 1 to 32 characters.
    pub noncestr: String,
    /// Unix seconds, as text.
    pub timestamp: String,
    /// The signature in Base64.
    pub sign: String,
}

impl Invoker {
    /// Makes a payment in the app `appid`, with the `prepay_id` of its order ([protocol §9.1]).
    ///
    /// # Errors
    /// [`InvokeError`] when a value is empty or malformed, or when signing fails.
    ///
    /// [protocol §9.1]: crate::docs::protocol::invocation#91-paysign
    pub fn app(
        &self,
        appid: impl Into<String>,
        prepay_id: impl Into<String>,
    ) -> Result<AppPayment, InvokeError> {
        let appid = checked_appid("appid", &appid.into())?;
        let prepayid = identifier("prepay_id", &prepay_id.into())?;
        let stamp = self.stamp()?;
        // For apps the prepay id alone is signed, not `prepay_id=…`.
        let message = message::payment(&appid, &stamp.timestamp, &stamp.nonce, &prepayid);
        Ok(AppPayment {
            appid,
            partnerid: self.mchid(),
            prepayid,
            package: "Sign=WXPay".to_owned(),
            noncestr: stamp.nonce,
            timestamp: stamp.timestamp,
            sign: self.sign(&message)?,
        })
    }
}

impl AppPayment {
    /// Converts the payment to the spelling of Android.
    #[must_use]
    pub fn android(self) -> AndroidPayment {
        let Self { appid, partnerid, prepayid, package, noncestr, timestamp, sign } = self;
        AndroidPayment {
            appid,
            partnerid,
            prepayid,
            package_value: package,
            noncestr,
            timestamp,
            sign,
        }
    }
}
