//! Spells a text of the wire as an identifier, and finds the name of a list's element.

use std::borrow::Cow;

use unicode_ident::{is_xid_continue, is_xid_start};
use wxpay_spec::rust_name::snake_case;

/// Spells a text in `UpperCamelCase`: `USER_PAYING` becomes `UserPaying`, `2` becomes `_2`, `-1`
/// becomes `Minus1`. `None` if the text has no letter and no digit.
pub(super) fn upper_camel(wire: &str) -> Option<String> {
    let negative =
        wire.strip_prefix('-').filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let mut text = String::from(if negative.is_some() { "Minus" } else { "" });
    for word in snake_case(wire)?.split('_').filter(|word| !word.is_empty()) {
        // An underscore separates two numbers, so that `1_5` and `15` differ.
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

/// Whether a text is a Rust identifier or a keyword.
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

/// Words whose final `s` is no plural ending.
const UNCHANGED: &[&str] = &["goods", "news", "series", "species", "sms", "gps", "pos", "https"];

/// The name of one element of a list: the list's name without `_list`, `_lists` or an English
/// plural ending. Without such an ending the element has the list's name.
pub(in crate::lower) fn element(list: &str) -> Cow<'_, str> {
    for suffix in ["_lists", "_list"] {
        if let Some(of) = list.strip_suffix(suffix).filter(|of| of.contains(char::is_alphabetic)) {
            return Cow::Borrowed(of);
        }
    }
    singular(list)
}

fn singular(list: &str) -> Cow<'_, str> {
    let word = list.rsplit('_').next().unwrap_or(list);
    if UNCHANGED.contains(&word) || ["ss", "us", "is"].iter().any(|end| word.ends_with(end)) {
        return Cow::Borrowed(list);
    }
    if let Some(stem) = list.strip_suffix("ies").filter(|_| word.len() > 4) {
        return Cow::Owned(format!("{stem}y"));
    }
    let sibilant = ["sses", "tuses", "xes", "ches", "shes"];
    let ending = if sibilant.iter().any(|end| word.ends_with(end)) { "es" } else { "s" };
    Cow::Borrowed(
        list.strip_suffix(ending).filter(|_| word.len() > ending.len() + 1).unwrap_or(list),
    )
}

#[cfg(test)]
mod tests {
    use super::{element, upper_camel};

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

    #[test]
    fn an_element_is_one_of_its_list() {
        let names = [
            ("custom_field_list", "custom_field"),
            ("id_lists", "id"),
            ("items", "item"),
            ("sub_orders", "sub_order"),
            ("policy_clauses", "policy_clause"),
            ("categories", "category"),
            ("addresses", "address"),
            ("statuses", "status"),
            ("boxes", "box"),
            ("batches", "batch"),
        ];
        for (list, one) in names {
            assert_eq!(element(list), one);
        }
    }

    #[test]
    fn a_name_that_is_no_plural_stays() {
        for name in [
            "list",
            "_list",
            "goods",
            "promotion_goods",
            "address",
            "status",
            "basis",
            "series",
            "info",
        ] {
            assert_eq!(element(name), name);
        }
    }
}
