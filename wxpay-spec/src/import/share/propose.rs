use std::collections::{BTreeMap, BTreeSet};

use super::cluster::{Cluster, clusters};
use super::name;
use super::place::{Owner, Place};
use super::proposal::Proposal;
use super::site;
use super::walk::walk;
use crate::model::{Spec, TypeId};

/// Places that look like one type: objects with nearly the same members and enums with nearly the
/// same values, within a family. What only repeats because it stands inside of something proposed
/// is not proposed itself.
#[must_use]
pub fn propose(spec: &Spec) -> Vec<Proposal> {
    let found = walk(spec);
    let clusters: Vec<Cluster<'_, '_>> =
        clusters(&found, |found| site::direction(spec, &found.place))
            .into_iter()
            .filter(|cluster| cluster.found.len() > 1)
            .collect();
    let mut homes: BTreeMap<&Place, usize> = BTreeMap::new();
    for (at, cluster) in clusters.iter().enumerate() {
        homes.extend(cluster.found.iter().map(|found| (&found.place, at)));
    }
    let mut taken: BTreeSet<TypeId> = spec.types.keys().cloned().collect();
    let mut proposals = Vec::new();
    for cluster in clusters.iter().filter(|cluster| has_two_homes(cluster, &homes)) {
        let id = name::unused(cluster, &taken);
        taken.insert(id.clone());
        let mut places: Vec<Place> =
            cluster.found.iter().map(|found| found.place.clone()).collect();
        places.sort();
        let title = cluster.found.iter().find_map(|found| found.title).map(str::to_owned);
        proposals.push(Proposal { id, title, places });
    }
    proposals.sort_by(|a, b| a.id.cmp(&b.id));
    proposals
}

/// Whether a cluster still has two places once everything around it is shared.
fn has_two_homes(cluster: &Cluster<'_, '_>, homes: &BTreeMap<&Place, usize>) -> bool {
    let distinct: BTreeSet<Home> =
        cluster.found.iter().map(|found| home(&found.place, homes)).collect();
    distinct.len() > 1
}

type Home = (Option<usize>, Option<Owner>, Vec<String>);

/// The nearest cluster around a place and the keys below it, else the place itself.
fn home(place: &Place, homes: &BTreeMap<&Place, usize>) -> Home {
    for length in (1..place.keys.len()).rev() {
        if let Some((front, rest)) = place.keys.split_at_checked(length) {
            let parent = Place { owner: place.owner.clone(), keys: front.to_vec() };
            if let Some(cluster) = homes.get(&parent) {
                return (Some(*cluster), None, rest.to_vec());
            }
        }
    }
    (None, Some(place.owner.clone()), place.keys.clone())
}
