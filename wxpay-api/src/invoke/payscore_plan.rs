use serde::Serialize;

use super::value::opaque;
use super::{InvokeError, Invoker, Jump, JumpData};

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
    /// The user's signing of a PayScore plan, with the `package` of the answer that created it; nothing is signed here
    /// ([protocol §9.3]).
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
