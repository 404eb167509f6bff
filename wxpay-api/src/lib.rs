//! WeChat Pay APIv3.

pub mod protocol;
