//! Jumps to a page of WeChat, in the form that each platform takes.

use std::ops::Deref;

use serde::Serialize;

use crate::client::percent_encode;

/// A jump to a page of WeChat by `openBusinessView`, in the form that each platform takes ([protocol §9.3]).
///
/// [protocol §9.3]: crate::docs::protocol::invocation#93-signatures-with-the-apiv2-key
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Jump<T>(T);

/// The data of a jump.
pub trait JumpData: Serialize {
    /// The `businessType` of `openBusinessView`.
    const BUSINESS_TYPE: &'static str;

    /// The members in the official order.
    fn fields(&self) -> Vec<(&'static str, &str)>;
}

/// The argument of a mini program's `wx.openBusinessView`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MiniProgramJump<T> {
    /// The business type.
    pub business_type: &'static str,
    /// The data of the jump.
    pub extra_data: T,
}

/// The argument of JSAPI's `openBusinessView`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct JsapiJump {
    /// The business type.
    pub business_type: &'static str,
    /// The data of the jump, with percent-encoded values.
    pub query_string: String,
}

/// The members of an app's `WXOpenBusinessView` request.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AppJump {
    /// The business type.
    pub business_type: &'static str,
    /// The data of the jump, with percent-encoded values.
    pub query: String,
}

impl<T: JumpData> Jump<T> {
    pub(super) fn new(data: T) -> Self {
        Self(data)
    }

    /// Returns the form of mini programs.
    #[must_use]
    pub fn mini_program(self) -> MiniProgramJump<T> {
        MiniProgramJump { business_type: T::BUSINESS_TYPE, extra_data: self.0 }
    }

    /// Returns the form of web pages inside WeChat.
    #[must_use]
    pub fn jsapi(&self) -> JsapiJump {
        JsapiJump { business_type: T::BUSINESS_TYPE, query_string: self.query_string() }
    }

    /// Returns the form of apps.
    #[must_use]
    pub fn app(&self) -> AppJump {
        AppJump { business_type: T::BUSINESS_TYPE, query: self.query_string() }
    }

    /// Writes the data as a query string, with percent-encoded values.
    #[must_use]
    pub fn query_string(&self) -> String {
        query_string(&self.0.fields())
    }
}

impl<T> Deref for Jump<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

/// Writes fields as a query string, with percent-encoded values and without empty fields.
pub(super) fn query_string(fields: &[(&str, &str)]) -> String {
    let fields = fields.iter().filter(|(_, value)| !value.is_empty());
    let pairs: Vec<_> =
        fields.map(|(name, value)| format!("{name}={}", percent_encode(value))).collect();
    pairs.join("&")
}
