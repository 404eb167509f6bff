//! The intermediate representation: every Rust name and every decision, nothing left to look up.
//!
//! [`crate::lower`] makes it from the descriptors and [`crate::emit`] prints it. The types hold
//! plain text and no tokens, so that files can be printed in parallel.

mod api;
mod chain;
mod definition;
mod names;

pub(crate) use api::{
    Api, Behind, Content, Event, Events, Layout, Module, NotificationShape, Source,
};
pub(crate) use chain::{
    Answer, Argument, Fetch, Link, Method, Node, Operation, Piece, Request, Rival,
};
pub(crate) use definition::{
    Companion, Definition, Field, Member, OpenEnum, Received, Sample, Sent, Ty, Value, Variant,
};
pub(crate) use names::{Docs, Gate, Ident, ModulePath, Name, Stage, TypePath};
