//! Help for mistyped names and URLs: the closest known one, or all of them.

use strsim::osa_distance;

use crate::protocol::excerpt::excerpt_of;

/// The longest name, in bytes, for which a close one is looked for. Comparing two takes the product of their lengths.
const LONGEST: usize = 300;
/// The most characters that an error shows of a name. Some URLs are long.
const WIDEST: usize = 200;
/// How many known names an error lists.
const SHOWN: usize = 30;
/// How many operations are suggested for a URL.
const SHOWN_OPERATIONS: usize = 3;

/// Returns the candidate closest to `name`, if it is close. Case does not count.
pub(super) fn closest<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    if name.len() > LONGEST {
        return None;
    }
    let allowed = (name.chars().count() / 3).max(2);
    let name = name.to_lowercase();
    let distance = |candidate: &str| osa_distance(&name, &candidate.to_lowercase());
    // Nothing of a short name would be left otherwise.
    let is_close = |distance: usize, candidate: &str| {
        distance <= allowed && distance < candidate.chars().count()
    };
    let measured = candidates.into_iter().map(|candidate| (distance(candidate), candidate));
    let close = measured.filter(|(distance, candidate)| is_close(*distance, candidate));
    close.min_by_key(|(distance, _)| *distance).map(|(_, candidate)| candidate)
}

/// Writes the end of an error message: `; did you mean …?`, else the known names.
pub(super) fn hint<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str, IntoIter: Clone>,
) -> String {
    let candidates = candidates.into_iter();
    if let Some(candidate) = closest(name, candidates.clone()) {
        return format!("; did you mean `{}`?", excerpt_of(candidate, WIDEST));
    }
    match listed(candidates) {
        known if known.is_empty() => "; there is none".to_owned(),
        known => format!("; known are {known}"),
    }
}

/// Writes the first names in back-ticks.
pub(super) fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let mut names = names.into_iter();
    let shown: Vec<_> =
        names.by_ref().take(SHOWN).map(|name| format!("`{}`", excerpt_of(name, WIDEST))).collect();
    let more = if names.next().is_some() { ", …" } else { "" };
    format!("{}{more}", shown.join(", "))
}

/// Returns the operations closest to a method and a path, the closest first, such as `GET /v3/certificates`.
///
/// The same path with other methods comes first.
pub(super) fn closest_operations<'a>(
    method: &str,
    path: &str,
    known: impl Iterator<Item = (&'a str, &'a str)>,
) -> Vec<String> {
    let path = path.split('?').next().unwrap_or_default();
    if path.len() > LONGEST {
        return Vec::new();
    }
    let tolerance = path.len() / 4 + 1;
    let mut near: Vec<(usize, String)> = known
        .map(|(other, template)| {
            let distance = 2 * url_distance(path, template) + usize::from(other != method);
            (distance, format!("{other} {template}"))
        })
        .filter(|(distance, _)| *distance <= 2 * tolerance)
        .collect();
    near.sort();
    near.dedup();
    near.into_iter().take(SHOWN_OPERATIONS).map(|(_, name)| name).collect()
}

/// Returns the edit distance of a path and a URL template, whose parameters may be any segment.
fn url_distance(path: &str, template: &str) -> usize {
    let path_segments: Vec<&str> = path.split('/').collect();
    let segments: Vec<&str> = template.split('/').collect();
    let filled = |shift: usize| {
        let fill = |(index, segment): (usize, &&'_ str)| -> String {
            let found = (index + path_segments.len()).checked_sub(shift);
            match found.and_then(|found| path_segments.get(found)) {
                Some(found) if segment.starts_with('{') => (*found).to_owned(),
                _ => (*segment).to_owned(),
            }
        };
        let filled: Vec<_> = segments.iter().enumerate().map(fill).collect();
        osa_distance(path, &filled.join("/"))
    };
    // A missing or superfluous segment moves the parameters after it.
    filled(path_segments.len()).min(filled(segments.len()))
}

#[cfg(test)]
mod tests {
    use super::{closest, hint, url_distance};

    #[test]
    fn a_close_name_is_found_in_any_case() {
        let known = ["succeed", "fail", "paid"];
        assert_eq!(closest("Suceed", known), Some("succeed"));
        assert_eq!(closest("pai", known), Some("paid"));
        assert_eq!(closest("closed", known), None);
        assert_eq!(closest("ab", ["cd"]), None, "nothing in common");
    }

    #[test]
    fn a_hint_names_the_close_one_or_all() {
        assert_eq!(hint("fial", ["fail", "pay"]), "; did you mean `fail`?");
        assert_eq!(hint("refund", ["fail", "pay"]), "; known are `fail`, `pay`");
        assert_eq!(hint("refund", []), "; there is none");
        let long = "x".repeat(1 << 20);
        assert_eq!(hint(&long, ["fail"]), "; known are `fail`");
    }

    #[test]
    fn parameters_of_a_url_fit_any_segment() {
        assert_eq!(url_distance("/v3/orders/7/close", "/v3/orders/{order_id}/close"), 0);
        assert_eq!(url_distance("/orders/7/close", "/v3/orders/{order_id}/close"), 3);
        assert_eq!(url_distance("/v3/orders/7", "/v3/orders/{order_id}/close"), 6);
    }
}
