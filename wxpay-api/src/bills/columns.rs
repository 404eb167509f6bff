use std::collections::HashMap;

/// The names in a bill's header or in its summary's, and the line they are in.
#[derive(Debug)]
pub(super) struct Columns {
    line: u64,
    names: Vec<String>,
    places: HashMap<String, usize>,
}

impl Columns {
    pub(super) fn new(line: u64, mut names: Vec<String>) -> Self {
        for name in &mut names {
            *name = name.trim().to_owned();
        }
        let mut places = HashMap::with_capacity(names.len());
        for (place, name) in names.iter().enumerate() {
            places.entry(name.clone()).or_insert(place);
        }
        Self { line, names, places }
    }

    pub(super) fn line(&self) -> u64 {
        self.line
    }

    pub(super) fn count(&self) -> usize {
        self.names.len()
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    pub(super) fn name(&self, place: usize) -> Option<&str> {
        self.names.get(place).map(String::as_str)
    }

    /// The place of the first column with this name.
    pub(super) fn place(&self, name: &str) -> Option<usize> {
        self.places.get(name).copied()
    }
}
