//! Makes named types of accepted proposals.

use super::{Proposal, site};
use crate::import::Remark;
use crate::import::merge::{Session, merge_fields, merge_values};
use crate::model::{Direction, EnumValue, Field, FieldType, NamedType, Shape, Spec, TypeId};
use crate::model::{EntryName, FieldPlace};

/// Makes one named type of the places of each proposal.
///
/// The type has all members of all places, and all values of all enums. A member is required if it is
/// required at every place. The remarks list the places that could not be shared, which stay as they
/// are.
#[must_use]
pub fn share(spec: &Spec, proposals: &[Proposal]) -> (Spec, Vec<Remark>) {
    let mut spec = spec.clone();
    let mut remarks = Vec::new();
    // The deepest places become named types first, so that the objects around them are alike.
    let mut order: Vec<&Proposal> = proposals.iter().collect();
    order.sort_by_key(|proposal| {
        std::cmp::Reverse(
            proposal.places.iter().map(|place| place.keys.len()).max().unwrap_or_default(),
        )
    });
    for proposal in order {
        accept(&mut spec, proposal, &mut remarks);
    }
    (spec, remarks)
}

fn accept(spec: &mut Spec, proposal: &Proposal, remarks: &mut Vec<Remark>) {
    let mut kinds = Kinds::of(spec.types.get(&proposal.id));
    for place in proposal.places.iter().filter(|place| !is_inside(place, &proposal.id)) {
        let ty = site::at(spec, place, |ty| ty.clone());
        let direction = site::direction(spec, place);
        if let Err(what) = kinds.add(place, ty, direction, &proposal.id) {
            remarks.push(Remark::new(place.to_string(), what));
        }
    }
    let Some(shape) = kinds.shape(spec.types.get(&proposal.id), &proposal.id, remarks) else {
        return;
    };
    for place in &kinds.places {
        site::at(spec, place, |ty| *ty = FieldType::Named(proposal.id.clone()));
    }
    let before = spec.types.remove(&proposal.id);
    let (title, note, corrects) = match before {
        Some(named) => (named.title, named.note, named.corrects),
        None => (None, None, None),
    };
    let named = NamedType {
        source: format!("types/{}.yaml", proposal.id.family),
        title: title.or_else(|| proposal.title.clone()),
        note,
        corrects,
        shape,
    };
    spec.types.insert(proposal.id.clone(), named);
}

fn is_inside(place: &FieldPlace, id: &TypeId) -> bool {
    matches!(&place.entry, EntryName::Type(owner) if owner == id)
}

/// The types at the places of one proposal.
#[derive(Default)]
struct Kinds {
    /// The direction of the objects: that of the existing type, or of the first place.
    direction: Option<Direction>,
    /// Whether the enums are integers: as the existing type, or the first place.
    integer: Option<bool>,
    objects: Vec<Vec<Field>>,
    enums: Vec<Vec<EnumValue>>,
    places: Vec<FieldPlace>,
}

impl Kinds {
    fn of(before: Option<&NamedType>) -> Self {
        let (direction, integer) = match before.map(|named| &named.shape) {
            Some(Shape::Object { direction, .. }) => (Some(*direction), None),
            Some(Shape::Enum { integer, .. }) => (None, Some(*integer)),
            None => (None, None),
        };
        Self { direction, integer, ..Self::default() }
    }

    fn add(
        &mut self,
        place: &FieldPlace,
        ty: Option<FieldType>,
        direction: Option<Direction>,
        id: &TypeId,
    ) -> Result<(), &'static str> {
        match ty {
            None => return Err("nothing is at this place"),
            Some(FieldType::Named(other)) if other == *id => return Ok(()),
            Some(FieldType::Named(_)) => return Err("already names another type"),
            Some(FieldType::Object(fields)) => {
                if differs(&mut self.direction, direction) {
                    return Err("is sent where the others are received, or the reverse");
                }
                self.objects.push(fields);
            }
            Some(FieldType::Enum { integer, values }) => {
                if differs(&mut self.integer, Some(integer)) {
                    return Err("texts and integers cannot be one type");
                }
                self.enums.push(values);
            }
            Some(_) => return Err("neither an object nor an enum is written out at this place"),
        }
        self.places.push(place.clone());
        Ok(())
    }

    fn shape(
        &self,
        before: Option<&NamedType>,
        id: &TypeId,
        remarks: &mut Vec<Remark>,
    ) -> Option<Shape> {
        let before = before.map(|named| &named.shape);
        match (self.objects.is_empty(), self.enums.is_empty(), before) {
            (true, true, _) => None,
            (false, true, None | Some(Shape::Object { .. })) => {
                Some(self.object(before, id, remarks))
            }
            (true, false, None | Some(Shape::Enum { .. })) => Some(self.enumeration(before)),
            _ => {
                let name = format!("{}/{}", id.family, id.name);
                remarks.push(Remark::new(name, "objects and enums cannot be one type"));
                None
            }
        }
    }

    fn object(&self, before: Option<&Shape>, id: &TypeId, remarks: &mut Vec<Remark>) -> Shape {
        let mut lists: Vec<&[Field]> = self.objects.iter().map(Vec::as_slice).collect();
        if let Some(Shape::Object { fields, .. }) = before {
            lists.insert(0, fields);
        }
        let mut session = Session::default();
        session.enter(format!("types/{}.yaml {}: ", id.family, id.name));
        let fields = merge_fields(&[], &lists, &mut session);
        remarks.extend(session.remarks);
        Shape::Object { direction: self.direction.unwrap_or(Direction::Response), fields }
    }

    fn enumeration(&self, before: Option<&Shape>) -> Shape {
        let known = match before {
            Some(Shape::Enum { values, .. }) => values.as_slice(),
            _ => &[],
        };
        let lists: Vec<&[EnumValue]> = self.enums.iter().map(Vec::as_slice).collect();
        Shape::Enum {
            integer: self.integer.unwrap_or_default(),
            values: merge_values(known, &lists),
        }
    }
}

/// Whether a value differs from the known one. The first value becomes the known one.
fn differs<T: Copy + PartialEq>(known: &mut Option<T>, given: Option<T>) -> bool {
    given.is_some_and(|given| *known.get_or_insert(given) != given)
}
