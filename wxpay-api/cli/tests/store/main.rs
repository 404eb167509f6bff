//! The storage of a sandbox's folder: killed processes, damaged files, one sandbox at a time.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod files;
mod killed;
#[path = "../../src/store/mod.rs"]
mod store;

use std::path::Path;

use wxpay_api::sandbox::Sandbox;

/// Starts a sandbox with the storage of a folder.
async fn start(folder: &Path) -> Sandbox {
    Sandbox::builder().storage(store::open(folder).unwrap()).start().await.unwrap()
}
