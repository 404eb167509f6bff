//! Shows what the sandbox keeps: in responses, in notifications, and to tests.

pub(in crate::sandbox) mod arrows;
pub(in crate::sandbox) mod dispatch;
pub(in crate::sandbox) mod journal;
pub(in crate::sandbox) mod notification;
pub(in crate::sandbox) mod project;
mod query;
pub(in crate::sandbox) mod view;
