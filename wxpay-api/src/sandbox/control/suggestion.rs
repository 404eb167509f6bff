//! Finds the name that a mistyped one was meant to be.

/// Returns the candidate closest to `name`, if it is close.
pub(in crate::sandbox) fn closest<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let allowed = (name.chars().count() / 3).max(1);
    let measured = candidates.into_iter().map(|candidate| (distance(name, candidate), candidate));
    let (steps, candidate) = measured.min_by_key(|(steps, _)| *steps)?;
    (steps <= allowed).then_some(candidate)
}

/// Writes the end of an error message: `; did you mean …?`, or the known names.
pub(in crate::sandbox) fn hint<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str> + Clone,
) -> String {
    const SHOWN: usize = 12;
    if let Some(candidate) = closest(name, candidates.clone()) {
        return format!("; did you mean `{candidate}`?");
    }
    let names: Vec<_> = candidates.into_iter().map(|name| format!("`{name}`")).collect();
    match names.len() {
        0 => String::new(),
        1..=SHOWN => format!("; known are {}", names.join(", ")),
        _ => String::new(),
    }
}

/// Counts the changed, added and removed characters. Case does not count.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().flat_map(char::to_lowercase).collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (index, character) in one.chars().flat_map(char::to_lowercase).enumerate() {
        let mut next = vec![index + 1];
        let mut left = index + 1;
        for ((wanted, pair), above) in other.iter().zip(&row).zip(row.iter().skip(1)) {
            let changed = pair + usize::from(*wanted != character);
            left = changed.min(above + 1).min(left + 1);
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}
