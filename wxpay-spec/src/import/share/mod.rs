//! Types that several places share: the importer proposes them, a person accepts them.

mod accept;
mod cluster;
mod propose;
mod site;

use std::collections::BTreeMap;
use std::fmt::Write;

use serde::Deserialize;

use super::ImportError;
use crate::model::FieldPlace;
use crate::model::TypeId;
pub use accept::share;
pub use propose::propose;

/// A proposal that several places name one type.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Proposal {
    /// The type. An existing one gets wider.
    pub id: TypeId,
    /// The title, in Chinese.
    pub title: Option<String>,
    pub(super) places: Vec<FieldPlace>,
}

impl Proposal {
    /// How many places name the type.
    #[must_use]
    pub fn places(&self) -> usize {
        self.places.len()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenProposal {
    title: Option<String>,
    places: Vec<String>,
}

/// Reads proposals as [`write_proposals`] writes them, with the changes of a person.
///
/// # Errors
///
/// [`ImportError`] with the place of the first mistake, if the text is not a list of proposals.
pub fn read_proposals(text: &str) -> Result<Vec<Proposal>, ImportError> {
    let entries: BTreeMap<String, WrittenProposal> =
        serde_yaml::from_str(text).map_err(|error| {
            let message = format!("not a list of proposals: {error}");
            match error.location() {
                Some(at) => ImportError::at(at.line(), at.column(), message),
                None => ImportError::new(message),
            }
        })?;
    entries.into_iter().map(|(name, entry)| proposal(&name, entry)).collect()
}

fn proposal(name: &str, entry: WrittenProposal) -> Result<Proposal, ImportError> {
    let id = TypeId::parse(name).ok_or_else(|| {
        ImportError::new(format!("`{name}` is not a type: expected `family/TypeName`"))
    })?;
    let places: Result<Vec<FieldPlace>, String> =
        entry.places.iter().map(|text| text.parse()).collect();
    let places = places.map_err(|error| ImportError::new(format!("{name}: {error}")))?;
    Ok(Proposal { id, title: entry.title, places })
}

/// Writes proposals as YAML, for a person to edit and accept.
#[must_use]
pub fn write_proposals(proposals: &[Proposal]) -> String {
    let mut text = String::new();
    for proposal in proposals {
        let TypeId { family, name } = &proposal.id;
        let _infallible = writeln!(text, "{family}/{name}:");
        if let Some(title) = &proposal.title {
            let quoted = serde_json::Value::from(title.as_str());
            let _infallible = writeln!(text, "  title: {quoted}");
        }
        text.push_str("  places:\n");
        for place in &proposal.places {
            let _infallible = writeln!(text, "    - {place}");
        }
    }
    text
}
