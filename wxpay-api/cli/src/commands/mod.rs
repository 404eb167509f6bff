//! The commands, one a file or a folder.

#[cfg(feature = "full")]
pub(crate) mod bill;
#[cfg(feature = "full")]
pub(crate) mod call;
#[cfg(feature = "full")]
pub(crate) mod certificates;
#[cfg(feature = "full")]
pub(crate) mod completions;
pub(crate) mod demo;
#[cfg(feature = "full")]
pub(crate) mod event;
#[cfg(feature = "full")]
pub(crate) mod invoke;
#[cfg(feature = "full")]
pub(crate) mod notification;
#[cfg(feature = "full")]
pub(crate) mod sandbox;
#[cfg(feature = "full")]
pub(crate) mod search;
#[cfg(feature = "full")]
pub(crate) mod self_test;
#[cfg(feature = "full")]
pub(crate) mod show;
#[cfg(feature = "full")]
pub(crate) mod state;
