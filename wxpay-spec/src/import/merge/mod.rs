//! Merges imported facts into existing descriptors. What a person wrote stays.

mod absent;
mod declared;
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

/// Descriptors with the facts of an import.
#[derive(Clone, Debug)]
pub struct Merged {
    /// The new descriptors, not checked yet.
    pub spec: Spec,
    /// Contradictions between the import and the descriptors, where the descriptors won.
    pub remarks: Vec<Remark>,
    /// Fields whose `corrects` the import agrees with, so that it must be removed.
    pub outdated: Vec<Remark>,
}

/// Merges facts into descriptors.
///
/// Facts are added or updated in operations, in notifications and in the named types they use. For a
/// named type, the facts of all its places count together. A type that other places use too only
/// gets wider.
///
/// Rust names, notes, retry rules, named types, computed members and digests stay. So does a field
/// with `corrects`, except for its own members. Nothing is removed: a remark says what the facts
/// lack.
#[must_use]
pub fn merge(spec: &Spec, imported: &Imported) -> Merged {
    let before = spec;
    let mut session = Session::default();
    session.is_whole = imported.is_whole;
    session.declared.clone_from(&imported.types);
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
    declared::collect(&spec, &mut session);
    named::merge(&mut spec.types, &absent.types, &mut session);
    declared::add(&mut spec, imported);
    if imported.is_whole {
        absent.remark(&mut session);
    }
    Merged { spec, remarks: session.remarks, outdated: session.outdated }
}

/// Finds the URL whose descriptor the facts belong to.
///
/// A URL that differs only in a trailing `/` has the same file, and pages do not tell the two apart.
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
    // A page names no host, and a document leaves the default host out.
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
