//! The characters that WeChat Pay accepts: those of one to three bytes in UTF-8 (docs/protocol.md, base conventions).

use super::Json;
use super::key_path::KeyPath;

/// Whether WeChat Pay accepts all of a text. Four bytes begin with 0xF0 at least, and nothing else does.
pub(crate) fn is_accepted(text: &str) -> bool {
    text.bytes().all(|byte| byte < 0xf0)
}

/// The path of the first text or key that WeChat Pay does not accept.
pub(super) fn not_accepted(json: &Json, path: KeyPath<'_>) -> Option<String> {
    match json {
        Json::String(text) => (!is_accepted(text)).then(|| path.to_text()),
        Json::Array(list) => {
            list.iter().enumerate().find_map(|(at, item)| not_accepted(item, path.index(at)))
        }
        Json::Object(members) => members.iter().find_map(|(name, member)| {
            let path = path.key(name);
            if is_accepted(name) { not_accepted(member, path) } else { Some(path.to_text()) }
        }),
        _ => None,
    }
}
