//! PayScore: the user authorises a service, signs a plan, confirms an order, or looks at an order.

use serde::Serialize;

use super::invoker::Invoker;
use super::jump::{JsapiJump, Jump, JumpData};
use super::value::{InvokeError, identifier, malformed, opaque, query};
use crate::protocol::ApiV2Key;

/// The user authorises a PayScore service: `wxpayScoreEnable` ([protocol §9.3]).
///
/// [protocol §9.3]: crate::docs::protocol::invocation#93-signatures-with-the-apiv2-key
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PayscoreEnable {
    /// The token of the pre-authorisation, valid for 1 hour.
    pub apply_permissions_token: String,
}

impl Invoker {
    /// Makes the jump to authorise a PayScore service, with the token of the pre-authorisation ([protocol §9.3]).
    ///
    /// Nothing is signed.
    ///
    /// # Errors
    /// [`InvokeError`] when the token is empty or malformed.
    ///
    /// [protocol §9.3]: crate::docs::protocol::invocation#93-signatures-with-the-apiv2-key
    pub fn payscore_enable(
        &self,
        apply_permissions_token: impl Into<String>,
    ) -> Result<Jump<PayscoreEnable>, InvokeError> {
        let apply_permissions_token =
            opaque("apply_permissions_token", &apply_permissions_token.into())?;
        Ok(Jump::new(PayscoreEnable { apply_permissions_token }))
    }
}

impl JumpData for PayscoreEnable {
    const BUSINESS_TYPE: &'static str = "wxpayScoreEnable";

    fn fields(&self) -> Vec<(&'static str, &str)> {
        vec![("apply_permissions_token", &self.apply_permissions_token)]
    }
}

/// The user signs a PayScore plan: `wxpayScorePlan` ([protocol §9.3]).
///
/// [protocol §9.3]: crate::docs::protocol::invocation#93-signatures-with-the-apiv2-key
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PayscorePlan {
    /// The `package` of the created plan.
    pub package: String,
}

impl Invoker {
    /// Makes the jump to sign a PayScore plan, with the `package` of the response that created it ([protocol §9.3]).
    ///
    /// No signature of the merchant is needed.
    ///
    /// # Errors
    /// [`InvokeError`] when the package is empty or malformed.
    ///
    /// [protocol §9.3]: crate::docs::protocol::invocation#93-signatures-with-the-apiv2-key
    pub fn payscore_plan(
        &self,
        package: impl Into<String>,
    ) -> Result<Jump<PayscorePlan>, InvokeError> {
        Ok(Jump::new(PayscorePlan { package: opaque("package", &package.into())? }))
    }
}

impl JumpData for PayscorePlan {
    const BUSINESS_TYPE: &'static str = "wxpayScorePlan";

    fn fields(&self) -> Vec<(&'static str, &str)> {
        vec![("package", &self.package)]
    }
}

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
    /// Makes the jump to confirm a PayScore order, signed with the merchant's APIv2 key ([protocol §9.3]).
    ///
    /// The `package` is in the response that created the order. If it is a query string with its own signature, use
    /// [`payscore_confirm_package`](Invoker::payscore_confirm_package). Official texts disagree on which form is current.
    ///
    /// # Errors
    /// * [`InvokeError`] when the package is empty or malformed, or without random bytes for the nonce.
    /// * [`InvokeError::SignedPackage`] when the package has its own signature.
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

    /// Makes the jump to confirm a PayScore order whose `package` is a signed query string ([protocol §9.3]).
    ///
    /// The package is passed on unchanged.
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

/// Whether a package is a query string with its own signature.
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

/// The user looks at a PayScore order: `wxpayScoreDetail` ([protocol §9.3]).
///
/// [protocol §9.3]: crate::docs::protocol::invocation#93-signatures-with-the-apiv2-key
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PayscoreDetail {
    /// The merchant number; the service provider's in partner mode.
    pub mch_id: String,
    /// The PayScore service.
    pub service_id: String,
    /// The merchant's number of the order.
    pub out_order_no: String,
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
    /// Makes the jump to the page of a PayScore order, signed with the merchant's APIv2 key ([protocol §9.3]).
    ///
    /// # Errors
    /// [`InvokeError`] when a value is empty or malformed, or without random bytes for the nonce.
    ///
    /// [protocol §9.3]: crate::docs::protocol::invocation#93-signatures-with-the-apiv2-key
    pub fn payscore_detail(
        &self,
        service_id: impl Into<String>,
        out_order_no: impl Into<String>,
        key: &ApiV2Key,
    ) -> Result<Jump<PayscoreDetail>, InvokeError> {
        let stamp = self.stamp()?;
        let mut detail = PayscoreDetail {
            mch_id: self.mchid(),
            service_id: identifier("service_id", &service_id.into())?,
            out_order_no: identifier("out_order_no", &out_order_no.into())?,
            timestamp: stamp.timestamp,
            nonce_str: stamp.nonce,
            sign_type: "HMAC-SHA256".to_owned(),
            sign: String::new(),
        };
        detail.sign = key.hmac_sha256(&detail.fields());
        Ok(Jump::new(detail))
    }
}

impl JumpData for PayscoreDetail {
    const BUSINESS_TYPE: &'static str = "wxpayScoreDetail";

    fn fields(&self) -> Vec<(&'static str, &str)> {
        vec![
            ("mch_id", &self.mch_id),
            ("service_id", &self.service_id),
            ("out_order_no", &self.out_order_no),
            ("timestamp", &self.timestamp),
            ("nonce_str", &self.nonce_str),
            ("sign_type", &self.sign_type),
            ("sign", &self.sign),
        ]
    }
}
