//! Compares words with everything that the catalogue names, the best first.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::catalogue::find::Subject;
use crate::catalogue::model::{Field, Part, Schema};
use crate::catalogue::{Catalogue, Operation};
use crate::output::Failure;

/// The most places of one result.
const PLACES: usize = 4;
/// The most suggestions.
const SUGGESTIONS: usize = 5;
/// Words that are less similar are no suggestion.
const SIMILAR: f64 = 0.85;

/// A result.
#[derive(Debug)]
pub(super) struct Hit {
    pub(super) subject: Subject,
    score: u32,
    /// Where words were found, apart from name and title.
    pub(super) places: Vec<String>,
}

impl Hit {
    pub(super) fn json(&self) -> Value {
        let mut json = self.subject.json();
        if let Value::Object(members) = &mut json {
            members.insert("score".to_owned(), json!(self.score));
            members.insert("matches".to_owned(), json!(self.places));
        }
        json
    }
}

/// Finds everything that matches each word.
pub(super) fn search(catalogue: &'static Catalogue, words: &[String]) -> Result<Vec<Hit>, Failure> {
    let words: Vec<_> = words.iter().flat_map(|words| words.split_whitespace()).collect();
    let mut hits = search_words(catalogue, &words)?;
    if hits.is_empty() {
        // A Chinese title may have the same words in another order: 退款查询 finds 查询单笔退款.
        let pairs: Vec<_> = words.iter().flat_map(|word| pairs(word)).collect();
        let pairs: Vec<_> = pairs.iter().map(String::as_str).collect();
        hits = search_words(catalogue, &pairs)?;
    }
    hits.sort_by_cached_key(|hit| (u32::MAX - hit.score, hit.subject.name()));
    Ok(hits)
}

fn search_words(catalogue: &'static Catalogue, words: &[&str]) -> Result<Vec<Hit>, Failure> {
    let whole = words.join(" ");
    let mut hits = Vec::new();
    for subject in catalogue.subjects() {
        let described = Described::of(catalogue, subject)?;
        let mut hit = Hit { subject, score: exact(subject, &whole), places: Vec::new() };
        let each: Option<Vec<u32>> = words
            .iter()
            .map(|word| described.score(&word.to_lowercase(), &mut hit.places))
            .collect();
        hit.score += each.iter().flatten().sum::<u32>();
        if (each.is_some() && !words.is_empty()) || hit.score >= EXACT {
            hit.places.dedup();
            hit.places.truncate(PLACES);
            hits.push(hit);
        }
    }
    Ok(hits)
}

/// The score of a text that names exactly this.
const EXACT: u32 = 1000;

fn exact(subject: Subject, text: &str) -> u32 {
    let is_it = match subject {
        Subject::Operation(entry) => {
            subject.name().eq_ignore_ascii_case(text) || entry.path == text || entry.chain == text
        }
        Subject::Notification(entry) => {
            entry.name == text || entry.events.iter().any(|event| event == text)
        }
        Subject::Lifecycle(entry) => entry.name == text,
    };
    if is_it || subject.title() == text { EXACT } else { 0 }
}

/// Pairs of neighbouring Chinese characters; any other word as it is.
fn pairs(word: &str) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    match word.is_ascii() || letters.len() < 4 {
        true => vec![word.to_owned()],
        false => letters.chunks(2).map(|pair| pair.iter().collect()).collect(),
    }
}

/// The texts of a subject by which it is found.
struct Described {
    subject: Subject,
    title: String,
    /// The URL, event types or the lifecycle's name, in lower case.
    names: String,
    product: String,
    operation: Option<Operation>,
    part: &'static Part,
    resource: Option<&'static Schema>,
    is_deprecated: bool,
}

impl Described {
    fn of(catalogue: &'static Catalogue, subject: Subject) -> Result<Self, Failure> {
        let (family, names) = match subject {
            Subject::Operation(entry) => {
                (&entry.family, format!("{} {} {}", entry.method, entry.path, entry.chain))
            }
            Subject::Notification(entry) => {
                (&entry.family, format!("{} {}", entry.name, entry.events.join(" ")))
            }
            Subject::Lifecycle(entry) => (&entry.family, entry.name.clone()),
        };
        let operation = match subject {
            Subject::Operation(entry) => {
                Some(catalogue.operation(&entry.method, &entry.path, family)?)
            }
            Subject::Notification(_) | Subject::Lifecycle(_) => None,
        };
        let resource = match subject {
            Subject::Notification(entry) => Some(&catalogue.notification(&entry.name)?.0.resource),
            Subject::Operation(_) | Subject::Lifecycle(_) => None,
        };
        let deprecated = operation.and_then(|operation| operation.facts.deprecated.as_ref());
        Ok(Self {
            subject,
            title: subject.title().to_lowercase(),
            names: names.to_lowercase(),
            product: format!("{family} {}", catalogue.product(family)).to_lowercase(),
            operation,
            part: catalogue.part(family)?,
            resource,
            is_deprecated: deprecated.is_some(),
        })
    }

