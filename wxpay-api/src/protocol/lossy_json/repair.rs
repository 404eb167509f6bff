//! Turns a document with broken texts and numbers into strict JSON.

use super::Repair;
use super::scanner::Scanner;

/// How many texts may end in a cut escape. Each one costs another scan of the document.
const MOST_CUT: usize = 64;

/// Returns the strict text and the repairs, or `None` where the structure is broken.
///
/// A text that was cut right after a backslash seems to continue: in `"abc\","` the grammar reads an escaped quotation
/// mark. The error shows only where the next text begins. Then the last escaped quotation mark before the error is
/// taken as the end of its text, and the document is scanned again.
pub(super) fn repair(text: &[u8]) -> Option<(Vec<u8>, Vec<Repair>)> {
    let mut cut = Vec::new();
    loop {
        match Scanner::new(text, &cut).repaired() {
            Ok(repaired) => return Some(repaired),
            Err(broken) => match broken.escaped_quote {
                Some(at) if cut.len() < MOST_CUT => cut.push(at),
                _ => return None,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::repair;
    use proptest::prelude::*;
    use serde_json::Value;

    fn documents() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(6, 64, 6, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                proptest::collection::btree_map(any::<String>(), inner, 0..6)
                    .prop_map(|members| members.into_iter().collect()),
            ]
        })
    }

    proptest! {
        #[test]
        fn strict_documents_are_the_same_after_a_repair(document in documents(), pretty: bool) {
            let text = if pretty { format!("{document:#}") } else { document.to_string() };
            let (repaired, repairs) = repair(text.as_bytes()).unwrap_or_default();
            prop_assert_eq!(repairs, []);
            let strict: Option<Value> = serde_json::from_str(&text).ok();
            prop_assert_eq!(serde_json::from_slice(&repaired).ok(), strict);
        }

        #[test]
        fn any_bytes_become_strict_json_or_none(text: Vec<u8>) {
            if let Some((repaired, _)) = repair(&text) {
                prop_assert!(serde_json::from_slice::<Value>(&repaired).is_ok());
            }
        }
    }
}
