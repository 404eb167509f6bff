//! Optional inputs from an `Option`, in the middle of a chain of setters.

/// Sets an input only where there is a value for it. Every builder has it once the trait is imported.
///
/// ```
/// use wxpay_api::{Client, WhenSome};
///
/// async fn refund(wx: &Client, reason: Option<&str>, sub_mchid: Option<String>) -> Result<(), wxpay_api::Error> {
///     let refund = wx
///         .v3().refund().domestic().refunds()
///         .post(|r| {
///             r.when_some(sub_mchid, |r, id| r.sub_mchid(id))
///                 .out_refund_no("refund-1")
///                 .amount(|a| a.refund(100).total(888).currency("CNY"))
///                 .out_trade_no("order-1")
///                 .when_some(reason, |r, reason| r.reason(reason))
///         })
///         .await?;
///     println!("{}", refund.refund_id);
///     Ok(())
/// }
/// ```
///
/// One method for all inputs spares every setter a second one, or an argument that no longer takes a
/// plain text.
pub trait WhenSome: Sized {
    /// Calls `set` with the builder and the value, or returns the builder as it is.
    #[must_use]
    fn when_some<T>(self, value: Option<T>, set: impl FnOnce(Self, T) -> Self) -> Self {
        match value {
            Some(value) => set(self, value),
            None => self,
        }
    }
}

impl<B> WhenSome for B {}
