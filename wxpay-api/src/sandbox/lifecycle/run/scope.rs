//! What the words of a descriptor can read: scopes such as `own` and `request`, and links.

use serde_json::Value as Json;

use super::transaction::Transaction;
use crate::sandbox::lifecycle::describe::model::Related;
use crate::sandbox::lifecycle::describe::path::{FieldPath, FieldPlace};
use crate::sandbox::lifecycle::keep::resource::{Kind, Resource, ResourceId, WHOLE};

/// The scope of the merchant, and what `by` names for all resources of the merchant.
const CALLER: &str = "caller";

/// Why something happens: a request or an event, and the account that it comes from.
#[derive(Clone, Copy)]
pub(in crate::sandbox) struct Cause<'a> {
    /// `null` for an event.
    pub(in crate::sandbox) request: &'a Json,
    /// `null` for an operation.
    pub(in crate::sandbox) inputs: &'a Json,
    /// The merchant number or brand id.
    pub(in crate::sandbox) caller: &'a str,
}

/// The place in which a value is computed.
#[derive(Clone, Copy)]
pub(in crate::sandbox) struct Scope<'a> {
    pub(super) transaction: &'a Transaction<'a>,
    /// `None` where no resource is found yet.
    pub(super) own: Option<&'a Resource>,
    /// The lifecycle whose words are read.
    pub(super) kind: Option<Kind>,
    pub(super) cause: Cause<'a>,
    pub(super) item: Option<&'a Json>,
}

impl<'a> Scope<'a> {
    /// Returns the same scope for an element of a list.
    pub(super) fn with_item<'b>(self, item: &'b Json) -> Scope<'b>
    where
        'a: 'b,
    {
        Scope { item: Some(item), ..self }
    }

    /// Reads a member.
    pub(super) fn field(self, field: &FieldPath) -> Option<Json> {
        let object = match field.scope.as_str() {
            "request" => Some(self.cause.request),
            "input" => Some(self.cause.inputs),
            "item" => self.item,
            CALLER => return Some(self.cause.caller.into()),
            "setting" => return self.setting(&field.place),
            "own" => return read(self.own?, &field.place),
            link => return read(self.transaction.get(self.linked(link)?)?, &field.place),
        };
        match &field.place {
            FieldPlace::Member(path) => path.get(object?),
            _ => None,
        }
    }

    /// Reads a setting of the resource's lifecycle.
    fn setting(self, place: &FieldPlace) -> Option<Json> {
        let FieldPlace::Member(name) = place else { return None };
        self.transaction
            .setting(self.kind?, name.as_str())
            .filter(|limit| !limit.is_null())
            .cloned()
    }

    /// Returns the resources that `sum_of` and `count_of` are about.
    pub(super) fn related(self, related: &Related) -> Vec<&'a Resource> {
        let transaction = self.transaction;
        let Some(kind) = transaction.definitions.kind(&related.lifecycle) else {
            return Vec::new();
        };
        let all = match related.by.as_str() {
            CALLER => transaction.owned(kind, self.cause.caller),
            "own" => {
                let own = self.own.map(|own| own.id);
                own.map_or_else(Vec::new, |own| {
                    transaction.linked(kind, related.link.as_deref(), own)
                })
            }
            by => self.linked(by).map_or_else(Vec::new, |to| {
                transaction.linked(kind, Some(related.link.as_deref().unwrap_or(by)), to)
            }),
        };
        let all = all.into_iter();
        let all = all.filter_map(|id| transaction.get(id)).filter(|resource| {
            (related.states.is_empty() || related.states.contains(&resource.state))
                && related
                    .condition
                    .as_ref()
                    .is_none_or(|condition| self.with_item(&resource.object).holds(condition))
        });
        all.collect()
    }

    /// Returns the id of the resource at the end of a link.
    fn linked(self, link: &str) -> Option<ResourceId> {
        let own = self.own?;
        match link {
            WHOLE => own.whole.as_ref().map(|whole| whole.id),
            link => own.links.get(link).copied(),
        }
    }
}

fn read(resource: &Resource, place: &FieldPlace) -> Option<Json> {
    match place {
        FieldPlace::State => state(&resource.state),
        FieldPlace::Before => state(&resource.before),
        FieldPlace::Created => Some(resource.created.rfc3339().into()),
        FieldPlace::Entered => Some(resource.entered.rfc3339().into()),
        FieldPlace::Member(path) => path.get(&resource.object),
    }
}

/// A new resource has no state before it enters its first one.
fn state(name: &str) -> Option<Json> {
    (!name.is_empty()).then(|| name.into())
}
