//! The handle of a resource, for tests in Rust.

use std::fmt;
use std::sync::Arc;

use serde_json::{Value, json};

use super::error::LifecycleError;
use super::show::journal::SentNotification;
use super::world::{ResourceFilter, ResourceId, ResourceView};
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

    /// Returns the members that its state shows. Secrets are plain.
    ///
    /// A response has those of them that its descriptor has: only ordering shows a `code_url`, for example.
    ///
    /// # Errors
    /// As [`SandboxResource::state`].
    pub fn object(&self) -> Result<Value, LifecycleError> {
        self.view().map(|view| view.object)
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
