//! Merges imported facts into existing descriptors. What a person wrote stays.

mod absent;
mod correction;
mod declared;
mod fields;
mod named;
mod notification;
mod operation;
mod page;
mod renamed;
mod session;
mod ty;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::{Imported, Remark};
use crate::model::{Body, Endpoint, Input, Method, Spec, TypeId};
use absent::Absent;
pub(super) use fields::fields as merge_fields;
use session::FactSource;
pub(super) use session::Session;
pub(super) use ty::merge_values;

/// Descriptors with the facts of an import.
#[derive(Clone, Debug)]
pub struct Merged {
    /// The new descriptors, not checked yet.
    pub spec: Spec,
    /// Contradictions between the import and the descriptors, where the descriptors won.
    pub remarks: Vec<Remark>,
    /// Corrected facts that the import agrees with, so that they must be removed from `corrects`.
    pub outdated: Vec<Remark>,
    /// What the descriptors have and the import lacks. It stays.
    pub absent: Vec<Remark>,
}

/// Merges facts into descriptors.
///
/// Facts are added or updated in operations, in notifications and in the named types they use. For a
/// named type, the facts of all its places count together. A type that other places use too only
/// gets wider.
///
/// Rust names, notes, retry rules, named types, computed members and digests stay. So do the facts
/// that `corrects` names, or all of a field if it names none, except for its members. Nothing is removed: [`Merged::absent`] says what the
/// facts lack.
///
/// A page changes less than a document: known facts stay, and a new member of a known operation is
/// optional.
#[must_use]
pub fn merge(spec: &Spec, imported: &Imported) -> Merged {
    let before = spec;
    let mut session = Session::default();
    session.source = if imported.is_whole { FactSource::Document } else { FactSource::Page };
    session.declared.clone_from(&imported.types);
    let mut spec = spec.clone();
    let mut homes = Homes::new(before, imported);
    let mut reached = BTreeSet::new();
    for facts in &imported.endpoints {
        let Some(facts) = homes.facts_at_home(facts, &mut session) else { continue };
        let methods = facts.operations.keys();
        reached.extend(methods.map(|method| (facts.path.clone(), *method)));
        match spec.endpoints.get_mut(&facts.path) {
            Some(have) => endpoint(have, &facts, &mut session),
            None => drop(spec.endpoints.insert(facts.path.clone(), facts)),
        }
    }
    let absent = Absent::of(before, imported, &reached);
    notification::merge(&mut spec.notifications, &imported.notifications, &mut session);
    declared::collect(&spec, &mut session);
    named::merge(&mut spec.types, &absent.types, &natural_keys(before), &mut session);
    declared::add(&mut spec, imported);
    if imported.is_whole {
        absent.note(&mut session);
    }
    let Session { remarks, outdated, absent, .. } = session;
    Merged { spec, remarks, outdated, absent }
}

/// The members of named requests by which WeChat Pay recognises a retry.
fn natural_keys(spec: &Spec) -> BTreeMap<TypeId, BTreeSet<String>> {
    let mut keys: BTreeMap<TypeId, BTreeSet<String>> = BTreeMap::new();
    for operation in spec.endpoints.values().flat_map(|endpoint| endpoint.operations.values()) {
        if let (Some(key), Input::Json(Body::Named(id))) =
            (operation::natural_key(operation), &operation.input)
        {
            keys.entry(id.clone()).or_default().insert(key);
        }
    }
    keys
}

/// Finds the descriptor that facts belong to, although they may spell its URL in another way.
struct Homes<'i> {
    known: BTreeSet<String>,
    /// The path of each file.
    by_source: HashMap<String, String>,
    /// The paths of each spelling; two that differ only in it cannot be told apart.
    by_spelling: HashMap<String, Vec<String>>,
    imported: HashSet<&'i str>,
    is_page: bool,
}

impl<'i> Homes<'i> {
    fn new(spec: &Spec, imported: &'i Imported) -> Self {
        let mut homes = Self {
            known: BTreeSet::new(),
            by_source: HashMap::new(),
            by_spelling: HashMap::new(),
            imported: imported.endpoints.iter().map(|facts| facts.path.as_str()).collect(),
            is_page: !imported.is_whole,
        };
        for endpoint in spec.endpoints.values() {
            homes.add(endpoint);
        }
        homes
    }

    fn add(&mut self, endpoint: &Endpoint) {
        self.known.insert(endpoint.path.clone());
        self.by_source.insert(endpoint.source.clone(), endpoint.path.clone());
        let spelling = spelling(&endpoint.path, self.is_page);
        self.by_spelling.entry(spelling).or_default().push(endpoint.path.clone());
    }

    /// Returns the facts with the path, the parameters and the file of their descriptor.
    fn facts_at_home(&mut self, facts: &Endpoint, session: &mut Session) -> Option<Endpoint> {
        if self.known.contains(&facts.path) {
            return Some(facts.clone());
        }
        let alike = self.by_spelling.get(&spelling(&facts.path, self.is_page)).map(Vec::as_slice);
        let other = match (self.by_source.get(&facts.source), alike) {
            (Some(other), _) => other.clone(),
            (None, Some([other])) if !self.imported.contains(other.as_str()) => other.clone(),
            _ => {
                self.add(facts);
                return Some(facts.clone());
            }
        };
        session.enter(facts.path.clone());
        if self.imported.contains(other.as_str()) {
            session.remark(format!("left out: the same URL as `{other}`"));
            return None;
        }
        session.remark(format!("taken as `{other}`, as a descriptor has it"));
        Some(renamed(facts, &other))
    }
}

/// The spelling of a URL without what sources write in different ways: a `/` at the end and the names
/// of parameters, and in pages upper case, `-` and `_`.
fn spelling(path: &str, is_page: bool) -> String {
    let part = |part: &str| match part.starts_with('{') {
        true => "{}".to_owned(),
        false if is_page => part.replace(['-', '_'], "").to_lowercase(),
        false => part.to_owned(),
    };
    path.trim_end_matches('/').split('/').map(part).collect::<Vec<_>>().join("/")
}

/// Gives facts another path, and its names to their parameters.
fn renamed(facts: &Endpoint, path: &str) -> Endpoint {
    let mut facts = Endpoint { path: path.to_owned(), ..facts.clone() };
    let names = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let names: Vec<&str> = names.collect();
    for operation in facts.operations.values_mut() {
        for (field, name) in operation.path.iter_mut().zip(&names) {
            field.name = (*name).to_owned();
        }
    }
    facts
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
