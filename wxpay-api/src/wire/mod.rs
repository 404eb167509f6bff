//! Values on the wire: requests become JSON, answers become values, and nothing that an answer bends
//! makes it fail.

mod blank;
mod charset;
mod correction;
mod decode;
mod decode_error;
mod encode;
mod encode_error;
mod encode_member;
mod encode_value;
mod file;
mod file_kind;
mod key_path;
mod list;
mod member;
#[cfg(any(feature = "time", feature = "jiff", feature = "chrono"))]
mod moment;
mod open_enum;
mod present;
mod timestamp;
mod when_some;

pub use blank::Blank;
pub use correction::{Correction, CorrectionKind};
pub use decode::{Decode, FromMembers, Incoming, Members, TopMembers, decode, empty};
pub use decode_error::DecodeError;
pub use encode::{Build, Encode, Encoder, Object, Presence, encode};
pub use encode_error::EncodeError;
pub use encode_member::{Clears, JsonText, MayBeEmpty};
pub use file::{File, SealedLinesError};
pub use list::List;
pub use member::{Member, read_enum};
pub use open_enum::{OpenEnum, Unknown};
pub use present::Present;
pub use timestamp::Timestamp;
#[cfg(any(feature = "time", feature = "jiff", feature = "chrono"))]
pub use timestamp::TimestampError;
pub use when_some::WhenSome;

pub(crate) use charset::is_accepted;
pub(crate) use decode::{Context, secret_paths, top_members};
pub(crate) use encode::Sealing;
pub(crate) use file_kind::{FileKind, ending};

/// JSON without a known shape.
pub type Json = serde_json::Value;
