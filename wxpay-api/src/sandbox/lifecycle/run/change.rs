//! Changes a resource: members, parts, effects, notifications, records of money.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value as Json;

use super::arithmetic::Amount;
use super::scope::Cause;
use super::transaction::{PendingNotification, PendingUrl, Stop, Transaction};
use crate::sandbox::lifecycle::describe::model::{
    Change, NotificationRule, Part, Record, Registration,
};
use crate::sandbox::lifecycle::error::LifecycleError;
use crate::sandbox::lifecycle::keep::ledger::LedgerEntry;
use crate::sandbox::lifecycle::keep::resource::{Resource, ResourceId, Whole, number};
use crate::sandbox::lifecycle::show::view;

/// The member of an element that names another merchant as its owner: 合单 orders have one for each.
const PART_OWNER: &str = "mchid";

impl<'a> Transaction<'a> {
    /// Changes a resource that is in its new state already. `each` are the events of its parts, which a new resource
    /// does not have yet.
    pub(super) fn change(
        &mut self,
        id: ResourceId,
        change: &'a Change,
        each: &'a [(String, String)],
        cause: Cause<'_>,
    ) -> Result<(), Stop> {
        for path in &change.stores {
            if let Some(value) = path.get(cause.request) {
                path.set(&mut self.edit(id)?.object, &value);
            }
        }
        for (path, value) in &change.sets {
            if let Some(value) = self.scope(id, cause).value(value) {
                path.set(&mut self.edit(id)?.object, &value);
            }
        }
        for path in &change.removes {
            path.remove(&mut self.edit(id)?.object);
        }
        self.show_in_whole(id)?;
        if self.edit(id)?.parts.is_empty() {
            self.begin_parts(id, cause)?;
        }
        for (list, event) in each {
            self.each(id, list, event, cause)?;
        }
        for effect in &change.effects {
            let scope = self.scope(id, cause);
            if effect.condition.as_ref().is_some_and(|condition| !scope.holds(condition)) {
                continue;
            }
            let inputs = effect.with.iter();
            let inputs = inputs.filter_map(|(name, it)| Some((name.clone(), scope.value(it)?)));
            let inputs = Json::Object(inputs.collect());
            if let Some(on_parts) = self.parts_in(id, &effect.on)? {
                for part in on_parts {
                    self.fire_if_possible(part, &effect.event, &inputs, cause.caller)?;
                }
                continue;
            }
            let other = self.edit(id)?.links.get(&effect.on).copied();
            // A link may be missing, and its resource may be too old to be kept.
            if let Some(other) = other.filter(|other| self.get(*other).is_some()) {
                self.fire(other, &effect.event, &inputs, cause.caller, true)?;
            }
        }
        change.notifies.iter().try_for_each(|notification| self.notify(id, notification, cause))?;
        change.records.iter().try_for_each(|record| self.record(id, record, cause))?;
        change.registers.iter().try_for_each(|it| self.register(id, it, cause))
    }

    /// Begins a part for each element of the lists that have parts.
    pub(super) fn begin_parts(&mut self, id: ResourceId, cause: Cause<'_>) -> Result<(), Stop> {
        let kind = self.edit(id)?.kind;
        for (list, part) in &self.lifecycle(kind)?.parts {
            let elements = match self.edit(id)?.object.get(list) {
                Some(Json::Array(elements)) => elements.clone(),
                _ => continue,
            };
            for (index, element) in elements.into_iter().enumerate() {
                let whole = Whole { id, list: list.clone(), index };
                self.begin_part(whole, part, element, cause)?;
            }
        }
        Ok(())
    }

    fn begin_part(
        &mut self,
        whole: Whole,
        part: &Part,
        element: Json,
        cause: Cause<'_>,
    ) -> Result<(), Stop> {
        let Some(kind) = self.definitions.kind(&part.of) else { return Ok(()) };
        let whole_id = whole.id;
        let owner = match element.get(PART_OWNER).and_then(Json::as_str) {
            Some(owner) => Arc::from(owner),
            None => Arc::clone(&self.edit(whole_id)?.owner),
        };
        let mut own = self.begin(kind, &owner, element.clone());
        own.whole = Some(whole);
        let cause = Cause { request: &element, ..cause };
        own.links = self.links(&own, cause)?;
        own.request = Arc::new(element.clone());
        self.must_be_new(&own)?;
        let id = own.id;
        self.add(own);
        self.enter(id, &part.state)?;
        self.edit(whole_id)?.parts.push(id);
        self.show_in_whole(id)
    }

    /// Refuses a resource whose own number another one has.
    pub(super) fn must_be_new(&self, own: &Resource) -> Result<(), Stop> {
        let definition = self.definition(own.kind)?;
        let Some(key) = definition.lifecycle.keys.first() else { return Ok(()) };
        let Some(number) = key.get(&own.object).and_then(|held| number(&held)) else {
            return Ok(());
        };
        match self.find(own.kind, &own.owner, key, &number) {
            Some(held) if held.id != own.id => Err(Stop::Failed(LifecycleError::NumberExists {
                lifecycle: definition.name.clone(),
                number,
            })),
            _ => Ok(()),
        }
    }

