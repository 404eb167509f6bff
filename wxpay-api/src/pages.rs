//! The guides and the front pages of the repository, whose blocks of Rust are documentation tests.
//!
//! This is the cheapest way to test them. Rustdoc makes one binary of all documentation tests, so
//! they need no further crate and no further link. There are no copies of the blocks to maintain,
//! and an error names the line of the page. The package does not contain the pages, and there this
//! module is empty.

#[doc = include_str!("../../docs/guide.md")]
mod guide {}

#[doc = include_str!("../../docs/guide.zh-CN.md")]
mod guide_zh_cn {}

#[doc = include_str!("../../README.md")]
mod readme {}

#[doc = include_str!("../../README.zh-CN.md")]
mod readme_zh_cn {}

#[doc = include_str!("../README.md")]
mod readme_of_the_package {}
