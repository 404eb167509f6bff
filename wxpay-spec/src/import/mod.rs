//! From documents that others write to descriptors.
//!
//! A source ([`read_openapi`], `read_page`) becomes [`Imported`] facts without any named type;
//! `merge` brings them into the descriptors that are there and keeps what a person wrote;
//! `propose` finds objects that look like one type, and `share` makes them one once a person has
//! agreed.

mod error;
mod imported;
mod openapi;

pub use error::ImportError;
pub use imported::{Imported, Remark};
pub use openapi::read_openapi;
