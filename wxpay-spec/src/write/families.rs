use super::node::Mapping;
use super::scalar::Scalar;
use crate::model::{CORE, Families, Family};

pub(super) fn families(families: &Families) -> Mapping {
    let mut file = Mapping::default();
    for (name, described) in &families.by_name {
        file.push(name, family(name, described));
    }
    file
}

/// The paths are left out where they are what the name says.
fn family(name: &str, family: &Family) -> Mapping {
    let mut entry = Mapping::default();
    entry.text("title", Some(&family.title));
    if name == CORE || family.paths != [format!("/v3/{name}")] {
        entry.texts("paths", &family.paths);
    }
    entry.texts("events", &family.events);
    if family.default {
        entry.push("default", Scalar::word("true"));
    }
    entry
}
