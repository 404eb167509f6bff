//! Spellings that look alike: full-width forms, other spaces, invisible characters.

use std::borrow::Cow;

/// The text with full-width characters as their ASCII forms, and without invisible ones.
pub(super) fn fold(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || !text.chars().any(|character| folded(character) != Some(character)) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter_map(folded).collect())
}

/// The ASCII form of a character; none for an invisible one.
fn folded(character: char) -> Option<char> {
    match character {
        '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => None,
        '\u{a0}' | '\u{2007}' | '\u{202f}' | '\u{3000}' => Some(' '),
        '\u{2212}' => Some('-'),
        '\u{ffe5}' => Some('¥'),
        '！'..='～' => char::from_u32(u32::from(character) - 0xfee0),
        _ => Some(character),
    }
}
