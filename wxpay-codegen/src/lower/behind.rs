//! What the compiler says where a product's cargo feature is off.

use std::collections::{BTreeMap, BTreeSet};

use wxpay_spec::model::Spec;

use super::names::{self, NameKind};
use crate::ir::{Api, Behind, Content, Gate, Ident, Link, ModulePath, TypePath};

/// The trait whose message names the features of a gate.
pub(super) fn marker(gate: &Gate) -> Option<TypePath> {
    let name = name(gate.0.as_ref()?)?;
    Some(ModulePath::top(&names::fixed("behind")).of(&name))
}

/// The messages of all gates in the chain.
pub(super) fn messages(spec: &Spec, api: &Api) -> Vec<Behind> {
    let nodes = api.contents().filter_map(|content| match content {
        Content::Node(node) => Some(&node.links),
        Content::Definition(_) | Content::Events(_) => None,
    });
    let links = nodes.flatten().chain(&api.entries);
    let gates = links.filter(|link| link.behind.is_some()).filter_map(features);
    let messages = gates.filter_map(|features| Some((name(features)?, features)));
    let messages: BTreeMap<_, _> = messages.collect();
    messages.into_iter().map(|(name, features)| message(spec, name, features)).collect()
}

fn features(link: &Link) -> Option<&BTreeSet<String>> {
    link.gate.0.as_ref()
}

fn name(features: &BTreeSet<String>) -> Option<Ident> {
    let names: Vec<_> = features.iter().map(String::as_str).collect();
    names::from_wire(&names.join("_or_"), NameKind::Place)
}

fn message(spec: &Spec, name: Ident, features: &BTreeSet<String>) -> Behind {
    let titles = features.iter().filter_map(|feature| spec.families.by_name.get(feature));
    let titles: Vec<_> = titles.map(|family| family.title.as_str()).collect();
    let what = match titles.join(", ") {
        titles if titles.is_empty() => "this product".to_owned(),
        titles => titles,
    };
    let quoted: Vec<_> = features.iter().map(|feature| format!("`{feature}`")).collect();
    let (message, label) = match quoted.as_slice() {
        [feature] => (
            format!("{what} is behind the cargo feature {feature}"),
            format!("enable the feature {feature} of `wxpay-api`"),
        ),
        all => (
            format!("{what}: behind the cargo features {}", all.join(", ")),
            format!("enable one of {} of `wxpay-api`", all.join(", ")),
        ),
    };
    let commands = features.iter().map(|name| format!("`cargo add wxpay-api --features {name}`"));
    let note = commands.collect::<Vec<_>>().join(" or ");
    Behind { name, message, label, note }
}
