//! The names of a URL's segments in chains, as in `wxpay.v3.pay._transaction_id_.post`.

use crate::model::{Endpoint, Method, Segment};

/// Returns the name of a segment in a chain: `combineTransactions`, `_out_trade_no_`.
///
/// A page of the community's site spells segments in the same way.
pub(super) fn member(segment: &Segment) -> String {
    match segment {
        Segment::Parameter(name) => format!("_{name}_"),
        Segment::Literal(text) => camel(text).unwrap_or_else(|| text.clone()),
    }
}

/// Converts `combine-transactions`; `None` if the result would not say where the hyphens were.
fn camel(text: &str) -> Option<String> {
    let mut words = text.split('-');
    let mut name = words.next().filter(|first| !first.is_empty())?.to_owned();
    for word in words {
        let mut letters = word.chars();
        let first = letters.next().filter(char::is_ascii_lowercase)?;
        name.push(first.to_ascii_uppercase());
        name.push_str(letters.as_str());
    }
    let is_plain = !text.chars().any(|letter| letter.is_ascii_uppercase());
    (is_plain && !(name.starts_with('_') && name.ends_with('_'))).then_some(name)
}

/// Returns the chain of an operation: `v3.pay.transactions.jsapi.post`.
pub(super) fn of_operation(endpoint: &Endpoint, method: Method) -> String {
    let mut names: Vec<String> = endpoint.segments().iter().map(member).collect();
    names.push(method.key().to_owned());
    names.join(".")
}

#[cfg(test)]
mod tests {
    use super::member;
    use crate::model::Segment;

    #[test]
    fn a_segment_is_named_as_in_the_pages() {
        let names = [
            ("combine-transactions", "combineTransactions"),
            ("mch_operate", "mch_operate"),
            ("policy-periods", "policyPeriods"),
            ("v3", "v3"),
            ("a-1", "a-1"),
            ("-a", "-a"),
            ("_a_", "_a_"),
        ];
        for (text, name) in names {
            assert_eq!(member(&Segment::Literal(text.to_owned())), name);
        }
        assert_eq!(member(&Segment::Parameter("id".to_owned())), "_id_");
    }
}
