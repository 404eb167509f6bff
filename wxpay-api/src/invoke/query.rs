use crate::client::percent_encode;

/// Fields as a query string, values percent-encoded; empty ones are left out.
pub(super) fn query_string(fields: &[(&str, &str)]) -> String {
    let fields = fields.iter().filter(|(_, value)| !value.is_empty());
    let pairs: Vec<_> =
        fields.map(|(name, value)| format!("{name}={}", percent_encode(value))).collect();
    pairs.join("&")
}
