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

/// Counts the changed, added, removed and swapped characters. Case does not count.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().flat_map(char::to_lowercase).collect();
    let mut earlier: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    let mut previous = None;
    for (index, character) in one.chars().flat_map(char::to_lowercase).enumerate() {
        let mut next = vec![index + 1];
        let mut left = index + 1;
        for (column, wanted) in other.iter().enumerate() {
            let at = |row: &[usize], column: usize| row.get(column).copied().unwrap_or(usize::MAX);
            let changed = at(&row, column) + usize::from(*wanted != character);
            let mut best = changed.min(at(&row, column + 1) + 1).min(left + 1);
            let before = column.checked_sub(1).and_then(|column| other.get(column));
            if before == Some(&character) && previous == Some(*wanted) {
                best = best.min(at(&earlier, column - 1).saturating_add(1));
            }
            next.push(best);
            left = best;
        }
        earlier = std::mem::replace(&mut row, next);
        previous = Some(character);
    }
    row.last().copied().unwrap_or_default()
}
