//! Writes files that only their owner can read, whole or not at all.

use std::fs::{self, DirBuilder, File};
use std::io::{self, Write};
use std::path::Path;

use crate::output::Failure;

/// Makes a folder that only its owner can enter, with the folders above it.
pub(super) fn make_folder(folder: &Path) -> Result<(), Failure> {
    if folder.is_dir() {
        return Ok(());
    }
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|error| {
        Failure::caused(format!("the folder {} cannot be made", folder.display()), error)
    })
}

/// Lets only the owner enter a folder.
pub(super) fn restrict_folder(folder: &Path) -> Result<(), Failure> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;

        fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).map_err(|error| {
            let message = format!("{} cannot be closed to other users", folder.display());
            Failure::caused(message, error)
        })?;
    }
    Ok(())
}

/// Writes a file, unless it has the content already. Whoever reads meanwhile gets the old or the new content.
pub(super) fn write(file: &Path, content: &str) -> Result<(), Failure> {
    let written = || {
        if has(file, content)? {
            return Ok(());
        }
        let folder = file.parent().unwrap_or(Path::new("."));
        // A new file of this kind has mode 0600.
        let mut new = tempfile::Builder::new().prefix(".new-").tempfile_in(folder)?;
        new.write_all(content.as_bytes())?;
        new.as_file().sync_all()?;
        new.persist(file)?;
        // Without this, a machine that loses power may forget the new name.
        #[cfg(unix)]
        File::open(folder)?.sync_all()?;
        Ok(())
    };
    written().map_err(|error: io::Error| {
        let message = format!("{} cannot be written; is the folder yours?", file.display());
        Failure::caused(message, error)
    })
}

/// Returns whether a file has this content, and only its owner can read it.
fn has(file: &Path, content: &str) -> io::Result<bool> {
    let held = match fs::read(file) {
        Ok(held) => held,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    };
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;

        if fs::metadata(file)?.permissions().mode() & 0o077 != 0 {
            return Ok(false);
        }
    }
    Ok(held == content.as_bytes())
}

/// Removes a file that may be missing.
pub(super) fn remove(file: &Path) -> Result<(), Failure> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(Failure::caused(format!("{} cannot be removed", file.display()), error))
        }
        _ => Ok(()),
    }
}
