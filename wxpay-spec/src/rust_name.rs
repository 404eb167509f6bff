//! Rust names for wire names, the same for the checker and for the generator.

use unicode_ident::{is_xid_continue, is_xid_start};

use crate::model::Field;

/// Keywords of every edition.
const KEYWORDS: [&str; 52] = [
    "Self", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue",
    "crate", "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if",
    "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub",
    "ref", "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Whether a name is a keyword in any edition of Rust.
#[must_use]
pub fn is_keyword(name: &str) -> bool {
    KEYWORDS.contains(&name)
}

/// Returns the Rust name of a member: the hand-chosen one, else its wire name in `snake_case`.
#[must_use]
pub fn field_name(field: &Field) -> String {
    let given = || snake_case(&field.name).unwrap_or_else(|| field.name.clone());
    field.rust.clone().unwrap_or_else(given)
}

/// Converts a wire name to `snake_case`; `None` when no letter and no digit is left.
///
/// `Idempotency-Key` becomes `idempotency_key`, `HTTPServer` `http_server`, `2fa` `_2fa`.
#[must_use]
pub fn snake_case(wire: &str) -> Option<String> {
    let mut text = String::with_capacity(wire.len() + 4);
    let mut previous = '_';
    let mut letters = wire.chars().peekable();
    while let Some(letter) = letters.next() {
        if starts_word(previous, letter, letters.peek().copied()) {
            text.push('_');
        }
        push_lowercase(&mut text, letter);
        previous = letter;
    }
    let first = text.chars().next()?;
    if !text.chars().any(|letter| letter != '_') {
        return None;
    }
    if first != '_' && !is_xid_start(first) {
        text.insert(0, '_');
    }
    Some(text)
}

fn starts_word(previous: char, letter: char, next: Option<char>) -> bool {
    if !letter.is_uppercase() || previous == '_' || !is_xid_continue(previous) {
        return false;
    }
    !previous.is_uppercase() || next.is_some_and(char::is_lowercase)
}

fn push_lowercase(text: &mut String, letter: char) {
    if !is_xid_continue(letter) {
        text.push('_');
        return;
    }
    let mut lower = letter.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(single), None) => text.push(single),
        _ => text.push(letter),
    }
}

#[cfg(test)]
mod tests {
    use super::{is_keyword, snake_case};

    #[test]
    fn members_keep_the_spelling_of_the_wire() {
        let spellings = [
            ("out_trade_no", "out_trade_no"),
            ("Idempotency-Key", "idempotency_key"),
            ("openID", "open_id"),
            ("HTTPServer", "http_server"),
            ("2fa", "_2fa"),
            ("a__b_", "a__b_"),
            ("取消-原因", "取消_原因"),
        ];
        for (wire, rust) in spellings {
            assert_eq!(snake_case(wire).as_deref(), Some(rust));
        }
        assert_eq!(snake_case("_-?"), None);
        assert_eq!(snake_case(""), None);
    }

    #[test]
    fn different_spellings_have_the_same_snake_case() {
        assert_eq!(snake_case("policy-periods"), snake_case("policy_periods"));
        assert_eq!(snake_case("orderId"), snake_case("order_id"));
        assert_eq!(snake_case("HTTPServer"), snake_case("http-server"));
    }

    #[test]
    fn keywords_are_those_of_every_edition() {
        assert!(["type", "async", "gen", "Self"].into_iter().all(is_keyword));
        assert!(!is_keyword("self_") && !is_keyword("amount"));
    }
}
