use serde_yaml::Value;

/// The YAML comments of a descriptor with their lines, from 1. The canonical layout knows none:
/// `note` is the place for a remark.
pub(crate) fn comments(text: &str) -> Vec<(usize, &str)> {
    let Ok(model) = serde_yaml::from_str::<Value>(text) else { return Vec::new() };
    let mut found = Vec::new();
    let mut start = 0;
    for (at, line) in text.split_inclusive('\n').enumerate() {
        let end = start + line.trim_end().len();
        let comment =
            candidates(line).find(|rest| says_nothing(text, end - rest.len(), end, &model));
        found.extend(comment.map(|comment| (at + 1, comment)));
        start += line.len();
    }
    found
}

/// What a line could end with as a comment: `#` may also stand in a text.
fn candidates(line: &str) -> impl Iterator<Item = &str> {
    let line = line.trim_end();
    let splits = line.match_indices('#').filter_map(|(at, _)| line.split_at_checked(at));
    splits.filter(|(before, _)| !before.ends_with(|last: char| !last.is_whitespace())).map(|s| s.1)
}

/// Whether the file means the same without a part of its text.
fn says_nothing(text: &str, from: usize, to: usize, model: &Value) -> bool {
    let (Some(before), Some(after)) = (text.get(..from), text.get(to..)) else { return false };
    serde_yaml::from_str::<Value>(&format!("{before}{after}")).is_ok_and(|value| value == *model)
}
