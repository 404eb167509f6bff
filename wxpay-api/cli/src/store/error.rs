//! Why the storage of a folder cannot be used, and what to do.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// Why the storage of a folder cannot be used.
#[derive(Debug, Error)]
pub(crate) enum StoreError {
    #[error(
        "{} is in use by another `wxpay sandbox`; stop that one, or choose another folder with `--dir`",
        file.display()
    )]
    InUse { file: PathBuf },
    #[error(
        "{} is damaged; put a copy of it back, or remove it to begin without orders",
        file.display()
    )]
    Damaged { file: PathBuf, source: Option<redb::Error> },
    #[error(
        "{} was damaged and is repaired; the latest changes may be missing. Start again to go on with it, or put a copy \
         of it back",
        file.display()
    )]
    Repaired { file: PathBuf },
    #[error(
        "a newer version of `wxpay` made {}, in format {found}, and this one reads {known}; run the newer one, or choose \
         another folder with `--dir`",
        file.display()
    )]
    Newer { file: PathBuf, found: u64, known: u64 },
    #[error("{} cannot be made", file.display())]
    Create { file: PathBuf, source: io::Error },
    #[error("{} cannot be read or written", file.display())]
    Io { file: PathBuf, source: redb::Error },
}

impl StoreError {
    pub(super) fn of(file: &Path, error: redb::Error) -> Self {
        use redb::Error as E;
        let file = file.to_owned();
        match error {
            E::DatabaseAlreadyOpen => Self::InUse { file },
            E::Io(ref cause) if !is_damage(cause) => Self::Io { file, source: error },
            E::PreviousIo | E::DatabaseClosed => Self::Io { file, source: error },
            _ => Self::Damaged { file, source: Some(error) },
        }
    }
}

/// Returns whether an error is about what the file says.
fn is_damage(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof)
}
