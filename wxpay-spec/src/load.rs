//! Loads a descriptor folder: files to trees, trees to a checked spec.

use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::diagnostic::{Diagnostics, Report};
use crate::grammar::{ENDPOINT, FAMILIES, LIFECYCLE, NAMED_TYPES, NOTIFICATION, conform};
use crate::model::{Endpoint, Spec};
use crate::sources::{FileKind, SourceFile, Sources, Text};
use crate::yaml::Position;
use crate::{check, read as reader};

/// An error of loading a descriptor folder.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// A file or a folder cannot be read.
    #[error("cannot read {}", path.display())]
    Io {
        /// The file or the folder.
        path: PathBuf,
        /// The error of the file system.
        source: io::Error,
    },
    /// The descriptors have mistakes.
    #[error(transparent)]
    Diagnostics(#[from] Diagnostics),
}

/// Loads and checks the descriptor folder: `families.yaml`, `types/`, `endpoints/`, `notifications/`, `lifecycles/`.
///
/// Other files in the folder are ignored.
///
/// # Errors
///
/// [`LoadError::Io`] for the first file that cannot be read, else [`LoadError::Diagnostics`] with
/// every mistake in every file.
pub fn load(dir: &Path) -> Result<Spec, LoadError> {
    let mut texts = Vec::new();
    for entry in entries(dir)? {
        let (path, name) = entry?;
        match name.as_str() {
            "endpoints" | "lifecycles" | "notifications" | "types" => {
                collect(&path, &name, &mut texts)?;
            }
            "families.yaml" | "families.yml" => texts.push((name, text(&path)?)),
            _ => {}
        }
    }
    Ok(read_texts(texts)?)
}

fn failed(path: &Path) -> impl Fn(io::Error) -> LoadError {
    move |source| LoadError::Io { path: path.to_owned(), source }
}

/// The paths and the names in a folder.
fn entries(
    dir: &Path,
) -> Result<impl Iterator<Item = Result<(PathBuf, String), LoadError>> + use<>, LoadError> {
    let failed = failed(dir);
    let entries = fs::read_dir(dir).map_err(&failed)?;
    let dir = dir.to_owned();
    Ok(entries.map(move |entry| {
        let entry = entry.map_err(self::failed(&dir))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        Ok((entry.path(), name))
    }))
}

/// Collects the YAML files below a folder, without following symbolic links to folders.
fn collect(dir: &Path, place: &str, texts: &mut Vec<(String, Text)>) -> Result<(), LoadError> {
    if !dir.is_dir() {
        return Ok(());
    }
    for entry in entries(dir)? {
        let (path, name) = entry?;
        let place = format!("{place}/{name}");
        let file_type = fs::symlink_metadata(&path).map_err(failed(&path))?.file_type();
        if file_type.is_dir() {
            collect(&path, &place, texts)?;
        } else if name.ends_with(".yaml") || name.ends_with(".yml") {
            texts.push((place, text(&path)?));
        }
    }
    Ok(())
}

fn text(path: &Path) -> Result<Text, LoadError> {
    let bytes = fs::read(path).map_err(failed(path))?;
    Ok(String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        end(&String::from_utf8_lossy(error.as_bytes().get(..valid).unwrap_or_default()))
    }))
}

/// Returns the position behind a text.
fn end(text: &str) -> Position {
    let last = text.rsplit('\n').next().unwrap_or_default();
    Position { line: text.matches('\n').count() + 1, column: last.chars().count() + 1 }
}

/// Reads and checks descriptors that are already in memory.
///
/// # Errors
///
/// [`Diagnostics`] with every mistake in every file.
pub fn read(files: impl IntoIterator<Item = SourceFile>) -> Result<Spec, Diagnostics> {
    read_texts(files.into_iter().map(|file| (file.path, Ok(file.text))))
}

pub(crate) fn read_texts(
    texts: impl IntoIterator<Item = (String, Text)>,
) -> Result<Spec, Diagnostics> {
    let report = Report::default();
    let sources = Sources::parse(texts, &report);
    check_structure(&sources);
    let mut spec = build(&sources);
    check::check(&mut spec, &sources);
    let by_path = |endpoint: Endpoint| (endpoint.path.clone(), endpoint);
    spec.endpoints = spec.endpoints.into_values().map(by_path).collect();
    report.finish(spec)
}

fn check_structure(sources: &Sources<'_>) {
    for (kind, root) in sources.iter() {
        let grammar = match kind {
            FileKind::Families => &FAMILIES,
            FileKind::Types { .. } => &NAMED_TYPES,
            FileKind::Endpoint => &ENDPOINT,
            FileKind::Notification { .. } => &NOTIFICATION,
            FileKind::Lifecycle { .. } => &LIFECYCLE,
        };
        conform(&root, grammar);
    }
}

/// Builds the spec. Endpoints are keyed by file at first: two files may still claim one URL.
fn build(sources: &Sources<'_>) -> Spec {
    let mut spec = Spec::default();
    if let Some(root) = sources.file("families.yaml") {
        spec.families = reader::families(&root);
    }
    for (kind, root) in sources.iter() {
        match kind {
            FileKind::Families => {}
            FileKind::Types { family } => spec.types.extend(reader::named_types(&root, family)),
            FileKind::Endpoint => {
                let endpoint = reader::endpoint(&root, &spec.families);
                spec.endpoints.insert(endpoint.source.clone(), endpoint);
            }
            FileKind::Notification { place } => {
                spec.notifications.insert(place.clone(), reader::notification(&root));
            }
            FileKind::Lifecycle { place } => {
                spec.lifecycles.insert(place.clone(), reader::lifecycle(&root));
            }
        }
    }
    spec
}
