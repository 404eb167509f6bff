//! What was signed by both sides, if a signature was refused.

use super::control_data::Diagnosis;
use super::verdicts::chinese;

/// Why the sandbox refused a signature: what WeChat Pay expected to be signed, and what the client signed.
#[derive(Debug)]
pub(super) struct Comparison {
    /// The verdict for programs, such as `url-without-query`.
    pub(super) verdict: String,
    /// What is wrong, and what to do, in Chinese.
    pub(super) chinese: Option<&'static str>,
    /// The same in English, with what the sandbox found out about this signature.
    pub(super) explanation: String,
    /// Empty if the header itself was refused.
    pub(super) expected: Vec<Line>,
    /// Empty if nobody knows what the client signed.
    pub(super) signed: Vec<Line>,
}

/// A line of a signed message, split where the two messages differ first.
#[derive(Debug, Default, Eq, PartialEq)]
pub(super) struct Line {
    pub(super) same: String,
    /// What differs, to the end of the line; empty in lines without the first difference.
    pub(super) different: String,
    /// Whether the first difference of the messages is in this line.
    pub(super) differs: bool,
    /// Whether a line feed ends it.
    pub(super) is_ended: bool,
}

impl Comparison {
    pub(super) fn new(diagnosis: &Diagnosis) -> Self {
        let Diagnosis { verdict, explanation, expected_message, signed_message } = diagnosis;
        let (expected, signed) = (expected_message.as_deref(), signed_message.as_deref());
        let side = |one: Option<&str>, other| one.map(|one| lines(one, other)).unwrap_or_default();
        Self {
            chinese: chinese(verdict),
            verdict: verdict.clone(),
            explanation: explanation.clone(),
            expected: side(expected, signed),
            signed: side(signed, expected),
        }
    }
}

/// Splits a message into lines, and marks where it first differs from another one.
fn lines(message: &str, other: Option<&str>) -> Vec<Line> {
    let same = other.map_or(message.len(), |other| common(message, other));
    let differs = other.is_some_and(|other| other != message);
    let mut start = 0;
    let mut rows = Vec::new();
    let mut is_marked = false;
    for piece in message.split_inclusive('\n') {
        let end = start + piece.len();
        let text = piece.strip_suffix('\n').unwrap_or(piece);
        // The difference may be the line feed itself, or what follows the last one.
        let marks = differs && !is_marked && same < end;
        let cut = if marks { same.saturating_sub(start).min(text.len()) } else { text.len() };
        let (before, after) = text.split_at_checked(cut).unwrap_or((text, ""));
        rows.push(Line {
            same: before.to_owned(),
            different: after.to_owned(),
            differs: marks,
            is_ended: piece.len() > text.len(),
        });
        is_marked |= marks;
        start = end;
    }
    if differs && !is_marked {
        rows.push(Line { differs: true, ..Line::default() });
    }
    rows
}

/// Returns how many bytes two texts have in common at their beginning, in whole characters.
fn common(one: &str, other: &str) -> usize {
    let pairs = one.chars().zip(other.chars()).take_while(|(one, other)| one == other);
    pairs.map(|(character, _)| character.len_utf8()).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::lines;

    fn whole(message: &str, other: &str) -> (String, usize) {
        let lines = lines(message, Some(other));
        let marked = lines.iter().filter(|line| line.differs).count();
        let text = lines.iter().map(|line| {
            let end = if line.is_ended { "\n" } else { "" };
            format!("{}{}{end}", line.same, line.different)
        });
        (text.collect(), marked)
    }

    proptest! {
        #[test]
        fn lines_keep_the_message_and_mark_one_difference(
            one in "[ab\n中]{0,12}",
            other in "[ab\n中]{0,12}",
        ) {
            let (text, marked) = whole(&one, &other);
            prop_assert_eq!(text, one.clone());
            prop_assert_eq!(marked, usize::from(one != other));
        }
    }

    #[test]
    fn the_mark_begins_at_the_first_difference() {
        let marked = lines("POST\n/a?x=1\n", Some("POST\n/a\n"));
        let line =
            marked.iter().find(|line| line.differs).map(|line| (&*line.same, &*line.different));
        assert_eq!(line, Some(("/a", "?x=1")));
    }
}
