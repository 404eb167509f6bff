//! What the query of a resource shows, without a request.

use serde_json::{Map, Value as Json};

use super::project::project;
use crate::sandbox::book::{BookMember, BookOperation};
use crate::sandbox::lifecycle::describe::Definition;
use crate::sandbox::lifecycle::describe::model::{Act, Lifecycle};
use crate::sandbox::lifecycle::error::LifecycleError;
use crate::sandbox::lifecycle::keep::resource::{Resource, ResourceId};
use crate::sandbox::lifecycle::run::act::{Shown, changes_nothing};
use crate::sandbox::lifecycle::world::World;
use crate::sandbox::request::route::MatchedRoute;

impl World<'_> {
    /// Returns the response to the merchant's query of a resource. Its secrets are plain.
    pub(in crate::sandbox) fn queried(self, id: ResourceId) -> Result<Json, LifecycleError> {
        let held = self.lifecycles_held();
        let resource = held.memory().store.get(id).cloned().ok_or(LifecycleError::Gone)?;
        let definition = held.rules.definitions.get(resource.kind).ok_or(LifecycleError::Gone)?;
        let Definition { name, lifecycle } = definition;
        for path in queries(lifecycle) {
            let Ok(route) = self.shared.routes.find("GET", path) else { continue };
            let Some((operation, request)) = request(&route, lifecycle, &resource) else {
                continue;
            };
            let Some(schema) = &operation.response else { continue };
            let shown = held.operate("GET", path, &resource.owner, || request);
            match shown.transpose() {
                Ok(Some(Shown::Object { object, .. })) => {
                    return Ok(project(route.book(), schema, &object).unwrap_or_default());
                }
                Ok(Some(Shown::List { .. }) | None) => {}
                Err(refusal) => {
                    let (code, message) = (refusal.code, refusal.message);
                    let status = refusal.status.as_u16();
                    return Err(LifecycleError::Refused { status, code, message });
                }
            }
        }
        Err(LifecycleError::NothingQueries { lifecycle: name.clone() })
    }
}

/// Returns the URLs of the operations that read one resource.
fn queries(lifecycle: &Lifecycle) -> impl Iterator<Item = &str> {
    let finding = lifecycle
        .operations
        .iter()
        .filter(|(_, rule)| matches!(&rule.act, Act::Finds { from, .. } if from.is_empty()));
    finding.flat_map(|(_, rule)| {
        let reading = rule.on.iter().filter(|on| on.method == "GET" && changes_nothing(rule, on));
        reading.map(|on| on.path.as_str())
    })
}

/// Makes the request of a query from the members of a resource; `None` if it lacks some.
fn request<'r>(
    route: &'r MatchedRoute,
    lifecycle: &Lifecycle,
    resource: &Resource,
) -> Option<(&'r BookOperation, Json)> {
    let operation = route.operation()?;
    let is_own_number = |member: &&BookMember| {
        lifecycle.keys.first().is_some_and(|key| key.as_str() == member.name)
    };
    let queried = operation.query.iter().filter(|it| it.required || is_own_number(it));
    let mut request = Map::new();
    for member in operation.parameters.iter().chain(queried) {
        request.insert(member.name.clone(), value(&member.name, resource)?);
    }
    Some((operation, Json::Object(request)))
}

fn value(name: &str, resource: &Resource) -> Option<Json> {
    match resource.object.get(name) {
        Some(value @ (Json::String(_) | Json::Number(_))) => Some(value.clone()),
        // A direct merchant is the owner, even if no request names him.
        _ if name == "mchid" && resource.object.get("sp_mchid").is_none() => {
            Some(resource.owner.as_ref().into())
        }
        _ => None,
    }
}
