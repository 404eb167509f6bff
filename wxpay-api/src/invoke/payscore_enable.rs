use serde::Serialize;

use super::value::opaque;
use super::{InvokeError, Invoker, Jump, JumpData};

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
    /// The user's authorisation of a PayScore service, with the token of the pre-authorisation; nothing is signed
    /// ([protocol §9.3]).
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
