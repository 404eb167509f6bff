//! What the program knows of the descriptors: one compressed file, whose parts are unpacked when they are needed.

pub(crate) mod example;
pub(crate) mod find;
pub(crate) mod model;

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::OnceLock;

use flate2::bufread::GzDecoder;
use serde::de::DeserializeOwned;

use crate::output::Failure;
use model::{Field, Index, Lifecycle, NotificationFacts, OperationFacts, Part, Schema};

/// Written by `cargo xtask regen`: an index and one part for each family, each a gzip member.
static FILE: &[u8] = include_bytes!("catalogue.jsonl.gz");

/// The descriptors.
#[derive(Debug)]
pub(crate) struct Catalogue {
    pub(crate) index: Index,
    parts: BTreeMap<String, PackedPart>,
}

#[derive(Debug)]
struct PackedPart {
    packed: &'static [u8],
    part: OnceLock<Option<Part>>,
}

/// An operation, with the part that has its types.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Operation {
    pub(crate) facts: &'static OperationFacts,
    pub(crate) part: &'static Part,
}

/// The place of a member in a request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Place {
    Path,
    Query,
    Header,
    /// The JSON body, or the meta of an upload.
    Body,
    /// A text part of an upload.
    FormPart,
}

impl Catalogue {
    /// Returns the catalogue of this program.
    pub(crate) fn get() -> Result<&'static Self, Failure> {
        static READ: OnceLock<Option<Catalogue>> = OnceLock::new();
        READ.get_or_init(|| Self::read(FILE)).as_ref().ok_or_else(damaged)
    }

    fn read(file: &'static [u8]) -> Option<Self> {
        let (index, mut rest) = unpack::<Index>(file)?;
        let mut parts = BTreeMap::new();
        for family in &index.families {
            let (packed, after) = rest.split_at_checked(family.length)?;
            parts.insert(family.name.clone(), PackedPart { packed, part: OnceLock::new() });
            rest = after;
        }
        Some(Self { index, parts })
    }

    /// Returns the part of a family.
    pub(crate) fn part(&'static self, family: &str) -> Result<&'static Part, Failure> {
        let packed = self.parts.get(family).ok_or_else(damaged)?;
        let unpacked = packed.part.get_or_init(|| Some(unpack(packed.packed)?.0));
        unpacked.as_ref().ok_or_else(damaged)
    }

    /// Returns the operation of a method and a path.
    pub(crate) fn operation(
        &'static self,
        method: &str,
        path: &str,
        family: &str,
    ) -> Result<Operation, Failure> {
        let part = self.part(family)?;
        let is_it = |facts: &&OperationFacts| facts.method == method && facts.path == path;
        let facts = part.operations.iter().find(is_it).ok_or_else(damaged)?;
        Ok(Operation { facts, part })
    }

    /// Returns a lifecycle by its name.
    pub(crate) fn lifecycle(&'static self, name: &str) -> Result<&'static Lifecycle, Failure> {
        let entry = self.index.lifecycles.iter().find(|entry| entry.name == name);
        let part = self.part(&entry.ok_or_else(damaged)?.family)?;
        part.lifecycles.get(name).ok_or_else(damaged)
    }

    /// Returns a notification by its name, with the part that has its types.
    pub(crate) fn notification(
        &'static self,
        name: &str,
    ) -> Result<(&'static NotificationFacts, &'static Part), Failure> {
        let entry = self.index.notifications.iter().find(|entry| entry.name == name);
        let part = self.part(&entry.ok_or_else(damaged)?.family)?;
        let facts = part.notifications.iter().find(|facts| facts.name == name);
        Ok((facts.ok_or_else(damaged)?, part))
    }

    /// Returns the title of a product, in Chinese.
    pub(crate) fn product(&self, family: &str) -> &str {
        let entry = self.index.families.iter().find(|entry| entry.name == family);
        entry.map_or("", |entry| entry.title.as_str())
    }
}

/// Reads the first gzip member of a text, and returns what follows it.
fn unpack<T: DeserializeOwned>(mut file: &'static [u8]) -> Option<(T, &'static [u8])> {
    let mut json = Vec::new();
    GzDecoder::new(&mut file).read_to_end(&mut json).ok()?;
    Some((serde_json::from_slice(&json).ok()?, file))
}

fn damaged() -> Failure {
    Failure::new("the catalogue in this program is damaged; install the program again")
}

impl Part {
    /// Follows names to their schema. A name without a schema allows any value.
    pub(crate) fn resolve<'a>(&'a self, schema: &'a Schema) -> &'a Schema {
        const LONGEST_CHAIN: usize = 8;
        let mut resolved = schema;
        for _ in 0..LONGEST_CHAIN {
            let Schema::Named { name } = resolved else { return resolved };
            match self.types.get(name) {
                Some(next) => resolved = next,
                None => return &Schema::Json,
            }
        }
        &Schema::Json
    }

    /// Returns the members of an object; none if it is anything else.
    pub(crate) fn members<'a>(&'a self, schema: &'a Schema) -> &'a [Field] {
        match self.resolve(schema) {
            Schema::Object { members } => members,
            _ => &[],
        }
    }
}

impl Operation {
    /// Names it as the wire does: `POST /v3/pay/transactions/jsapi`.
    pub(crate) fn name(self) -> String {
        format!("{} {}", self.facts.method, self.facts.path)
    }

    /// Returns every member of a request with its place, in the order of the descriptor.
    pub(crate) fn members(self) -> impl Iterator<Item = (Place, &'static Field)> {
        let Self { facts, part } = self;
        let at = |place, fields: &'static [Field]| fields.iter().map(move |field| (place, field));
        let body = facts.body.as_ref().map(|body| part.members(body)).unwrap_or_default();
        let (meta, parts): (&[Field], &[Field]) = match &facts.upload {
            Some(upload) => (&upload.meta, &upload.parts),
            None => (&[], &[]),
        };
        at(Place::Path, &facts.parameters)
            .chain(at(Place::Query, &facts.query))
            .chain(at(Place::Header, &facts.header))
            .chain(at(Place::Body, body))
            .chain(at(Place::Body, meta))
            .chain(at(Place::FormPart, parts))
    }

    /// Whether it changes nothing, so that it may always be repeated.
    pub(crate) fn is_safe(self) -> bool {
        self.facts.repeat == "safe"
    }
}
