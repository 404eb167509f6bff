//! Merchant transfers that the receiver confirms.

use serde::Serialize;

use super::invoker::Invoker;
use super::jump::{AppJump, query_string};
use super::value::{
    InvokeError, appid as checked_appid, identifier, merchant_number, opaque, unless_empty,
};

/// A transfer that its receiver confirms: the argument of `requestMerchantTransfer` in mini programs and on web pages
/// inside WeChat ([protocol §9.4]).
///
/// [protocol §9.4]: crate::docs::protocol::invocation#94-confirming-a-merchant-transfer
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MerchantTransfer {
    /// The merchant number. In partner mode it is the service provider's.
    pub mch_id: String,
    /// The appid that invokes.
    pub app_id: String,
    /// The transfer's `package_info`, valid for about 24 hours.
    pub package: String,
    /// The sub-merchant in partner mode; empty otherwise.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub sub_mch_id: String,
    /// The sub-merchant's appid in partner mode; empty otherwise.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub sub_app_id: String,
    /// The receiver, where it is asked for; empty otherwise.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub open_id: String,
}

impl Invoker {
    /// Makes the confirmation of a transfer in the state `WAIT_USER_CONFIRM` ([protocol §9.4]).
    ///
    /// The `package_info` is in the response. Nothing is signed.
    ///
    /// # Errors
    /// [`InvokeError`] when a value is empty or malformed.
    ///
    /// [protocol §9.4]: crate::docs::protocol::invocation#94-confirming-a-merchant-transfer
    pub fn merchant_transfer(
        &self,
        appid: impl Into<String>,
        package_info: impl Into<String>,
    ) -> Result<MerchantTransfer, InvokeError> {
        // Front ends name it `package`, so that it may come with this name.
        let package_info = package_info.into();
        let package_info = package_info.trim().trim_start_matches("package=").to_owned();
        Ok(MerchantTransfer {
            mch_id: self.mchid(),
            app_id: checked_appid("appId", &appid.into())?,
            package: opaque("package_info", &package_info)?,
            sub_mch_id: String::new(),
            sub_app_id: String::new(),
            open_id: String::new(),
        })
    }
}

impl MerchantTransfer {
    /// Sets the sub-merchant in partner mode. Empty text is left out.
    ///
    /// # Errors
    /// [`InvokeError`] when the number is malformed.
    pub fn sub_mch_id(self, sub_mch_id: impl Into<String>) -> Result<Self, InvokeError> {
        let sub_mch_id = unless_empty("subMchId", &sub_mch_id.into(), merchant_number)?;
        Ok(Self { sub_mch_id, ..self })
    }

    /// Sets the appid of the sub-merchant in partner mode. Empty text is left out.
    ///
    /// # Errors
    /// [`InvokeError`] when the appid is malformed.
    pub fn sub_app_id(self, sub_app_id: impl Into<String>) -> Result<Self, InvokeError> {
        let sub_app_id = unless_empty("subAppId", &sub_app_id.into(), checked_appid)?;
        Ok(Self { sub_app_id, ..self })
    }

    /// Sets the receiver's openid. Empty text is left out.
    ///
    /// # Errors
    /// [`InvokeError`] when the openid is malformed.
    pub fn open_id(self, open_id: impl Into<String>) -> Result<Self, InvokeError> {
        let open_id = unless_empty("openId", &open_id.into(), identifier)?;
        Ok(Self { open_id, ..self })
    }

    /// Returns the form of apps: `openBusinessView` with a query of percent-encoded values ([protocol §9.4]).
    ///
    /// [protocol §9.4]: crate::docs::protocol::invocation#94-confirming-a-merchant-transfer
    #[must_use]
    pub fn app(&self) -> AppJump {
        let query = query_string(&[
            ("mchId", &self.mch_id),
            ("appId", &self.app_id),
            ("package", &self.package),
            ("subMchId", &self.sub_mch_id),
            ("subAppId", &self.sub_app_id),
            ("openId", &self.open_id),
        ]);
        AppJump { business_type: "requestMerchantTransfer", query }
    }
}
