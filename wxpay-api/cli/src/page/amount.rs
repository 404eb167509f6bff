//! Amounts in yuan and fen, and times.

use serde_json::Value;

/// Writes an amount of fen in yuan.
pub(super) fn yuan(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    let fen = fen.unsigned_abs();
    format!("{sign}¥{}.{:02}", fen / 100, fen % 100)
}

/// Returns whether a member is an amount of fen, by the last names of its path.
pub(super) fn is_amount(path: &str) -> bool {
    const NAMES: [&str; 6] = ["amount", "total", "fee", "price", "refund", "deduction"];
    const CONTAINERS: [&str; 2] = ["amount", "total_amount"];
    let mut names = path.rsplit('.');
    let last = names.next().unwrap_or_default();
    let parent = names.next().unwrap_or_default();
    let ends = |name: &str| last == name || last.ends_with(&format!("_{name}"));
    CONTAINERS.contains(&parent) || NAMES.into_iter().any(ends)
}

/// Returns the amount of an order, a refund or a transfer.
pub(super) fn of_object(object: &Value) -> Option<i64> {
    const PLACES: [&str; 7] = [
        "/amount/refund",
        "/amount/total",
        "/amount/total_amount",
        "/transfer_amount",
        "/total_amount",
        "/amount",
        "/apply_refund_amount",
    ];
    if let Some(amount) = PLACES.iter().find_map(|place| object.pointer(place)?.as_i64()) {
        return Some(amount);
    }
    let parts = object.get("sub_orders")?.as_array()?;
    let amounts = parts.iter().map(|part| part.pointer("/amount/total_amount")?.as_i64());
    amounts.sum::<Option<i64>>()
}

/// Writes an RFC 3339 time in Beijing without what every time has.
pub(super) fn time(rfc3339: &str) -> String {
    let text = rfc3339.replacen('T', " ", 1);
    text.strip_suffix("+08:00").unwrap_or(&text).to_owned()
}

/// Writes seconds as people say them.
pub(super) fn seconds(seconds: f64) -> String {
    const UNITS: [(f64, &str); 3] = [(86_400.0, "d"), (3600.0, "h"), (60.0, "min")];
    let unit = UNITS.into_iter().find(|(length, _)| seconds >= *length);
    match unit {
        Some((length, unit)) => format!("{:.0} {unit}", seconds / length),
        None => format!("{seconds:.0} s"),
    }
}
