//! The operations that a mistyped URL may mean.

/// How many operations are suggested.
const SHOWN: usize = 3;

/// Returns the operations closest to a method and a path, the closest first, such as `GET /v3/certificates`.
///
/// The same path with other methods comes first.
pub(super) fn closest<'a>(
    method: &str,
    path: &str,
    known: impl Iterator<Item = (&'a str, &'a str)>,
) -> Vec<String> {
    let path = path.split('?').next().unwrap_or_default();
    let tolerance = path.len() / 4 + 1;
    let mut near: Vec<(usize, String)> = known
        .map(|(other, template)| {
            let distance = 2 * distance(path, template) + usize::from(other != method);
            (distance, format!("{other} {template}"))
        })
        .filter(|(distance, _)| *distance <= 2 * tolerance)
        .collect();
    near.sort();
    near.dedup();
    near.into_iter().take(SHOWN).map(|(_, name)| name).collect()
}

/// The edit distance of two paths by their segments. Any segment fits a parameter.
fn distance(path: &str, template: &str) -> usize {
    let (path, template): (Vec<_>, Vec<_>) =
        (path.split('/').collect(), template.split('/').collect());
    let missing = |segment: &&str| segment.chars().count() + 1;
    let change = |found: &&str, wanted: &&str| match wanted.starts_with('{') {
        true => 0,
        false => {
            let (found, wanted): (Vec<_>, Vec<_>) =
                (found.chars().collect(), wanted.chars().collect());
            edits(&found, &wanted, |_| 1, |one, other| usize::from(one != other))
        }
    };
    edits(&path, &template, missing, change)
}

/// The least cost to edit one list to another: `missing` is the cost of a lost or added element.
fn edits<T>(
    from: &[T],
    to: &[T],
    missing: impl Fn(&T) -> usize,
    change: impl Fn(&T, &T) -> usize,
) -> usize {
    // The costs to make each beginning of `to` from the elements of `from` so far.
    let mut costs = vec![0];
    for added in to {
        costs.push(costs.last().unwrap_or(&0) + missing(added));
    }
    for lost in from {
        let mut next = Vec::with_capacity(costs.len());
        let mut left: Option<usize> = None;
        for (index, above) in costs.iter().enumerate() {
            let deleted = above + missing(lost);
            let changed = index.checked_sub(1).and_then(|before| {
                let element = to.get(before)?;
                let changed = costs.get(before)? + change(lost, element);
                Some(changed.min(left? + missing(element)))
            });
            let cost = changed.map_or(deleted, |changed| changed.min(deleted));
            next.push(cost);
            left = Some(cost);
        }
        costs = next;
    }
    costs.last().copied().unwrap_or_default()
}
