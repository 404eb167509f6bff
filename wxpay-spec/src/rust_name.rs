//! As much about Rust's names as it takes to report a mistake at its place in a descriptor.

use crate::model::Field;

const KEYWORDS: [&str; 52] = [
    "Self", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue",
    "crate", "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if",
    "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub",
    "ref", "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

pub(crate) fn is_keyword(name: &str) -> bool {
    KEYWORDS.contains(&name)
}

/// The Rust name of a member: the hand-chosen one, else the one that its wire name gives.
pub(crate) fn field_name(field: &Field) -> String {
    field.rust.clone().unwrap_or_else(|| snake_case(&field.name))
}

/// A wire name in `snake_case`, to find the names that would meet in Rust.
pub(crate) fn snake_case(wire: &str) -> String {
    let mut name = String::new();
    let mut after_small = false;
    for letter in wire.chars() {
        if letter.is_uppercase() && after_small {
            name.push('_');
        }
        after_small = letter.is_lowercase() || letter.is_numeric();
        if letter.is_alphanumeric() {
            name.extend(letter.to_lowercase());
        } else {
            name.push('_');
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::snake_case;

    #[test]
    fn names_meet_in_snake_case() {
        assert_eq!(snake_case("policy-periods"), snake_case("policy_periods"));
        assert_eq!(snake_case("Idempotency-Key"), "idempotency_key");
        assert_eq!(snake_case("orderId"), "order_id");
    }
}
