//! Bills over HTTP.

use bytes::Bytes;

use super::call::{ControlCall, ControlError, ControlResponse, ControlResult, unknown_value};
use crate::sandbox::bills::{BillDigest, BillFile};

/// Sets the bill behind the links that the sandbox issues from now on.
pub(super) fn set(call: &ControlCall) -> ControlResult {
    let members = call.members(&["rows", "text", "files", "digest"])?;
    let mut bill = match (members.number("rows")?, members.text("text")?) {
        (Some(rows), None) => BillFile::rows(rows),
        (None, Some(text)) => BillFile::from(Bytes::from(text.to_owned())),
        _ => return Err(ControlError::invalid("give one of `rows` and `text`")),
    };
    if let Some(files) = members.number("files")? {
        let files = usize::try_from(files).ok().filter(|files| (1..=1000).contains(files));
        let problem = || ControlError::invalid("`files` must be 1 to 1000");
        bill = bill.files(files.ok_or_else(problem)?);
    }
    bill = match members.text("digest")? {
        None => bill,
        Some("plain-text") => bill.digest(BillDigest::PlainText),
        Some("sent") => bill.digest(BillDigest::Sent),
        Some("wrong") => bill.digest(BillDigest::Wrong),
        Some(other) => {
            return Err(unknown_value("digest", other, &["plain-text", "sent", "wrong"]));
        }
    };
    call.shared.state().bills.set(bill);
    Ok(ControlResponse::done())
}

/// Invalidates all links to bills.
pub(super) fn expire_links(call: &ControlCall) -> ControlResult {
    call.shared.state().bills.expire_links();
    Ok(ControlResponse::done())
}
