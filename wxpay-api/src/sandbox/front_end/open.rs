//! A payment that a front end opened: the user pays, fails or cancels.

use std::fmt;
use std::sync::Arc;

use serde::Serialize;
use serde_json::{Value, json};

use super::check::{Hints, Verified, verify};
use super::error::FrontEndError;
use super::kind::FrontEndKind;
use crate::sandbox::handle::Sandbox;
use crate::sandbox::lifecycle::error::LifecycleError;
use crate::sandbox::lifecycle::resource::SandboxResource;
use crate::sandbox::lifecycle::world::{ResourceFilter, ResourceView};
use crate::sandbox::state::Shared;

/// What the user does.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::sandbox) enum UserAction {
    Pay,
    Fail,
    Cancel,
}

impl Sandbox {
    /// Opens a payment with the values that a front end is given, as WeChat does.
    ///
    /// Pass what [`crate::invoke`] made, the same object as JSON, a `code_url` or an `h5_url`. The sandbox verifies the
    /// signature, and whether the order, its merchant, its appid and its age fit.
    ///
    /// ```
    /// # #[cfg(feature = "pay")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use wxpay_api::sandbox::Sandbox;
    ///
    /// let sandbox = Sandbox::start().await?;
    /// let wx = sandbox.client()?;
    /// let order = wx
    ///     .v3().pay().transactions().jsapi()
    ///     .post(|r| {
    ///         r.appid("wxd678efh567hg6787").mchid(sandbox.merchant().id()).description("QQ公仔")
    ///             .out_trade_no("order-1").amount(|a| a.total(100))
    ///             .notify_url("https://shop.example/notify").payer(|p| p.openid("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"))
    ///     })
    ///     .await?;
    /// let payment = wx.invoke().jsapi("wxd678efh567hg6787", &order.prepay_id)?;
    /// assert!(sandbox.open_payment(&payment).is_ok());
    /// # Ok(())
    /// # }
    /// # #[cfg(not(feature = "pay"))]
    /// # fn main() {}
    /// ```
    ///
    /// # Errors
    /// [`FrontEndError`] lists everything that differs, and has the message that must be signed.
    pub fn open_payment(&self, given: impl Serialize) -> Result<OpenedPayment, FrontEndError> {
        self.open(given, Hints::default())
    }

    /// As [`open_payment`](Sandbox::open_payment), in the mini program `appid`, which is signed but not passed.
    ///
    /// # Errors
    /// As [`open_payment`](Sandbox::open_payment).
    pub fn open_payment_in(
        &self,
        appid: &str,
        given: impl Serialize,
    ) -> Result<OpenedPayment, FrontEndError> {
        self.open(given, Hints { appid: Some(appid.to_owned()), kind: None })
    }

    fn open(&self, given: impl Serialize, hints: Hints) -> Result<OpenedPayment, FrontEndError> {
        let given = serde_json::to_value(given).unwrap_or_default();
        let verified = verify(&self.shared, given, &hints)?;
        Ok(OpenedPayment { shared: Arc::clone(&self.shared), verified })
    }
}

/// A payment, a confirmation or an authorisation that a front end opened.
#[derive(Clone)]
pub struct OpenedPayment {
    shared: Arc<Shared>,
    verified: Verified,
}

impl OpenedPayment {
    /// Returns what was opened.
    #[must_use]
    pub fn kind(&self) -> FrontEndKind {
        self.verified.kind
    }

    /// Returns the merchant number of the account that signed or ordered.
    #[must_use]
    pub fn merchant_id(&self) -> &str {
        &self.verified.account
    }

    /// Returns the message that was signed; `None` if nothing is signed.
    #[must_use]
    pub fn signed_message(&self) -> Option<&str> {
        self.verified.signed_message.as_deref()
    }

    /// Returns the resource that is paid, confirmed or authorised.
    ///
    /// # Errors
    /// [`LifecycleError::UnknownResource`] if the sandbox does not remember it: a test planned the response, or the
    /// operation has no lifecycle.
    pub fn resource(&self) -> Result<SandboxResource, LifecycleError> {
        match resource(&self.shared, &self.verified)? {
            Some(view) => Ok(SandboxResource::new(&self.shared, view.id)),
            None => Err(unknown(&self.verified)),
        }
    }

