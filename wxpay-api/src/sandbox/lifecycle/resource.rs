//! The handle of a resource, for tests in Rust.

use std::fmt;
use std::sync::Arc;

use serde_json::{Value, json};

use super::error::LifecycleError;
use super::show::journal::{NotificationAttempt, SentNotification};
use super::world::{ResourceFilter, ResourceId, ResourceView};
use crate::sandbox::error::SandboxError;
use crate::sandbox::state::Shared;

/// A resource that the sandbox remembers: a payment, a refund, a complaint.
///
/// [`Sandbox::order`](crate::sandbox::Sandbox::order) and [`Sandbox::resource`](crate::sandbox::Sandbox::resource)
/// find one. It shows the present, each time it is asked.
#[derive(Clone)]
pub struct SandboxResource {
    shared: Arc<Shared>,
    id: ResourceId,
}

impl SandboxResource {
    pub(in crate::sandbox) fn new(shared: &Arc<Shared>, id: ResourceId) -> Self {
        Self { shared: Arc::clone(shared), id }
    }

    /// Returns the name of the state, such as `SUCCESS`.
    ///
    /// # Errors
    /// [`LifecycleError::Gone`] if the sandbox was reset, or holds only newer resources.
    pub fn state(&self) -> Result<String, LifecycleError> {
        self.view().map(|view| view.state)
    }

    /// Returns what the sandbox remembers of it, without the members that its state hides. Secrets are plain.
    ///
    /// It has members that no single response has: the `code_url` and `prepay_id` of the order's response, numbers that
    /// only the lifecycle counts with, such as `prepaid_at`, and the `sp_openid` of a direct order. See
    /// [`shown`](SandboxResource::shown) for what the merchant's query shows.
    ///
    /// # Errors
    /// As [`SandboxResource::state`].
    pub fn object(&self) -> Result<Value, LifecycleError> {
        self.view().map(|view| view.object)
    }

    /// Returns the response to the merchant's query of it, such as that of an order by its `out_trade_no`. Secrets are
    /// plain.
    ///
    /// # Errors
    /// As [`SandboxResource::state`], and [`LifecycleError::NothingQueries`] if WeChat Pay has no query of one such
    /// resource.
    pub fn shown(&self) -> Result<Value, LifecycleError> {
        self.shared.world().queried(self.id)
    }

    /// Returns the name of its lifecycle, such as `pay/transaction`.
    ///
    /// # Errors
    /// As [`SandboxResource::state`].
    pub fn lifecycle(&self) -> Result<String, LifecycleError> {
        self.view().map(|view| view.lifecycle)
    }

    /// Returns the events that can happen now.
    ///
    /// # Errors
    /// As [`SandboxResource::state`].
    pub fn possible_events(&self) -> Result<Vec<String>, LifecycleError> {
        self.view().map(|view| view.events.into_iter().map(|event| event.name).collect())
    }

    /// Lets an event happen, such as `succeed` of a refund.
    ///
    /// # Errors
    /// [`LifecycleError`] if there is no such event, or if it is impossible in this state.
    pub fn event(&self, name: &str) -> Result<&Self, LifecycleError> {
        self.event_with(name, Value::Null)
    }

    /// Lets an event happen with inputs, a JSON object.
    ///
    /// # Errors
    /// As [`SandboxResource::event`], and for inputs that the event does not take.
    pub fn event_with(&self, name: &str, inputs: Value) -> Result<&Self, LifecycleError> {
        self.shared.world().fire(self.id, name, &inputs)?;
        Ok(self)
    }

    /// Lets the user pay.
    ///
    /// # Errors
    /// As [`SandboxResource::event`].
    pub fn pay(&self) -> Result<&Self, LifecycleError> {
        self.event("pay")
    }

    /// Lets the user pay less than the whole amount, because a coupon pays the rest. The amount is in fen.
    ///
    /// # Errors
    /// As [`SandboxResource::event`].
    pub fn pay_with_coupon(&self, payer_total: i64) -> Result<&Self, LifecycleError> {
        self.event_with("pay", json!({ "payer_total": payer_total }))
    }

    /// Returns the refunds of a payment, the oldest first.
    ///
    /// # Errors
    /// As [`SandboxResource::state`].
    pub fn refunds(&self) -> Result<Vec<Self>, LifecycleError> {
        let belonging = self.belonging(None)?;
        let refunds = belonging.into_iter().filter(|view| view.lifecycle.contains("refund"));
        Ok(refunds.map(|view| Self::new(&self.shared, view.id)).collect())
    }

    /// Returns the resources of a lifecycle that belong to this one, the oldest first.
    ///
    /// # Errors
    /// As [`SandboxResource::state`], and for an unknown lifecycle.
    pub fn related(&self, lifecycle: &str) -> Result<Vec<Self>, LifecycleError> {
        let belonging = self.belonging(Some(lifecycle))?.into_iter();
        Ok(belonging.map(|view| Self::new(&self.shared, view.id)).collect())
    }

    /// Returns its parts, such as the orders of a combined payment, in their order.
    ///
    /// # Errors
    /// As [`SandboxResource::state`].
    pub fn parts(&self) -> Result<Vec<Self>, LifecycleError> {
        let parts = self.view()?.parts.into_iter();
        Ok(parts.map(|id| Self::new(&self.shared, id)).collect())
    }

    /// Returns the notifications about it, the oldest first. Those that were not sent are included.
    #[must_use]
    pub fn notifications(&self) -> Vec<SentNotification> {
        self.shared.world().notifications(Some(self.id))
    }

    /// Sends one more copy of the newest notification about it, and returns how the merchant's server responded.
    ///
    /// A copy has the same id and body, and its own signature and time. It goes at once, also if the notification was
    /// acknowledged or its schedule has ended: WeChat Pay may send any notification again, so that a shop must survive
    /// it. [`Sandbox::notify_again`](crate::sandbox::Sandbox::notify_again) sends a copy of an older one. An acknowledged
    /// copy ends the schedule.
    ///
    /// # Errors
    /// [`SandboxError::NoCopy`] if there is no notification about it, if it was not sent, or if newer ones took the memory
    /// of its body; see [`SandboxBuilder::journal_bytes`](crate::sandbox::SandboxBuilder::journal_bytes). A server that does
    /// not acknowledge the copy is not an error.
    pub async fn notify_again(&self) -> Result<NotificationAttempt, SandboxError> {
        self.shared.world().notify_again(self.id).await
    }

    fn view(&self) -> Result<ResourceView, LifecycleError> {
        self.shared.world().resource(self.id)
    }

    fn belonging(&self, lifecycle: Option<&str>) -> Result<Vec<ResourceView>, LifecycleError> {
        self.view()?;
        let lifecycle = lifecycle.map(str::to_owned);
        let filter = ResourceFilter { lifecycle, of: Some(self.id), ..ResourceFilter::default() };
        let (mut resources, _) = self.shared.world().resources(&filter)?;
        resources.reverse();
        Ok(resources)
    }
}

impl fmt::Debug for SandboxResource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let view = self.view();
        let view = view.as_ref();
        formatter
            .debug_struct("SandboxResource")
            .field("lifecycle", &view.map(|view| &view.lifecycle))
            .field("keys", &view.map(|view| &view.keys))
            .field("state", &view.map(|view| &view.state))
            .finish_non_exhaustive()
    }
}
