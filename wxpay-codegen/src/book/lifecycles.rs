//! Chooses the lifecycles of a book: those that play its operations, and all that they name.

use std::collections::BTreeMap;

use wxpay_spec::model::Spec;
use wxpay_spec::model::lifecycle::{Lifecycle, Value};

/// Collects the lifecycles of the families that `wanted` accepts, those of other families that play their operations,
/// and those that these name.
pub(super) fn of(spec: &Spec, wanted: impl Fn(&str) -> bool) -> BTreeMap<&str, &Lifecycle> {
    let mut chosen = BTreeMap::new();
    let plays = |lifecycle: &Lifecycle| {
        let mut bindings = lifecycle.operations.iter().flat_map(|(_, rule)| &rule.on);
        let endpoint = |path| spec.endpoints.get(path);
        bindings.any(|it| endpoint(&it.path).is_some_and(|endpoint| wanted(&endpoint.family)))
    };
    let own = spec.lifecycles.iter();
    let own = own.filter(|(_, lifecycle)| wanted(&lifecycle.family) || plays(lifecycle));
    let mut next: Vec<&str> = own.map(|(place, _)| place.as_str()).collect();
    while let Some(place) = next.pop() {
        let Some((place, lifecycle)) = spec.lifecycles.get_key_value(place) else { continue };
        if chosen.insert(place.as_str(), lifecycle).is_none() {
            next.extend(named(lifecycle));
        }
    }
    chosen
}

/// Returns the lifecycles that one names: of its links, its parts and its related resources.
fn named(lifecycle: &Lifecycle) -> Vec<&str> {
    let links = lifecycle.links.values().flat_map(|link| &link.to).map(String::as_str);
    let parts = lifecycle.parts.values().map(|part| part.of.as_str());
    let mut named: Vec<&str> = links.chain(parts).collect();
    lifecycle.each_value(&mut |value| {
        if let Value::SumOf { related, .. } | Value::CountOf(related) = value {
            named.push(&related.lifecycle);
        }
    });
    named
}
