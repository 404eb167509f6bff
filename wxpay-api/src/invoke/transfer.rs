//! Transfers that their receiver confirms.

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
    /// The merchant number; the service provider's in partner mode.
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
    /// The receiver's confirmation of a transfer in the state `WAIT_USER_CONFIRM`, with the `package_info` of the
    /// answer; nothing is signed ([protocol §9.4]).
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
        // It is passed as `package`, and may be named so.
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
    /// For a sub-merchant in partner mode. An empty one is left out.
    ///
    /// # Errors
    /// [`InvokeError`] when the number is malformed.
    pub fn sub_mch_id(self, sub_mch_id: impl Into<String>) -> Result<Self, InvokeError> {
        let sub_mch_id = unless_empty("subMchId", &sub_mch_id.into(), merchant_number)?;
        Ok(Self { sub_mch_id, ..self })
    }

    /// With the appid of a sub-merchant in partner mode. An empty one is left out.
    ///
    /// # Errors
    /// [`InvokeError`] when the appid is malformed.
    pub fn sub_app_id(self, sub_app_id: impl Into<String>) -> Result<Self, InvokeError> {
        let sub_app_id = unless_empty("subAppId", &sub_app_id.into(), checked_appid)?;
        Ok(Self { sub_app_id, ..self })
    }

    /// With the receiver's openid. An empty one is left out.
    ///
    /// # Errors
    /// [`InvokeError`] when the openid is malformed.
    pub fn open_id(self, open_id: impl Into<String>) -> Result<Self, InvokeError> {
        let open_id = unless_empty("openId", &open_id.into(), identifier)?;
        Ok(Self { open_id, ..self })
    }

    /// The form of apps, `openBusinessView` with a query whose values are percent-encoded ([protocol §9.4]).
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
