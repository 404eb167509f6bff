//! Values on the wire: encodes requests as JSON, and reads responses. A deviation from the
//! documentation does not make a response fail.

mod build;
mod correction;
mod decode;
mod decode_values;
mod encode;
mod encode_values;
mod file;
mod file_kind;
mod key_path;
#[cfg(any(feature = "time", feature = "jiff", feature = "chrono", feature = "sandbox"))]
mod moment;
mod open_enum;
mod present;
mod timestamp;

pub use build::{Blank, Build, List, WhenSome};
pub use correction::{Correction, CorrectionKind, DecodeError};
pub use decode::{Decode, FromMembers, Incoming, Members, TopMembers, decode, empty};
pub use decode_values::{Member, read_enum};
pub use encode::{Encode, EncodeError, Encoder, Object, Presence, encode};
pub use encode_values::{Clears, JsonText, MayBeEmpty};
pub use file::{EncryptedLinesError, File};
pub use open_enum::{OpenEnum, Unknown};
pub use present::Present;
pub use timestamp::Timestamp;
#[cfg(any(feature = "time", feature = "jiff", feature = "chrono"))]
pub use timestamp::TimestampError;

pub(crate) use decode::{Context, secret_paths, top_members};
pub(crate) use encode::{EncodeState, is_accepted};
pub(crate) use file_kind::{FileKind, ending};
#[cfg(feature = "sandbox")]
pub(crate) use moment::rfc3339 as moment_rfc3339;

/// JSON without a known shape.
pub type Json = serde_json::Value;
