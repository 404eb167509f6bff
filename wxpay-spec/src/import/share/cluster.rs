use std::collections::BTreeSet;

use super::place::{CONTENT, ELEMENT};
use super::walk::{Found, What};
use crate::model::{Direction, FieldType};

/// Fewer members are alike by chance.
const LEAST_MEMBERS: usize = 2;
const LEAST_VALUES: usize = 2;
/// Members in common, of all members of both: equal names at equal places need less.
const LIKE: f64 = 0.6;
const VERY_LIKE: f64 = 0.85;

/// Places that look like one type.
#[derive(Debug)]
pub(super) struct Cluster<'f, 's> {
    pub(super) found: Vec<&'f Found<'s>>,
    key: String,
    kind: Kind,
    members: BTreeSet<&'s str>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Kind {
    Object(Direction),
    Enum,
}

/// Groups what looks alike within a family: the larger ones first, so that the smaller find them.
pub(super) fn clusters<'f, 's>(
    all: &'f [Found<'s>],
    direction: impl Fn(&Found<'s>) -> Option<Direction>,
) -> Vec<Cluster<'f, 's>> {
    let mut candidates: Vec<Cluster<'f, 's>> =
        all.iter().filter_map(|found| single(found, direction(found))).collect();
    candidates.sort_by_key(|candidate| std::cmp::Reverse(candidate.members.len()));
    let mut clusters: Vec<Cluster<'f, 's>> = Vec::new();
    for candidate in candidates {
        match clusters.iter_mut().find(|cluster| cluster.is_like(&candidate)) {
            Some(cluster) => cluster.found.extend(candidate.found),
            None => clusters.push(candidate),
        }
    }
    clusters
}

fn single<'f, 's>(found: &'f Found<'s>, direction: Option<Direction>) -> Option<Cluster<'f, 's>> {
    let (kind, members) = match found.ty {
        What::Object(fields) if fields.len() >= LEAST_MEMBERS => {
            (Kind::Object(direction?), fields.iter().map(|field| field.name.as_str()).collect())
        }
        What::Enum(FieldType::Enum { values, .. }) if values.len() >= LEAST_VALUES => {
            (Kind::Enum, values.iter().map(|value| value.wire.as_str()).collect())
        }
        _ => return None,
    };
    Some(Cluster { found: vec![found], key: key(found).to_owned(), kind, members })
}

/// The name of the member that holds it; a body has none.
fn key<'f>(found: &'f Found<'_>) -> &'f str {
    let mut keys = found.place.keys.iter().skip(1).rev();
    keys.find(|key| *key != ELEMENT && *key != CONTENT).map_or("", String::as_str)
}

impl<'s> Cluster<'_, 's> {
    fn is_like(&self, other: &Self) -> bool {
        let family = |cluster: &Self| cluster.found.first().map(|found| found.family);
        if self.kind != other.kind || family(self) != family(other) {
            return false;
        }
        let common = self.members.intersection(&other.members).count();
        let all = self.members.len() + other.members.len() - common;
        #[expect(clippy::cast_precision_loss, reason = "there are at most some hundred members")]
        let likeness = common as f64 / all as f64;
        likeness >= if self.key == other.key { LIKE } else { VERY_LIKE }
    }

    pub(super) fn members(&self) -> &BTreeSet<&'s str> {
        &self.members
    }
}
