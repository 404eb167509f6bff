use std::io;
use std::path::{Path, PathBuf};

use tokio::fs::{File, OpenOptions, rename};

use crate::protocol::Nonce;

/// A file that is not whole yet: beside the one that it becomes, under a name that nothing else has. It is
/// removed when it is dropped before it became that.
pub(super) struct Part {
    path: PathBuf,
    finished: bool,
}

impl Part {
    /// Creates it, and opens it to be written.
    pub(super) async fn create(target: &Path) -> io::Result<(Self, File)> {
        let mut name = target.as_os_str().to_owned();
        name.push(format!(".{}.part", Nonce::random().map_err(io::Error::other)?.as_str()));
        let path = PathBuf::from(name);
        // A name that is there already may be another's file, or lead to one.
        let file = OpenOptions::new().write(true).create_new(true).open(&path).await?;
        Ok((Self { path, finished: false }, file))
    }

    /// Makes it the target, in place of what was there.
    pub(super) async fn finish(mut self, target: &Path) -> io::Result<()> {
        rename(&self.path, target).await?;
        self.finished = true;
        Ok(())
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if !self.finished {
            // Whatever hinders it, why the part is of no use is what there is to tell.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}
