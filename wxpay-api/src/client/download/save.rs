use std::io;
use std::path::Path;

use tokio::io::{AsyncWrite, AsyncWriteExt};

use super::DownloadStream;
use super::part::Part;
use crate::client::{Error, ErrorKind};

impl DownloadStream {
    /// Writes the plain text to a file, which is there only once all of it came and its digest was
    /// compared: until then it has a name of its own beside it, which ends in `.part`. An existing file is
    /// replaced. Gives the length in bytes; [`digest_checks`](DownloadStream::digest_checks) says what the
    /// digest proved.
    ///
    /// # Errors
    ///
    /// As [`chunk`](DownloadStream::chunk), or [`ErrorKind::Write`]; no file is left then, nor when the
    /// future is dropped. [`ErrorKind::Stopped`] if a piece was taken before, which the file would lack.
    pub async fn save_to(&mut self, path: impl AsRef<Path>) -> Result<u64, Error> {
        if self.begun {
            return Err(self.error(ErrorKind::Stopped));
        }
        let path = path.as_ref();
        let (part, mut file) = Part::create(path).await.map_err(|error| self.write(error))?;
        let length = self.copy_to(&mut file).await?;
        file.sync_all().await.map_err(|error| self.write(error))?;
        part.finish(path).await.map_err(|error| self.write(error))?;
        Ok(length)
    }

    /// Writes the plain text, or what is left of it, to `writer`, and flushes it. Gives the length in bytes.
    ///
    /// # Errors
    ///
    /// As [`chunk`](DownloadStream::chunk), or [`ErrorKind::Write`]; what was written is worth nothing
    /// then, and nothing more is given.
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
