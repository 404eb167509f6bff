//! What the sandbox remembers, as records of a storage.

pub(in crate::sandbox) mod load;
pub(in crate::sandbox) mod record;
pub(super) mod save;
pub(in crate::sandbox) mod unsaved;
