//! Reads the bounds of a field: length, range and pattern.

use regex_lite::Regex;

use crate::cursor::Cursor;
use crate::model::Number;

/// Reads `length`: the least and the most.
pub(crate) fn length(at: &Cursor<'_>) -> Option<(u64, Option<u64>)> {
    let given = at.get("length")?;
    let text = given.text()?;
    let (least, most) = match text.split_once("..") {
        None => (0, Some(text.parse().ok()?)),
        Some((least, "")) => (least.parse().ok()?, None),
        Some((least, most)) => (least.parse().ok()?, Some(most.parse().ok()?)),
    };
    if most.is_some_and(|most| most < least) {
        given.error(&format!("no length is in `{text}`"), None);
    }
    Some((least, most))
}

/// Reads `range`: the bounds as written.
pub(crate) fn range(at: &Cursor<'_>) -> Option<(Option<Number>, Option<Number>)> {
    let given = at.get("range")?;
    let text = given.text()?;
    let (least, most) = text.split_once("..")?;
    let value = |bound: &str| bound.parse::<f64>().ok();
    if let (Some(least), Some(most)) = (value(least), value(most))
        && most < least
    {
        given.error(&format!("no number is in `{text}`"), None);
    }
    let bound = |text: &str| (!text.is_empty()).then(|| Number(text.to_owned()));
    Some((bound(least), bound(most)))
}

/// Reads `pattern`: a regular expression for a whole text.
pub(crate) fn pattern(at: &Cursor<'_>) -> Option<String> {
    let given = at.get("pattern")?;
    let text = given.text()?;
    if Regex::new(&format!("^(?:{text})$")).is_err() {
        let help =
            "expected an expression such as `^[0-9]{8}$`, without look-around and back references";
        given.error("not a regular expression", Some(help.to_owned()));
    }
    Some(text.to_owned())
}

/// Reports mistakes in the bounds of an element, which the model does not keep.
pub(super) fn check_element(at: &Cursor<'_>) {
    length(at);
    range(at);
    pattern(at);
}
