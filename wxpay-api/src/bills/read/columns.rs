//! The names of columns, found in any spelling, and the rules for equal spellings, which hold for cells, too.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::OnceLock;

use super::row_cells::RowCells;

/// The names that the column of a field may have.
pub(in crate::bills) type FieldNames = &'static [&'static str];

/// The names in a bill's header or above its summary, with their line.
#[derive(Debug)]
pub(in crate::bills) struct Columns {
    line: u64,
    names: Vec<String>,
    places: HashMap<String, usize>,
    fields: OnceLock<FieldPlaces>,
}

/// The places of a type's fields in a line, found once for all rows. `None` if the bill lacks the column.
#[derive(Debug)]
struct FieldPlaces {
    fields: &'static [FieldNames],
    places: Vec<Option<usize>>,
}

impl Columns {
    pub(in crate::bills) fn new(line: u64, cells: &RowCells) -> Self {
        let names = cells.iter().flatten().flat_map(Self::split_names);
        let names: Vec<String> = names.map(str::to_owned).collect();
        let mut places = HashMap::with_capacity(names.len());
        for (place, name) in names.iter().enumerate() {
            places.entry(name.clone()).or_insert(place);
        }
        for (place, name) in names.iter().enumerate() {
            places.entry(standard(name).into_owned()).or_insert(place);
        }
        Self { line, names, places, fields: OnceLock::new() }
    }

    /// Splits the names in a cell. Some official headers have full-width commas in between.
    pub(in crate::bills) fn split_names(cell: &str) -> impl Iterator<Item = &str> {
        cell.split('，').map(str::trim)
    }

    pub(in crate::bills) fn line(&self) -> u64 {
        self.line
    }

    pub(in crate::bills) fn count(&self) -> usize {
        self.names.len()
    }

    pub(in crate::bills) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    pub(in crate::bills) fn name(&self, place: usize) -> Option<&str> {
        self.names.get(place).map(String::as_str)
    }

    /// Returns the place of the first column with this name. The exact spelling goes before others.
    pub(in crate::bills) fn place(&self, name: &str) -> Option<usize> {
        let place = self.places.get(name).or_else(|| match standard(name) {
            Cow::Owned(name) => self.places.get(&name),
            // The name is in its standard spelling already.
            Cow::Borrowed(_) => None,
        });
        place.copied()
    }

    /// Returns the place of the first of these names that the bill has.
    pub(in crate::bills) fn place_of_any(&self, names: &[&str]) -> Option<usize> {
        names.iter().find_map(|name| self.place(name))
    }

    /// Returns the place of a type's field, by the number of the field. The names of all fields are looked up for the
    /// first row; all rows of a bill have the same type.
    pub(in crate::bills) fn place_of_field(
        &self,
        fields: &'static [FieldNames],
        number: usize,
    ) -> Option<usize> {
        let found = self.fields.get_or_init(|| FieldPlaces {
            fields,
            places: fields.iter().map(|names| self.place_of_any(names)).collect(),
        });
        match std::ptr::eq(found.fields, fields) {
            true => *found.places.get(number)?,
            false => self.place_of_any(fields.get(number)?),
        }
    }

    pub(in crate::bills) fn has(&self, name: &str) -> bool {
        self.place(name).is_some()
    }

    /// Counts the names that are among `known`.
    pub(in crate::bills) fn count_known(&self, known: &[&str]) -> usize {
        let is_known = |name: &&String| {
            let name = standard(name);
            known.iter().any(|known| standard(known) == name)
        };
        self.names.iter().filter(is_known).count()
    }
}

/// Removes the differences between the spellings of a name: width, white space, case and the unit `(元)`.
pub(in crate::bills) fn standard(name: &str) -> Cow<'_, str> {
    let folded = fold(name);
    let differs = |character: char| character.is_whitespace() || character.is_ascii_lowercase();
    if !folded.contains(differs) && !folded.ends_with("(元)") {
        return folded;
    }
    let kept = folded.chars().filter(|character| !character.is_whitespace());
    let name: String = kept.map(|character| character.to_ascii_uppercase()).collect();
    Cow::Owned(name.strip_suffix("(元)").unwrap_or(&name).to_owned())
}

/// Returns the first character of a name in its standard spelling. A name that is only the unit `(元)` has none, but
/// here it begins with `(`.
pub(in crate::bills) fn first_of_standard(name: &str) -> Option<char> {
    let mut kept = name.chars().filter_map(folded).filter(|character| !character.is_whitespace());
    kept.next().map(|character| character.to_ascii_uppercase())
}

/// Replaces full-width characters by their ASCII forms, and removes invisible ones.
pub(in crate::bills) fn fold(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || !text.chars().any(|character| folded(character) != Some(character)) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter_map(folded).collect())
}

/// Returns the ASCII form of a character, or `None` for an invisible one.
fn folded(character: char) -> Option<char> {
    match character {
        '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => None,
        '\u{a0}' | '\u{2007}' | '\u{202f}' | '\u{3000}' => Some(' '),
        '\u{2212}' => Some('-'),
        '\u{ffe5}' => Some('¥'),
        '！'..='～' => char::from_u32(u32::from(character) - 0xfee0),
        _ => Some(character),
    }
}
