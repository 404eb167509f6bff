use super::scalar::Scalar;

/// What stands behind a key, before it is laid out.
#[derive(Debug)]
pub(super) enum Node {
    /// A key that stands alone.
    Nothing,
    Scalar(Scalar),
    List(Vec<Node>),
    Mapping(Mapping),
}

/// Keys with their values.
#[derive(Debug, Default)]
pub(super) struct Mapping {
    pub(super) entries: Vec<(Scalar, Node)>,
    /// Whether every entry has a line of its own, however short they are.
    pub(super) one_per_line: bool,
}

impl Mapping {
    pub(super) fn one_per_line(entries: impl IntoIterator<Item = (Scalar, Node)>) -> Self {
        Self { entries: entries.into_iter().collect(), one_per_line: true }
    }

    pub(super) fn push(&mut self, key: &str, value: impl Into<Node>) {
        self.entries.push((Scalar::text(key), value.into()));
    }

    /// A text, if there is one.
    pub(super) fn text(&mut self, key: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.push(key, Scalar::text(text));
        }
    }

    /// A list of texts, unless it is empty.
    pub(super) fn texts<T: AsRef<str>>(&mut self, key: &str, texts: &[T]) {
        if !texts.is_empty() {
            let items = texts.iter().map(|text| Scalar::text(text.as_ref()).into());
            self.push(key, Node::List(items.collect()));
        }
    }

    /// A mapping, unless it is empty.
    pub(super) fn mapping(&mut self, key: &str, mapping: Mapping) {
        if !mapping.entries.is_empty() {
            self.push(key, mapping);
        }
    }
}

impl From<Scalar> for Node {
    fn from(scalar: Scalar) -> Self {
        Self::Scalar(scalar)
    }
}

impl From<Mapping> for Node {
    fn from(mapping: Mapping) -> Self {
        Self::Mapping(mapping)
    }
}

impl Node {
    /// Whether nothing in it asks for lines of its own.
    pub(super) fn may_be_inline(&self) -> bool {
        match self {
            Self::Nothing | Self::Scalar(_) => true,
            Self::List(items) => items.iter().all(Self::may_be_inline),
            Self::Mapping(mapping) => {
                !mapping.one_per_line
                    && mapping.entries.iter().all(|(_, value)| value.may_be_inline())
            }
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::Nothing | Self::Scalar(_) => false,
            Self::List(items) => items.is_empty(),
            Self::Mapping(mapping) => mapping.entries.is_empty(),
        }
    }
}
