//! Texts in headers.

use http::HeaderValue;

/// The text as a header's value: printable ASCII, as proxies and WeChat Pay's own gateway understand nothing else
/// alike.
pub(super) fn header_value(text: &str) -> Option<HeaderValue> {
    if !text.is_ascii() {
        return None;
    }
    HeaderValue::from_str(text).ok()
}
