//! Lifecycles: resources that the sandbox remembers, as the descriptors say how they live.
//!
//! `describe` has the words of the descriptors, `keep` what is remembered, `run` executes operations and events on
//! copies, `show` makes responses and notifications of the result.

pub(super) mod describe;
pub(super) mod error;
pub(super) mod keep;
mod notified;
pub(super) mod remembered;
pub(super) mod resource;
pub(super) mod run;
pub(super) mod show;
pub(super) mod world;
