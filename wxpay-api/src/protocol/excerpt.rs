//! Shortens external text and makes it harmless, for an error text or a log.

const LONGEST: usize = 80;

/// Returns the beginning of `text`, on one line. It is long enough to recognise a value, and too short to flood a log.
pub(crate) fn excerpt(text: &str) -> String {
    excerpt_of(text, LONGEST)
}

/// As [`excerpt`], with at most `longest` characters.
pub(crate) fn excerpt_of(text: &str, longest: usize) -> String {
    let mut short: String = text.chars().take(longest).map(visible).collect();
    if text.chars().nth(longest).is_some() {
        short.push('…');
    }
    short
}

/// Replaces a character that breaks lines of a log, changes the direction of text, or is invisible.
fn visible(character: char) -> char {
    let is_invisible = matches!(
        character,
        '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
    );
    if character.is_control() || is_invisible { '\u{fffd}' } else { character }
}
