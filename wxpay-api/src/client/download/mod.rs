//! Raw files: bills, receipts, images (PROTOCOL §7).

mod announced;
mod answers;
mod call;
mod digest;
mod file;
mod flow;
mod link;
mod pipeline;
mod save;
mod stream;
mod unpack;

pub use announced::DigestCheck;
pub use call::DownloadCall;
pub use file::Download;
pub use link::{FileLink, LinkedFile};
pub use stream::DownloadStream;
