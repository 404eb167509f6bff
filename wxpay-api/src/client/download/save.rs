//! Writes a download to a file or a writer.

use std::io;
use std::path::{Path, PathBuf};

use tokio::fs::{File, OpenOptions, rename};
use tokio::io::{AsyncWrite, AsyncWriteExt};

use crate::client::download::stream::DownloadStream;
use crate::client::{Error, ErrorKind};
use crate::protocol::Nonce;

impl DownloadStream {
    /// Writes the plain text to a file. Until everything arrived and the digest was compared, the
    /// file has a temporary name beside the target, which ends in `.part`. An existing file is
    /// replaced. Returns the length in bytes; [`digest_checks`](DownloadStream::digest_checks) says
    /// what the digest proved.
    ///
    /// # Errors
    ///
    /// As [`chunk`](DownloadStream::chunk), or [`ErrorKind::Write`]. No file stays then, nor when
    /// the future is dropped. [`ErrorKind::Stopped`] if a piece was taken before: the file would
    /// lack it.
    pub async fn save_to(&mut self, path: impl AsRef<Path>) -> Result<u64, Error> {
        if self.begun {
            return Err(self.error(ErrorKind::Stopped));
        }
        let path = path.as_ref();
        let (part, mut file) = PartFile::create(path).await.map_err(|error| self.write(error))?;
        let length = self.copy_to(&mut file).await?;
        file.sync_all().await.map_err(|error| self.write(error))?;
        part.finish(path).await.map_err(|error| self.write(error))?;
        Ok(length)
    }

    /// Writes the plain text, or the rest of it, to `writer`, and flushes it. Returns the length in
    /// bytes.
    ///
    /// # Errors
    ///
    /// As [`chunk`](DownloadStream::chunk), or [`ErrorKind::Write`]. Discard what was written then;
    /// nothing more follows.
    pub async fn copy_to(
        &mut self,
        writer: &mut (impl AsyncWrite + Unpin + ?Sized),
    ) -> Result<u64, Error> {
        let mut length = 0;
        while let Some(chunk) = self.chunk().await? {
            // Until the piece is written, nothing may follow it, even if the future is dropped.
            self.failed = true;
            writer.write_all(&chunk).await.map_err(|error| self.write(error))?;
            self.failed = false;
            length += chunk.len() as u64;
        }
        writer.flush().await.map_err(|error| self.write(error))?;
        Ok(length)
    }

    fn write(&self, error: io::Error) -> Error {
        self.error(ErrorKind::Write(error))
    }
}

/// A file that is not complete yet, under a unique name beside its target. Dropping it before the
/// end removes it.
pub(crate) struct PartFile {
    path: PathBuf,
    finished: bool,
}

impl PartFile {
    /// Creates it, and opens it to be written.
    pub(crate) async fn create(target: &Path) -> io::Result<(Self, File)> {
        let mut name = target.as_os_str().to_owned();
        name.push(format!(".{}.part", Nonce::random().map_err(io::Error::other)?.as_str()));
        let path = PathBuf::from(name);
        // An existing file of that name may belong to another program, or be a link.
        let file = OpenOptions::new().write(true).create_new(true).open(&path).await?;
        Ok((Self { path, finished: false }, file))
    }

    /// Makes it the target, in place of what was there.
    pub(crate) async fn finish(mut self, target: &Path) -> io::Result<()> {
        rename(&self.path, target).await?;
        self.finished = true;
        Ok(())
    }
}

impl Drop for PartFile {
    fn drop(&mut self) {
        if !self.finished {
            // Ignore failures here: the first error matters.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}
