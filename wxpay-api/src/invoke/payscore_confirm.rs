use serde::Serialize;

use super::value::{malformed, opaque, query};
use super::{InvokeError, Invoker, JsapiJump, Jump, JumpData};
use crate::protocol::ApiV2Key;

/// The user confirms a PayScore order: `wxpayScoreUse` ([protocol §9.3]).
///
/// [protocol §9.3]: crate::docs::protocol::invocation#93-signatures-with-the-apiv2-key
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PayscoreConfirm {
    /// The merchant number; the service provider's in partner mode.
    pub mch_id: String,
    /// The `package` of the created order.
    pub package: String,
    /// Unix seconds, as text.
    pub timestamp: String,
    /// 1 to 32 characters.
    pub nonce_str: String,
    /// `HMAC-SHA256`.
    pub sign_type: String,
    /// The signature in hexadecimal.
    pub sign: String,
}

impl Invoker {
    /// The user's confirmation of a PayScore order, signed with the merchant's APIv2 key; the `package` is in the
    /// answer that created the order ([protocol §9.3]).
    ///
    /// Where that `package` is a query string with a signature of its own, use
    /// [`payscore_confirm_package`](Invoker::payscore_confirm_package): official texts disagree on which of the two is
    /// current.
    ///
    /// # Errors
    /// [`InvokeError`] when the package is empty or malformed, [`InvokeError::SignedPackage`] when it has a signature of its own, or
    /// when there is no randomness.
    ///
    /// [protocol §9.3]: crate::docs::protocol::invocation#93-signatures-with-the-apiv2-key
    pub fn payscore_confirm(
        &self,
        package: impl Into<String>,
        key: &ApiV2Key,
    ) -> Result<Jump<PayscoreConfirm>, InvokeError> {
        let package = package.into();
        if is_signed(&package) {
            return Err(InvokeError::SignedPackage);
        }
        let package = opaque("package", &package)?;
        let stamp = self.stamp()?;
        let mut confirm = PayscoreConfirm {
            mch_id: self.mchid(),
            package,
            timestamp: stamp.timestamp,
            nonce_str: stamp.nonce,
            sign_type: "HMAC-SHA256".to_owned(),
            sign: String::new(),
        };
        confirm.sign = key.hmac_sha256(&confirm.fields());
        Ok(Jump::new(confirm))
    }

    /// The user's confirmation of a PayScore order whose `package` is a complete query string, `signature` included; it
    /// is passed on as it is ([protocol §9.3]).
    ///
    /// # Errors
    /// [`InvokeError`] when the package is empty, malformed or without a signature.
    ///
    /// [protocol §9.3]: crate::docs::protocol::invocation#93-signatures-with-the-apiv2-key
    pub fn payscore_confirm_package(
        &self,
        package: impl Into<String>,
    ) -> Result<JsapiJump, InvokeError> {
        let query_string = query("package", &package.into())?;
        if !is_signed(&query_string) {
            return Err(malformed(
                "package",
                "has no signature: use `payscore_confirm`, which signs it",
            ));
        }
        Ok(JsapiJump { business_type: PayscoreConfirm::BUSINESS_TYPE, query_string })
    }
}

/// Whether a package is a query string with a signature of its own.
fn is_signed(package: &str) -> bool {
    let is_signature = |pair: &str| {
        let pair = pair.strip_prefix("package=").unwrap_or(pair);
        pair.starts_with("signature=") || pair.starts_with("sign=")
    };
    package.trim().split(['?', '&']).any(is_signature)
}

impl JumpData for PayscoreConfirm {
    const BUSINESS_TYPE: &'static str = "wxpayScoreUse";

    fn fields(&self) -> Vec<(&'static str, &str)> {
        vec![
            ("mch_id", &self.mch_id),
            ("package", &self.package),
            ("timestamp", &self.timestamp),
            ("nonce_str", &self.nonce_str),
            ("sign_type", &self.sign_type),
            ("sign", &self.sign),
        ]
    }
}
