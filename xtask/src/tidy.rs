//! `tidy`: the canonical layout of descriptors, and the comments that it would lose.

use std::collections::BTreeMap;
use std::error::Error;
use std::{fs, io};

use serde_yaml::Value;
use wxpay_spec::model::Spec;
use wxpay_spec::write;

use crate::output::{complain, say};
use crate::workspace::{Workspace, replace};

/// Rewrites every descriptor in the canonical layout.
///
/// A file with YAML comments, which would be lost, is named and left alone.
pub(crate) fn run(workspace: &Workspace) -> Result<(), Box<dyn Error>> {
    let spec = workspace.load()?;
    let mut written = 0;
    let mut refused = 0;
    for (place, wanted) in untidy(workspace, &spec)? {
        let file = workspace.descriptors().join(&place);
        let text = fs::read_to_string(&file)?;
        let comments = comments(&text);
        if comments.is_empty() {
            replace(&file, wanted.as_bytes())?;
            written += 1;
        } else {
            refused += 1;
        }
        for (line, comment) in comments {
            complain!("{place}:{line}: the comment would be lost, write it in a `note`: {comment}");
        }
    }
    say!("{written} files written");
    if refused > 0 {
        return Err(format!("{refused} files with comments were not changed").into());
    }
    Ok(())
}

/// Finds the descriptors in another layout, with the canonical text of each.
pub(crate) fn untidy(workspace: &Workspace, spec: &Spec) -> io::Result<BTreeMap<String, String>> {
    let mut untidy = BTreeMap::new();
    for (place, wanted) in write::files(spec) {
        if fs::read_to_string(workspace.descriptors().join(&place))? != wanted {
            untidy.insert(place, wanted);
        }
    }
    Ok(untidy)
}

/// Finds the YAML comments of a descriptor, with their lines from 1.
///
/// The canonical layout has no comments: a remark belongs in a `note`.
pub(crate) fn comments(text: &str) -> Vec<(usize, &str)> {
    let Ok(model) = serde_yaml::from_str::<Value>(text) else { return Vec::new() };
    let mut found = Vec::new();
    let mut start = 0;
    for (at, line) in text.split_inclusive('\n').enumerate() {
        let end = start + line.trim_end().len();
        let comment =
            candidates(line).find(|rest| is_without_meaning(text, end - rest.len(), end, &model));
        found.extend(comment.map(|comment| (at + 1, comment)));
        start += line.len();
    }
    found
}

/// The ends of a line that may be comments. A `#` may also be part of a text.
fn candidates(line: &str) -> impl Iterator<Item = &str> {
    let line = line.trim_end();
    let splits = line.match_indices('#').filter_map(|(at, _)| line.split_at_checked(at));
    splits.filter(|(before, _)| !before.ends_with(|last: char| !last.is_whitespace())).map(|s| s.1)
}

/// Whether a file means the same without a part of its text.
fn is_without_meaning(text: &str, from: usize, to: usize, model: &Value) -> bool {
    let (Some(before), Some(after)) = (text.get(..from), text.get(to..)) else { return false };
    serde_yaml::from_str::<Value>(&format!("{before}{after}")).is_ok_and(|value| value == *model)
}
