//! The numbers of a document as written, where 64 bits do not hold them exactly.

use std::ops::Range;

use serde_json::Number;

/// The places of all numbers in strict JSON that are not 64-bit integers, in the order of the text.
pub(super) fn floats(json: &str) -> impl Iterator<Item = Range<usize>> {
    numbers(json).filter(|place| {
        let number = json.get(place.clone()).map(serde_json::from_str::<Number>);
        number.is_some_and(|number| number.is_ok_and(|number| number.is_f64()))
    })
}

fn numbers(json: &str) -> impl Iterator<Item = Range<usize>> {
    let bytes = json.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at;
            match bytes.get(start)? {
                b'"' => at = after_text(bytes, start),
                b'-' | b'0'..=b'9' => {
                    let rest = bytes.get(start..).unwrap_or_default();
                    at += rest.iter().position(|byte| !is_part(*byte)).unwrap_or(rest.len());
                    return Some(start..at);
                }
                _ => at += 1,
            }
        }
    })
}

fn is_part(byte: u8) -> bool {
    matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9')
}

/// Where the text that begins at `start` ends.
fn after_text(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    loop {
        match bytes.get(at) {
            Some(b'\\') => at += 2,
            Some(b'"') | None => return at + 1,
            Some(_) => at += 1,
        }
    }
}
