//! Facts into descriptors that are there: what a person wrote stays.

mod absent;
mod fields;
mod named;
mod notification;
mod operation;
mod session;
mod ty;

use std::collections::{BTreeMap, BTreeSet};

use super::{Imported, Remark};
use crate::model::{Endpoint, Method, Spec};
use absent::Absent;
pub(super) use fields::fields as merge_fields;
pub(super) use session::Session;
pub(super) use ty::merge_values;

/// The descriptors with an import brought in.
#[derive(Clone, Debug)]
pub struct Merged {
    /// The descriptors as they are to be; not checked yet.
    pub spec: Spec,
    /// Where the import and the descriptors contradict each other; the descriptors won.
    pub remarks: Vec<Remark>,
    /// Fields whose `corrects` the import agrees with, so that it has to go.
    pub outdated: Vec<Remark>,
}

/// Brings facts into descriptors.
///
/// Facts are added or updated, in operations, in notifications and in the named types that their
/// places use, where the facts of all places count together; a type that places outside the import
/// use too only gets wider. Rust names, notes, repeat rules, named types, computed members and
/// digests stay, and so does a field with `corrects`, apart from its own members. Nothing is
/// removed: what the facts lack is remarked.
#[must_use]
pub fn merge(spec: &Spec, imported: &Imported) -> Merged {
    let before = spec;
    let mut session = Session::default();
    session.is_whole = imported.is_whole;
    let mut spec = spec.clone();
    let mut reached = BTreeSet::new();
    for facts in &imported.endpoints {
        let Some(path) = home(&spec.endpoints, facts, imported, &mut session) else { continue };
        reached.extend(facts.operations.keys().map(|method| (path.clone(), *method)));
        match spec.endpoints.get_mut(&path) {
            Some(have) => endpoint(have, facts, &mut session),
            None => drop(spec.endpoints.insert(path, facts.clone())),
        }
    }
    let absent = Absent::of(before, imported, &reached);
    notification::merge(&mut spec.notifications, &imported.notifications, &mut session);
    named::merge(&mut spec.types, &absent.types, &mut session);
    if imported.is_whole {
        absent.remark(&mut session);
    }
    Merged { spec, remarks: session.remarks, outdated: session.outdated }
}

/// The URL whose descriptor the facts belong to. One that differs only in the `/` at its end would
/// have the same file, and pages cannot tell the two apart.
fn home(
    have: &BTreeMap<String, Endpoint>,
    facts: &Endpoint,
    imported: &Imported,
    session: &mut Session,
) -> Option<String> {
    let other = match have.get(&facts.path) {
        Some(_) => None,
        None => have.values().find(|other| other.source == facts.source),
    };
    let Some(other) = other else { return Some(facts.path.clone()) };
    session.enter(facts.path.clone());
    if imported.endpoints.iter().any(|endpoint| endpoint.path == other.path) {
        session.remark(format!("left out: {} describes `{}`", other.source, other.path));
        return None;
    }
    session.remark(format!("taken as `{}`, as {} has it", other.path, other.source));
    Some(other.path.clone())
}

fn endpoint(have: &mut Endpoint, facts: &Endpoint, session: &mut Session) {
    // A page names no host, and a document leaves the default one out.
    have.host = facts.host.clone().or(have.host.take());
    for (method, operation) in &facts.operations {
        session.enter(place(*method, have));
        match have.operations.get_mut(method) {
            Some(have) => operation::merge(have, operation, session),
            None => {
                have.operations.insert(*method, operation.clone());
            }
        }
    }
}

fn place(method: Method, endpoint: &Endpoint) -> String {
    format!("{} {}: ", method.wire(), endpoint.path)
}
