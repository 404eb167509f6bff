//! What one element of a list is called.

use std::borrow::Cow;

/// Words that are no plural of a word without their `s`, or that read alike in both numbers.
const UNCHANGED: &[&str] = &["goods", "news", "series", "species", "sms", "gps", "pos", "https"];

/// The name of one element of the list `list`: without `_list`, `_lists` or an English plural's
/// ending. A name that shows no ending is the element's too.
pub(super) fn element(list: &str) -> Cow<'_, str> {
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
    use super::element;

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