    /// Pays, confirms or authorises as the user.
    ///
    /// # Errors
    /// [`LifecycleError`] if the resource cannot be paid now, or if the sandbox does not remember it.
    pub fn pay(&self) -> Result<(), LifecycleError> {
        act(&self.shared, &self.verified, UserAction::Pay).map(|_| ())
    }

    /// Fails as the user's attempt does: without enough money, or with a wrong password. An order stays payable.
    ///
    /// # Errors
    /// As [`pay`](OpenedPayment::pay).
    pub fn fail(&self) -> Result<(), LifecycleError> {
        act(&self.shared, &self.verified, UserAction::Fail).map(|_| ())
    }
}

impl fmt::Debug for OpenedPayment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("OpenedPayment")
            .field("kind", &self.verified.kind)
            .field("merchant_id", &self.verified.account)
            .finish_non_exhaustive()
    }
}

/// Finds the resource that a credential is for.
pub(in crate::sandbox) fn resource(
    shared: &Shared,
    verified: &Verified,
) -> Result<Option<ResourceView>, LifecycleError> {
    let Some(credential) = &verified.credential else {
        return Ok(None);
    };
    for (name, number) in &credential.numbers {
        let filter = ResourceFilter {
            owner: Some(credential.account.clone()),
            number: Some(number.clone()),
            ..ResourceFilter::default()
        };
        let (resources, _) = shared.world().resources(&filter)?;
        let is_meant = |resource: &ResourceView| {
            resource.whole.is_none()
                && resource.keys.get(name.as_ref()).and_then(Value::as_str) == Some(number)
        };
        if let Some(found) = resources.into_iter().find(is_meant) {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// Does what the user does. Returns the resource afterwards.
///
/// Coupons, red packets and jumps without a change have no resource: there is nothing to fire.
pub(in crate::sandbox) fn act(
    shared: &Shared,
    verified: &Verified,
    action: UserAction,
) -> Result<Option<ResourceView>, LifecycleError> {
    let names = event_names(verified.kind, action);
    let resource = match resource(shared, verified)? {
        Some(resource) => resource,
        None if names.is_empty() => return Ok(None),
        None => return Err(unknown(verified)),
    };
    let possible = names.iter().find(|name| resource.events.iter().any(|it| it.name == **name));
    match (possible.or(names.first()), action) {
        // Not every resource has an attempt that fails.
        (_, UserAction::Fail) if possible.is_none() => Ok(Some(resource)),
        (Some(event), _) => shared.world().fire(resource.id, event, &json!({})).map(Some),
        (None, _) => Ok(Some(resource)),
    }
}

/// Reports a resource that the sandbox does not remember.
fn unknown(verified: &Verified) -> LifecycleError {
    let numbers = verified.credential.iter().flat_map(|credential| &credential.numbers);
    let number = numbers.map(|(_, number)| number.clone()).next().unwrap_or_default();
    LifecycleError::UnknownResource { lifecycle: "resource".to_owned(), number, known: Vec::new() }
}

/// The events that a user's action may be, the first known one counts.
fn event_names(kind: FrontEndKind, action: UserAction) -> &'static [&'static str] {
    use FrontEndKind as K;
    match (action, kind) {
        (UserAction::Cancel, _) => &[],
        (UserAction::Fail, _) => &["fail"],
        (UserAction::Pay, K::PayscoreConfirm | K::Transfer | K::PayscorePlan) => {
            &["confirm", "sign"]
        }
        (UserAction::Pay, K::PayscoreEnable) => &["authorise"],
        (UserAction::Pay, K::CouponPlugin | K::CouponPage | K::RedPacket | K::PayscoreDetail) => {
            &[]
        }
        (UserAction::Pay, _) => &["pay"],
    }
}

/// Returns the amount of an order in fen.
pub(super) fn amount(object: &Value) -> Option<i64> {
    if let Some(total) = object.pointer("/amount/total").and_then(Value::as_i64) {
        return Some(total);
    }
    if let Some(Value::Array(orders)) = object.get("sub_orders") {
        let amounts = orders
            .iter()
            .map(|order| order.pointer("/amount/total_amount").and_then(Value::as_i64));
        return amounts.collect::<Option<Vec<_>>>().map(|amounts| amounts.iter().sum());
    }
    let members = ["transfer_amount", "total_amount"];
    members.iter().find_map(|name| object.get(*name).and_then(Value::as_i64))
}