    /// Writes a part into the list of its whole.
    fn show_in_whole(&mut self, id: ResourceId) -> Result<(), Stop> {
        let part = self.get(id).ok_or(Stop::Failed(LifecycleError::Gone))?;
        let Some(Whole { id: whole, list, index }) = part.whole.clone() else { return Ok(()) };
        let shown = view::shown(self.lifecycle(part.kind)?, part);
        // The whole may be too old to be kept.
        let Ok(whole) = self.edit(whole) else { return Ok(()) };
        let elements = whole.object.get_mut(&list).and_then(Json::as_array_mut);
        if let Some(element) = elements.and_then(|elements| elements.get_mut(index)) {
            *element = shown;
        }
        Ok(())
    }

    /// Fires an event of the parts in a list. It does not happen to parts in whose state it is impossible.
    fn each(
        &mut self,
        id: ResourceId,
        list: &str,
        event: &str,
        cause: Cause<'_>,
    ) -> Result<(), Stop> {
        for part in self.parts_in(id, list)?.unwrap_or_default() {
            let Some(held) = self.get(part) else { continue };
            let inputs = self.inputs_of(held, event, cause.inputs);
            self.fire_if_possible(part, event, &inputs, cause.caller)?;
        }
        Ok(())
    }

    fn fire_if_possible(
        &mut self,
        part: ResourceId,
        event: &str,
        inputs: &Json,
        caller: &str,
    ) -> Result<(), Stop> {
        match self.get(part) {
            Some(held) if self.is_possible(held, event) => {
                self.fire(part, event, inputs, caller, true)
            }
            _ => Ok(()),
        }
    }

    /// Returns the parts in a list; `None` if the lifecycle has no such parts.
    fn parts_in(&mut self, id: ResourceId, list: &str) -> Result<Option<Vec<ResourceId>>, Stop> {
        let (kind, parts) = (self.edit(id)?.kind, self.edit(id)?.parts.clone());
        if !self.lifecycle(kind)?.parts.contains_key(list) {
            return Ok(None);
        }
        let is_in_list = |part: &ResourceId| {
            let whole = self.get(*part).and_then(|part| part.whole.as_ref());
            whole.is_some_and(|whole| whole.list == list)
        };
        Ok(Some(parts.into_iter().filter(is_in_list).collect()))
    }

    fn notify(
        &mut self,
        id: ResourceId,
        notification: &'a NotificationRule,
        cause: Cause<'_>,
    ) -> Result<(), Stop> {
        let kind = self.edit(id)?.kind;
        let definition = self.definition(kind)?;
        let scope = self.scope(id, cause);
        let Some(own) = scope.own else { return Ok(()) };
        if notification.condition.as_ref().is_some_and(|condition| !scope.holds(condition)) {
            return Ok(());
        }
        let text = |value: Json| value.as_str().filter(|text| !text.is_empty()).map(str::to_owned);
        let own_url = || own.object.get("notify_url").cloned();
        let url = match &notification.to {
            Some(to) => scope.value(to),
            None => own_url(),
        };
        let numbers = own.numbers(&definition.lifecycle.keys).next();
        let notification = PendingNotification {
            event_type: notification.event.clone(),
            lifecycle: definition.name.clone(),
            resource: id,
            number: numbers.map(|(_, number)| number).unwrap_or_default(),
            owner: Arc::clone(&own.owner),
            object: scope.changed(view::shown(&definition.lifecycle, own), &notification.sends),
            url: url.and_then(text),
            time: self.now,
        };
        self.changes.notifications.push(notification);
        Ok(())
    }

    fn record(&mut self, id: ResourceId, record: &Record, cause: Cause<'_>) -> Result<(), Stop> {
        let scope = self.scope(id, cause);
        let amount = scope.value(&record.amount).and_then(|amount| Amount::read(&amount));
        let amount = amount.and_then(Amount::to_json).and_then(|amount| amount.as_i64());
        let (Some(own), Some(amount)) = (scope.own, amount) else { return Ok(()) };
        let entry = LedgerEntry {
            kind: record.kind.clone(),
            amount,
            resource: id,
            lifecycle: self.definition(own.kind)?.name.clone(),
            owner: own.owner.as_ref().to_owned(),
            time: self.now.rfc3339(),
            object: own.object.clone(),
            related: self.related(own),
        };
        self.changes.records.push(entry);
        Ok(())
    }

    /// Returns the objects of the resources that a resource belongs to, and of those that they belong to.
    fn related(&self, own: &Resource) -> BTreeMap<String, Json> {
        let linked = |of: &Resource| {
            let linked =
                of.linked().filter_map(|(link, id)| Some((link.to_owned(), self.get(id)?)));
            linked.collect::<Vec<_>>()
        };
        let near = linked(own);
        let far = near.iter().flat_map(|(_, resource)| linked(resource)).collect::<Vec<_>>();
        // The nearer of two with the same name is inserted last.
        let all = far.into_iter().chain(near);
        all.map(|(link, resource)| (link, resource.object.clone())).collect()
    }

    fn register(
        &mut self,
        id: ResourceId,
        registration: &Registration,
        cause: Cause<'_>,
    ) -> Result<(), Stop> {
        let owner = Arc::clone(&self.edit(id)?.owner);
        let url = match &registration.to {
            None => None,
            Some(to) => {
                let url = self.scope(id, cause).value(to);
                let Some(url) = url.and_then(|url| url.as_str().map(str::to_owned)) else {
                    // A value that does not exist sets nothing.
                    return Ok(());
                };
                Some(url)
            }
        };
        self.changes.urls.push(PendingUrl { owner, event: registration.event.clone(), url });
        Ok(())
    }
}
