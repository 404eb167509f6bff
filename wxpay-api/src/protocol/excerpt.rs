//! What the network sent, cut short for an error text.

const LONGEST: usize = 80;

/// The beginning of `text`, on one line: enough to recognise a value, too little to flood a log.
pub(crate) fn excerpt(text: &str) -> String {
    excerpt_of(text, LONGEST)
}

/// As [`excerpt`], with a length of its own.
pub(crate) fn excerpt_of(text: &str, longest: usize) -> String {
    let mut short: String = text.chars().take(longest).map(visible).collect();
    if text.chars().nth(longest).is_some() {
        short.push('…');
    }
    short
}

fn visible(character: char) -> char {
    if character.is_control() { '\u{fffd}' } else { character }
}
