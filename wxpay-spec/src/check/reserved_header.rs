use crate::cursor::Cursor;
use crate::grammar::RESERVED_HEADERS;

/// The headers that every request has are the client's.
pub(super) fn check(at: &Cursor<'_>) {
    let Some(headers) = at.get("header") else {
        return;
    };
    for (key, header) in headers.entries() {
        let name = key.trim_end_matches('?');
        if RESERVED_HEADERS.contains(&name.to_ascii_lowercase().as_str()) {
            let help = "leave it out: the client sets it by itself";
            header.key_error(&format!("the header `{name}`"), Some(help.to_owned()));
        }
    }
}
