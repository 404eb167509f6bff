//! The intermediate representation: every Rust name and every decision, nothing left to look up.
//!
//! [`crate::lower`] makes it from the descriptors and [`crate::emit`] prints it. The types hold
//! plain text and no tokens, so that files can be printed in parallel.

mod api;
mod definition;
mod docs;
mod event;
mod field;
mod gate;
mod module;
mod name;
mod node;
mod open_enum;
mod operation;
mod path;
mod sample;
mod ty;

pub(crate) use api::{Api, Behind, Layout};
pub(crate) use definition::{Companion, Definition, Member, Received, Sent, Value};
pub(crate) use docs::Docs;
pub(crate) use event::{Event, Events, NotificationShape};
pub(crate) use field::Field;
pub(crate) use gate::Gate;
pub(crate) use module::{Content, Module, Source};
pub(crate) use name::{Ident, Name};
pub(crate) use node::{Argument, Link, Method, Node};
pub(crate) use open_enum::{OpenEnum, Variant};
pub(crate) use operation::{Answer, Fetch, Operation, Piece, Request, Rival};
pub(crate) use path::{ModulePath, Stage, TypePath};
pub(crate) use sample::Sample;
pub(crate) use ty::Ty;
