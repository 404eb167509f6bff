//! The catalogue several times: copies have other families, URLs, Rust names, events and webhooks.

use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::path::Path;

/// The folders of the descriptors.
const FOLDERS: [&str; 4] = ["endpoints", "types", "notifications", "lifecycles"];
/// First segments of URLs beside `/v3`, whose next segment names the product.
const BASES: [&str; 3] = ["brand", "global", "hk"];
const FAMILIES: &str = "families.yaml";

/// Every descriptor as text, with the names that copies must change.
pub(crate) struct Catalogue {
    /// Path and text.
    files: Vec<(String, String)>,
    families: BTreeSet<String>,
    events: BTreeSet<String>,
    /// An import finds a notification by these names.
    webhooks: BTreeSet<String>,
    /// The library's manifest, in which regeneration writes the features.
    manifest: String,
    pub(crate) operations: usize,
}

impl Catalogue {
    pub(crate) fn read(workspace: &Path) -> Result<Self, Box<dyn Error>> {
        let root = workspace.join("wxpay-spec");
        let spec = wxpay_spec::load(&root)?;
        let of_families = spec.families.by_name.values().flat_map(|family| &family.events);
        let of_notifications = spec.notifications.values().flat_map(|one| &one.events);
        let webhooks = spec.notifications.values().flat_map(|one| &one.webhooks);
        let mut files = vec![(FAMILIES.to_owned(), fs::read_to_string(root.join(FAMILIES))?)];
        for folder in FOLDERS {
            read_below(&root, folder, &mut files)?;
        }
        Ok(Self {
            files,
            families: spec.families.by_name.keys().cloned().collect(),
            events: of_families.chain(of_notifications).cloned().collect(),
            webhooks: webhooks.cloned().collect(),
            manifest: fs::read_to_string(workspace.join("wxpay-api/Cargo.toml"))?,
            operations: spec.endpoints.values().map(|endpoint| endpoint.operations.len()).sum(),
        })
    }

    /// Writes a workspace with the catalogue `size` times.
    pub(crate) fn write(&self, folder: &Path, size: usize) -> Result<(), Box<dyn Error>> {
        write(&folder.join("wxpay-api/Cargo.toml"), &self.manifest)?;
        for (place, text) in &self.files {
            let mut families = text.clone();
            for copy in 1..size {
                let text = text.lines().map(|line| self.line(line, copy, place == FAMILIES) + "\n");
                if place == FAMILIES {
                    families.extend(text);
                } else {
                    let text: String = text.collect();
                    write(&folder.join("wxpay-spec").join(copied_place(place, copy)), &text)?;
                }
            }
            write(&folder.join("wxpay-spec").join(place), &families)?;
        }
        Ok(())
    }

    /// A line of a copy. Families, URLs and events are whole words; Rust names are known by their key.
    fn line(&self, line: &str, copy: usize, is_families: bool) -> String {
        if let Some(family) = line.strip_prefix("family: ") {
            return format!("family: {family}-c{copy}");
        }
        if let Some(name) = line.strip_prefix("rust: ") {
            return format!("rust: {name}C{copy}");
        }
        let is_key = is_families && !line.starts_with([' ', '#']);
        match line.split_once(':').filter(|_| is_key) {
            Some((family, rest)) => format!("{family}-c{copy}:{}", self.words(rest, copy)),
            None => self.words(line, copy),
        }
    }

    /// Replaces the words of a text that are names.
    fn words(&self, text: &str, copy: usize) -> String {
        let is_of_word = |letter: char| letter.is_alphanumeric() || "_-./".contains(letter);
        let mut copied = String::new();
        let mut rest = text;
        while let Some(begin) = rest.find(is_of_word) {
            let (between, found) = rest.split_at(begin);
            let end = found.find(|letter| !is_of_word(letter)).unwrap_or(found.len());
            let (word, after) = found.split_at(end);
            copied.push_str(between);
            copied.push_str(&self.word(word, copy));
            rest = after;
        }
        copied + rest
    }

    fn word(&self, word: &str, copy: usize) -> String {
        if self.events.contains(word) {
            // An event has no digits.
            let letter = char::from(b'A' + u8::try_from(copy).unwrap_or_default());
            return format!("COPY_{letter}.{word}");
        }
        match word.split_once('/') {
            Some(("", url)) => format!("/{}", copied_url(url, copy)),
            Some((family, name)) if self.families.contains(family) => {
                format!("{family}-c{copy}/{name}")
            }
            Some(_) if self.webhooks.contains(word) => format!("{word}-c{copy}"),
            _ => word.to_owned(),
        }
    }
}

/// A URL, without its first `/`, of a copy.
fn copied_url(url: &str, copy: usize) -> String {
    match url.split_once('/') {
        Some(("v3", rest)) => {
            let (product, rest) = rest.split_at(rest.find(['/', '.']).unwrap_or(rest.len()));
            let mark = if product.is_empty() { String::new() } else { format!("-c{copy}") };
            format!("v3/{product}{mark}{rest}")
        }
        Some((base, rest)) if BASES.contains(&base) => format!("{base}-c{copy}/{rest}"),
        None if BASES.contains(&url) => format!("{url}-c{copy}"),
        _ => url.to_owned(),
    }
}

/// Where a copy's file is.
fn copied_place(place: &str, copy: usize) -> String {
    let marked = |name: &str| match name.strip_suffix(".yaml") {
        Some(stem) => format!("{stem}-c{copy}.yaml"),
        None => format!("{name}-c{copy}"),
    };
    let named = if place.starts_with("endpoints/v3/") { 2 } else { 1 };
    let segments = place.split('/').enumerate();
    let segments = segments.map(|(at, name)| if at == named { marked(name) } else { name.into() });
    segments.collect::<Vec<_>>().join("/")
}

fn read_below(
    root: &Path,
    folder: &str,
    files: &mut Vec<(String, String)>,
) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(root.join(folder))? {
        let entry = entry?;
        let place = format!("{folder}/{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            read_below(root, &place, files)?;
        } else if place.ends_with(".yaml") {
            files.push((place, fs::read_to_string(entry.path())?));
        }
    }
    Ok(())
}

fn write(path: &Path, text: &str) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(path.parent().unwrap_or(path))?;
    Ok(fs::write(path, text)?)
}
