//! Objects and enums that are written out somewhere, grouped by likeness.

use std::collections::{BTreeSet, HashMap};

use crate::model::place::{CONTENT, ELEMENT};
use crate::model::visit::{
    Visit, walk_body, walk_endpoint, walk_field, walk_named_type, walk_notification,
    walk_operation, walk_spec, walk_type,
};
use crate::model::{
    Body, Direction, Endpoint, EntryName, EnumValue, Field, FieldPlace, FieldType, NamedType,
    Notification, Operation, Spec, TypeId,
};

/// An object or an enum that is written out at a place.
#[derive(Debug)]
pub(super) struct WrittenOut<'s> {
    pub(super) place: FieldPlace,
    pub(super) family: &'s str,
    pub(super) title: Option<&'s str>,
    ty: WrittenType<'s>,
}

#[derive(Clone, Copy, Debug)]
enum WrittenType<'s> {
    Object(&'s [Field]),
    Enum(&'s [EnumValue]),
}

/// Finds everything that is written out somewhere, parents before their members.
pub(super) fn written_out(spec: &Spec) -> Vec<WrittenOut<'_>> {
    let mut finder = Finder::default();
    walk_spec(&mut finder, spec);
    finder.found
}

#[derive(Default)]
struct Finder<'s> {
    family: &'s str,
    /// The title of the operation or the notification.
    entry_title: Option<&'s str>,
    /// The title of the nearest member.
    title: Option<&'s str>,
    found: Vec<WrittenOut<'s>>,
}

impl<'s> Finder<'s> {
    fn add(&mut self, place: &FieldPlace, ty: WrittenType<'s>) {
        if !is_single_text(place) {
            let (family, title) = (self.family, self.title);
            self.found.push(WrittenOut { place: place.clone(), family, title, ty });
        }
    }
}

/// Whether a place is in the headers or in the parts of a form, for which no type is proposed.
fn is_single_text(place: &FieldPlace) -> bool {
    let section = place.keys.first().map(String::as_str);
    matches!(place.entry, EntryName::Operation(..)) && matches!(section, Some("header" | "parts"))
}

impl<'s> Visit<'s> for Finder<'s> {
    fn visit_endpoint(&mut self, endpoint: &'s Endpoint) {
        self.family = &endpoint.family;
        walk_endpoint(self, endpoint);
    }

    fn visit_operation(&mut self, place: &FieldPlace, operation: &'s Operation) {
        self.entry_title = Some(&operation.title);
        walk_operation(self, place, operation);
    }

    fn visit_notification(&mut self, place: &FieldPlace, notification: &'s Notification) {
        self.family = &notification.family;
        self.entry_title = Some(&notification.title);
        walk_notification(self, place, notification);
    }

    fn visit_named_type(&mut self, place: &FieldPlace, id: &'s TypeId, named: &'s NamedType) {
        self.family = &id.family;
        walk_named_type(self, place, named);
    }

    fn visit_body(&mut self, place: &FieldPlace, body: &'s Body) {
        self.title = self.entry_title;
        if let Body::Fields(fields) = body {
            self.add(place, WrittenType::Object(fields));
        }
        walk_body(self, place, body);
    }

    fn visit_field(&mut self, place: &FieldPlace, field: &'s Field) {
        self.title = field.title.as_deref();
        walk_field(self, place, field);
    }

    fn visit_type(&mut self, place: &FieldPlace, ty: &'s FieldType) {
        match ty {
            FieldType::Object(fields) => self.add(place, WrittenType::Object(fields)),
            FieldType::Enum { values, .. } => self.add(place, WrittenType::Enum(values)),
            _ => {}
        }
        walk_type(self, place, ty);
    }
}

/// Objects with fewer members are alike by chance.
const LEAST_MEMBERS: usize = 2;
/// Enums with fewer values are alike by chance.
const LEAST_VALUES: usize = 2;
/// The least share of common members, of all members of both, under the same name.
const LIKE: f64 = 0.6;
/// The least share of common members under different names.
const VERY_LIKE: f64 = 0.85;

/// Places that look like one type.
#[derive(Debug)]
pub(super) struct Cluster<'f, 's> {
    pub(super) found: Vec<&'f WrittenOut<'s>>,
    key: String,
    kind: ClusterKind,
    members: BTreeSet<&'s str>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum ClusterKind {
    Object(Direction),
    Enum,
}

/// Groups what looks alike within a family. Larger types come first, so that smaller ones join them.
pub(super) fn clusters<'f, 's>(
    all: &'f [WrittenOut<'s>],
    direction: impl Fn(&WrittenOut<'s>) -> Option<Direction>,
) -> Vec<Cluster<'f, 's>> {
    let mut candidates: Vec<Cluster<'f, 's>> =
        all.iter().filter_map(|found| single(found, direction(found))).collect();
    candidates.sort_by_key(|candidate| std::cmp::Reverse(candidate.members.len()));
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for member in candidates.iter().flat_map(|candidate| &candidate.members) {
        *counts.entry(member).or_default() += 1;
    }
    let mut by_member: HashMap<&str, Vec<usize>> = HashMap::new();
    let mut clusters: Vec<Cluster<'f, 's>> = Vec::new();
    for candidate in candidates {
        let rare = candidate.rarest(&counts);
        let near: BTreeSet<usize> =
            rare.iter().filter_map(|member| by_member.get(member)).flatten().copied().collect();
        let is_like = |at: &usize| clusters.get(*at).is_some_and(|known| known.is_like(&candidate));
        let found = near.into_iter().find(is_like);
        match found.and_then(|at| clusters.get_mut(at)) {
            Some(cluster) => cluster.found.extend(candidate.found),
            None => {
                for member in &candidate.members {
                    by_member.entry(member).or_default().push(clusters.len());
                }
                clusters.push(candidate);
            }
        }
    }
    clusters
}

fn single<'f, 's>(
    found: &'f WrittenOut<'s>,
    direction: Option<Direction>,
) -> Option<Cluster<'f, 's>> {
    let (kind, members) = match found.ty {
        WrittenType::Object(fields) if fields.len() >= LEAST_MEMBERS => (
            ClusterKind::Object(direction?),
            fields.iter().map(|field| field.name.as_str()).collect(),
        ),
        WrittenType::Enum(values) if values.len() >= LEAST_VALUES => {
            (ClusterKind::Enum, values.iter().map(|value| value.wire.as_str()).collect())
        }
        _ => return None,
    };
    Some(Cluster { found: vec![found], key: key(found).to_owned(), kind, members })
}

/// The name of the member that holds a type; empty for a body.
fn key<'f>(found: &'f WrittenOut<'_>) -> &'f str {
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

    /// The members of which every like cluster has at least one: so many of the rarest that fewer than
    /// [`LIKE`] of all are left.
    fn rarest(&self, counts: &HashMap<&str, usize>) -> Vec<&'s str> {
        let mut members: Vec<&str> = self.members.iter().copied().collect();
        members.sort_by_key(|member| counts.get(member).copied().unwrap_or_default());
        members.truncate(members.len() * 2 / 5 + 1);
        members
    }

    pub(super) fn members(&self) -> &BTreeSet<&'s str> {
        &self.members
    }
}
