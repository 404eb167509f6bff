//! Raw files: bills, receipts, images (docs/protocol/downloads.md §7).

mod announced;
mod answers;
mod call;
mod digest;
mod encrypted;
mod file;
mod flow;
mod link;
mod open;
mod part;
mod pipeline;
mod proof;
mod rest;
mod save;
mod stream;
mod unpack;

pub use announced::DigestCheck;
pub use call::DownloadCall;
pub use encrypted::{EncryptedBill, EncryptedDownloadCall, EncryptedFile};
pub use file::Download;
pub use link::{FileLink, LinkedFile};
pub use stream::DownloadStream;
