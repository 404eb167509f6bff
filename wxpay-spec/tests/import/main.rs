//! Imports, through the public face: documents in, descriptors out.
#![cfg(feature = "import")]

mod merging;
mod openapi;
mod sharing;
mod support;
