//! From a text on the wire to the spelling of an identifier, without regard to names that are taken.

use unicode_ident::{is_xid_continue, is_xid_start};
use wxpay_spec::rust_name::snake_case;

/// The wire's words as `UpperCamelCase`: `USER_PAYING` is `UserPaying`, `2` is `_2`, `-1` is
/// `Minus1`. None when no letter and no digit is left.
pub(super) fn upper_camel(wire: &str) -> Option<String> {
    let negative =
        wire.strip_prefix('-').filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let mut text = String::from(if negative.is_some() { "Minus" } else { "" });
    for word in snake_case(wire)?.split('_').filter(|word| !word.is_empty()) {
        // Two numbers in a row stay apart, so that `1_5` and `15` differ.
        if text.ends_with(|c: char| c.is_ascii_digit())
            && word.starts_with(|c: char| c.is_ascii_digit())
        {
            text.push('_');
        }
        push_capitalised(&mut text, word);
    }
    if !text.starts_with(is_xid_start) {
        text.insert(0, '_');
    }
    Some(text)
}

/// Whether a text can stand in Rust as it is, keywords aside.
pub(super) fn is_identifier(text: &str) -> bool {
    let mut letters = text.chars();
    let starts = letters.next().is_some_and(|first| first == '_' || is_xid_start(first));
    starts && letters.all(is_xid_continue) && text.chars().any(|letter| letter != '_')
}

fn push_capitalised(text: &mut String, word: &str) {
    let mut letters = word.chars();
    let Some(first) = letters.next() else { return };
    let mut upper = first.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(single), None) => text.push(single),
        _ => text.push(first),
    }
    text.push_str(letters.as_str());
}

#[cfg(test)]
mod tests {
    use super::upper_camel;

    #[test]
    fn values_are_words_in_camel_case() {
        let spellings = [
            ("USER_PAYING", "UserPaying"),
            ("TRANSACTION.SUCCESS", "TransactionSuccess"),
            ("tradeState", "TradeState"),
            ("2", "_2"),
            ("-1", "Minus1"),
            ("1_5", "_1_5"),
            ("V3", "V3"),
            ("待支付", "待支付"),
        ];
        for (wire, rust) in spellings {
            assert_eq!(upper_camel(wire).as_deref(), Some(rust));
        }
    }
}
