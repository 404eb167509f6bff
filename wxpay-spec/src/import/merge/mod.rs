//! Facts into descriptors that are there: what a person wrote stays.

mod choice;
mod corrected;
mod enumeration;
mod fields;
mod named;
mod notification;
mod operation;
mod session;
mod ty;

pub(super) use enumeration::values;
pub(super) use fields::fields as union;
pub(super) use session::Session;

use super::{Imported, Remark};
use crate::model::{Endpoint, Spec};

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
/// places use, where the facts of all places count together. Rust names, notes, repeat rules, named
/// types, computed members and digests stay, and so does a field with `corrects`, apart from its own
/// members. Nothing is removed: what the facts lack is remarked.
#[must_use]
pub fn merge(spec: &Spec, imported: &Imported) -> Merged {
    let mut session = Session::default();
    let mut spec = spec.clone();
    for endpoint in &imported.endpoints {
        match spec.endpoints.get_mut(&endpoint.path) {
            Some(have) => self::endpoint(have, endpoint, &mut session),
            None => {
                spec.endpoints.insert(endpoint.path.clone(), endpoint.clone());
            }
        }
    }
    notification::merge(&mut spec.notifications, &imported.notifications, &mut session);
    named::merge(&mut spec.types, &mut session);
    Merged { spec, remarks: session.remarks, outdated: session.outdated }
}

fn endpoint(have: &mut Endpoint, facts: &Endpoint, session: &mut Session) {
    have.host.clone_from(&facts.host);
    for (method, operation) in &facts.operations {
        session.enter(format!("{} {}: ", method.wire(), facts.path));
        match have.operations.get_mut(method) {
            Some(have) => operation::merge(have, operation, session),
            None => {
                have.operations.insert(*method, operation.clone());
            }
        }
    }
}
