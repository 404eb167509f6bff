//! Help for mistyped words: the closest known word, or all of them.

/// Finds the candidate that a mistyped word most probably means.
pub(crate) fn closest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let is_near = |candidate: &&str| word.len().abs_diff(candidate.len()) <= FARTHEST;
    candidates
        .into_iter()
        .take(COMPARED)
        .filter(|candidate| word.len() <= LONGEST && is_near(candidate))
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= tolerance(word.len().min(candidate.len())))
        .min()
        .map(|(_, candidate)| candidate)
}

/// How many candidates are compared with a mistyped word, so that many mistakes take linear time.
pub(crate) const COMPARED: usize = 1000;

/// The longest word, in bytes, for which a close one is looked for.
const LONGEST: usize = 200;

/// By how many bytes a word and its typo may differ: three letters of four bytes each.
const FARTHEST: usize = 12;

/// Writes a help text: the closest candidate as a question, else all candidates.
pub(crate) fn suggest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str, IntoIter: Clone>,
) -> Option<String> {
    let candidates = candidates.into_iter();
    match closest(word, candidates.clone()) {
        Some(close) => Some(format!("did you mean `{close}`?")),
        None => one_of(candidates),
    }
}

/// Writes `expected a` or `expected one of a, b`; `None` without candidates or with too many.
pub(crate) fn one_of<'a>(candidates: impl Iterator<Item = &'a str>) -> Option<String> {
    const SHOWN: usize = 30;
    let quoted: Vec<String> = candidates.take(SHOWN + 1).map(|word| format!("`{word}`")).collect();
    match quoted.as_slice() {
        [] => None,
        [one] => Some(format!("expected {one}")),
        many if many.len() > SHOWN => None,
        many => Some(format!("expected one of {}", many.join(", "))),
    }
}

/// The edit distance, ignoring case where that is closer, so that `Get` finds `get`.
fn distance(word: &str, candidate: &str) -> usize {
    let folded = strsim::osa_distance(&word.to_lowercase(), &candidate.to_lowercase());
    folded.min(strsim::osa_distance(word, candidate))
}

fn tolerance(length: usize) -> usize {
    match length {
        0..=2 => 0,
        3..=5 => 1,
        6..=9 => 2,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::{closest, suggest};

    #[test]
    fn finds_the_word_behind_a_typo() {
        assert_eq!(closest("titel", ["note", "title"]), Some("title"));
        assert_eq!(closest("Title", ["note", "title"]), Some("title"));
        assert_eq!(closest("amount", ["note", "title"]), None);
    }

    #[test]
    fn lists_the_candidates_when_none_is_close() {
        assert_eq!(
            suggest("amount", ["note", "title"]).unwrap(),
            "expected one of `note`, `title`"
        );
        assert_eq!(suggest("amount", []), None);
    }
}
