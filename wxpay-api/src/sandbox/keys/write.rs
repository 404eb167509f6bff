//! Writes files of keys, which only their owner can read.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::sandbox::error::SandboxError;

/// Writes a file that only its owner can read, and returns its path.
pub(in crate::sandbox) fn write_private(
    file: PathBuf,
    content: &str,
) -> Result<PathBuf, SandboxError> {
    match write(&file, content.as_bytes()) {
        Ok(()) => Ok(file),
        Err(source) => Err(SandboxError::Write { file, source }),
    }
}

/// Writes a file that only its owner can read, even if it existed before.
fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    restrict(&file)?;
    file.write_all(content)
}

#[cfg(unix)]
fn restrict(file: &File) -> io::Result<()> {
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt;

    file.set_permissions(Permissions::from_mode(0o600))
}

/// Other systems give a file the permissions of its folder.
#[cfg(not(unix))]
fn restrict(_file: &File) -> io::Result<()> {
    Ok(())
}
