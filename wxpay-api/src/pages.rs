//! The guides and the front pages of the repository, whose blocks of Rust are documentation tests.
//!
//! That is the cheapest way to test them: rustdoc makes one binary of all documentation tests, so that they cost
//! no crate and no link of their own, no copy of them has to be kept current, and an error names the line of
//! the page. The pages are not part of the package, where nothing is built of this.

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
