//! The files of a descriptor folder: what each describes, and its parsed tree.

use std::collections::BTreeMap;

use crate::cursor::Cursor;
use crate::diagnostic::{Diagnostic, Report};
use crate::yaml;
use crate::yaml::{Node, Position};

/// One file of a descriptor folder.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SourceFile {
    /// The place below the descriptor folder, with `/`: `endpoints/v3/certificates.yaml`.
    pub path: String,
    /// The content.
    pub text: String,
}

/// The kind of a file, which its place in the folder decides.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum FileKind {
    /// `families.yaml`.
    Families,
    /// `types/<family>.yaml`.
    Types {
        /// The family.
        family: String,
    },
    /// `endpoints/**/*.yaml`.
    Endpoint,
    /// `notifications/**/*.yaml`.
    Notification {
        /// The place below `notifications/` without `.yaml`.
        place: String,
    },
    /// `lifecycles/**/*.yaml`.
    Lifecycle {
        /// The place below `lifecycles/` without `.yaml`.
        place: String,
    },
}

impl FileKind {
    /// Returns the kind of the file at a place; `None` where no descriptor may be.
    pub(crate) fn of(path: &str) -> Option<Self> {
        let stem = path.strip_suffix(".yaml")?;
        match stem.split_once('/') {
            None => (stem == "families").then_some(Self::Families),
            Some(("types", family)) => {
                (!family.contains('/')).then(|| Self::Types { family: family.to_owned() })
            }
            Some(("endpoints", _)) => Some(Self::Endpoint),
            Some(("notifications", place)) => Some(Self::Notification { place: place.to_owned() }),
            Some(("lifecycles", place)) => Some(Self::Lifecycle { place: place.to_owned() }),
            Some(_) => None,
        }
    }
}

/// The text of a file, or the position where it stops being UTF-8.
pub(crate) type Text = Result<String, Position>;

/// The parsed trees of all files, by path.
#[derive(Debug)]
pub(crate) struct Sources<'r> {
    files: BTreeMap<String, ParsedFile>,
    report: &'r Report,
}

#[derive(Debug)]
struct ParsedFile {
    kind: FileKind,
    /// `None` if the file is not YAML at all.
    root: Option<Node>,
}

impl<'r> Sources<'r> {
    pub(crate) fn parse(
        texts: impl IntoIterator<Item = (String, Text)>,
        report: &'r Report,
    ) -> Self {
        let mut sources = Self { files: BTreeMap::new(), report };
        for (path, text) in texts {
            sources.add(path, text);
        }
        sources
    }

    fn add(&mut self, path: String, text: Text) {
        let Some(kind) = FileKind::of(&path) else {
            let help = "expected `families.yaml`, `types/<family>.yaml`, or a `.yaml` file below `endpoints/`, `notifications/` or `lifecycles/`";
            self.note(
                &path,
                Position::START,
                "descriptors are not read from this place",
                Some(help),
            );
            return;
        };
        if self.files.contains_key(&path) {
            self.note(&path, Position::START, "the file is given twice", None);
            return;
        }
        let root = match text {
            Ok(text) => {
                let (root, mistakes) = yaml::parse(&text);
                for mistake in mistakes {
                    self.note(&path, mistake.at, &mistake.message, mistake.help);
                }
                root
            }
            Err(at) => {
                self.note(&path, at, "not UTF-8", Some("save the file as UTF-8"));
                None
            }
        };
        self.files.insert(path, ParsedFile { kind, root });
    }

    fn note(&self, path: &str, at: Position, message: &str, help: Option<&str>) {
        self.report.add(Diagnostic {
            file: path.to_owned(),
            line: at.line,
            column: at.column,
            key_path: String::new(),
            message: message.to_owned(),
            help: help.map(str::to_owned),
        });
    }

    /// Returns every file that could be parsed.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&FileKind, Cursor<'_>)> {
        self.files.iter().filter_map(|(path, source)| {
            let root = source.root.as_ref()?;
            Some((&source.kind, Cursor::root(path, root, self.report)))
        })
    }

    /// Returns the file at a path, if it could be parsed.
    pub(crate) fn file(&self, path: &str) -> Option<Cursor<'_>> {
        let (path, source) = self.files.get_key_value(path)?;
        Some(Cursor::root(path, source.root.as_ref()?, self.report))
    }

    /// Whether the file exists but could not be parsed, so that its content is unknown.
    pub(crate) fn is_unreadable(&self, path: &str) -> bool {
        self.files.get(path).is_some_and(|source| source.root.is_none())
    }

    pub(crate) fn any_unreadable(&self) -> bool {
        self.files.values().any(|source| source.root.is_none())
    }

    /// Whether a mistake was found at this key of a file or below it.
    pub(crate) fn has_mistake(&self, file: &str, key: &str) -> bool {
        self.report.has(file, key)
    }
}