    /// Says how well a word matches, and notes where. `None` if it does not match.
    fn score(&self, word: &str, places: &mut Vec<String>) -> Option<u32> {
        let is_segment = |separators: &[char]| self.names.split(separators).any(|one| one == word);
        let name = match () {
            () if self.title == word => 300,
            () if is_segment(&[' ', '/', '.']) => 90,
            () if self.title.contains(word) => 80,
            () if self.names.contains(word) => 60,
            () if self.product.contains(word) => 40,
            () => 0,
        };
        let inside = if name < 60 { self.inside(word, places) } else { 0 };
        let best = name.max(inside);
        // Among equals, domestic operations and short URLs come first, and what should no longer be used comes last.
        let length = u32::try_from(self.names.len()).unwrap_or(u32::MAX).min(300) / 20;
        let abroad = ["/hk/", "/global/"].iter().any(|part| self.names.contains(part));
        let penalty =
            length + if self.is_deprecated { 20 } else { 0 } + if abroad { 20 } else { 0 };
        let kind = u32::from(matches!(self.subject, Subject::Operation(_)));
        (best > 0).then(|| (best + kind + 60).saturating_sub(penalty))
    }

    /// Looks for a word in error codes and fields.
    fn inside(&self, word: &str, places: &mut Vec<String>) -> u32 {
        let mut best = 0;
        if let Some(operation) = self.operation {
            let errors = &operation.facts.errors;
            for error in errors.iter().filter(|error| error.code.eq_ignore_ascii_case(word)) {
                places.push(format!("error {}", error.code));
                best = 35;
            }
            let mut fields =
                FieldSearch { part: self.part, word, places, best, inside: Vec::new() };
            for (_, field) in operation.members() {
                fields.field("", field);
            }
            let response = operation.facts.response.body.iter();
            response.for_each(|response| fields.schema("→ ", response));
            best = fields.best;
        }
        if let Some(resource) = self.resource {
            let mut fields =
                FieldSearch { part: self.part, word, places, best, inside: Vec::new() };
            fields.schema("", resource);
            best = fields.best;
        }
        best
    }
}

/// Looks for a word in the names and titles of fields.
struct FieldSearch<'a, 'p> {
    part: &'static Part,
    word: &'a str,
    places: &'p mut Vec<String>,
    best: u32,
    /// The named types around a field, so that recursion ends.
    inside: Vec<&'static str>,
}

impl FieldSearch<'_, '_> {
    fn field(&mut self, above: &str, field: &'static Field) {
        let path = format!("{above}{}", field.name);
        let title = field.title.as_deref().unwrap_or_default();
        let name = field.name.to_lowercase();
        let score = match () {
            () if name == self.word || path == self.word => 30,
            () if title == self.word => 28,
            () if title.to_lowercase().contains(self.word) => 18,
            () if name.contains(self.word) => 15,
            () => 0,
        };
        if score > 0 {
            self.places.push(format!("{path} {title}").trim_end().to_owned());
            self.best = self.best.max(score);
        }
        self.schema(&format!("{path}."), &field.schema);
    }

    fn schema(&mut self, above: &str, schema: &'static Schema) {
        match schema {
            Schema::Object { members } => {
                members.iter().for_each(|member| self.field(above, member));
            }
            Schema::List { items } => self.schema(above, items),
            Schema::JsonText { content } => self.schema(above, content),
            Schema::Named { name } if !self.inside.contains(&name.as_str()) => {
                if let Some(schema) = self.part.types.get(name) {
                    self.inside.push(name);
                    self.schema(above, schema);
                    self.inside.pop();
                }
            }
            _ => {}
        }
    }
}

/// Returns the most similar words that would find something.
pub(super) fn suggestions(
    catalogue: &'static Catalogue,
    words: &[String],
) -> Result<Vec<String>, Failure> {
    let mut known: BTreeSet<&'static str> = BTreeSet::new();
    for subject in catalogue.subjects() {
        known.insert(subject.title());
        match subject {
            Subject::Operation(entry) => known.extend(entry.path.split('/')),
            Subject::Notification(entry) => known.extend(entry.events.iter().map(String::as_str)),
            Subject::Lifecycle(entry) => known.extend(entry.name.split('/')),
        }
        if let Subject::Operation(entry) = subject {
            let operation = catalogue.operation(&entry.method, &entry.path, &entry.family)?;
            known.extend(operation.members().map(|(_, field)| field.name.as_str()));
            known.extend(operation.facts.errors.iter().map(|error| error.code.as_str()));
        }
    }
    let similarity = |known: &str| {
        let words = words.iter().flat_map(|words| words.split_whitespace());
        let each =
            words.map(|word| strsim::jaro_winkler(&known.to_lowercase(), &word.to_lowercase()));
        each.fold(0.0, f64::max)
    };
    let scored = known.into_iter().filter(|known| !known.is_empty() && !known.starts_with('{'));
    let scored = scored.map(|known| (similarity(known), known));
    let mut scored: Vec<_> = scored.filter(|(score, _)| *score >= SIMILAR).collect();
    scored.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    Ok(scored.into_iter().take(SUGGESTIONS).map(|(_, known)| known.to_owned()).collect())
}
