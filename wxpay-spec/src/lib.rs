//! Descriptors of WeChat Pay APIv3, and the library that loads and checks them.

pub mod model;
