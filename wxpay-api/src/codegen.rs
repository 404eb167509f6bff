//! The names that only generated code uses.
//!
//! Generated code uses absolute paths into this module only. So the same output compiles in this
//! crate and in a user's, and no wire name collides with a name of the runtime. Do not use this
//! module directly: it changes together with the generator, and then `V1` becomes `V2`.

pub use crate::__empty_by_default as empty_by_default;
pub use crate::__listed as listed;
pub use crate::__open_enum as open_enum;
pub use crate::client::{
    Call, Candidate, Client, Download, DownloadCall, Endpoint, Idempotency, IntegerInput,
    Integrity, NoContent, Node, Notification, NotificationShape, OperationKind, Page, PageInputs,
    Paged, PathValues, RequestWriter, Resource, Typed, fitting,
};
pub use crate::protocol::{Secret, SecretBytes};
pub use crate::wire::{
    Blank, Build, Clears, Decode, Encode, Encoder, File, FromMembers, Incoming, Json, JsonText,
    List, MayBeEmpty, Member, Members, Object, OpenEnum, Presence, Timestamp, TopMembers, Unknown,
    empty, read_enum,
};

/// The version of this module, which generated code names.
#[derive(Clone, Copy, Debug)]
pub struct V1;
