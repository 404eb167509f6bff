use std::io;
use std::path::Path;

use tokio::io::{AsyncWrite, AsyncWriteExt};

use super::DownloadStream;
use super::part::Part;
use crate::client::{Error, ErrorKind};

impl DownloadStream {
    /// Writes the plain text to a file, which is there only once all of it came and its digest was
    /// compared: until then it has a name of its own beside it, which ends in `.part`. An existing file is
    /// replaced. Gives the length in bytes.
    ///
    /// # Errors
    ///
    /// As [`chunk`](DownloadStream::chunk), or [`ErrorKind::Write`]; nothing is left then, nor when the
    /// future is dropped.
    pub async fn save_to(mut self, path: impl AsRef<Path>) -> Result<u64, Error> {
        let path = path.as_ref();
        let (part, mut file) = Part::create(path).await.map_err(|error| self.write(error))?;
        let length = self.copy_to(&mut file).await?;
        file.sync_all().await.map_err(|error| self.write(error))?;
        part.finish(path).await.map_err(|error| self.write(error))?;
        Ok(length)
    }

    /// Writes the plain text to `writer`, and flushes it. Gives the length in bytes.
    ///
    /// # Errors
    ///
    /// As [`chunk`](DownloadStream::chunk), or [`ErrorKind::Write`]; what was written is worth nothing
    /// then.
    pub async fn copy_to(
        &mut self,
        writer: &mut (impl AsyncWrite + Unpin + ?Sized),
    ) -> Result<u64, Error> {
        let mut length = 0;
        while let Some(chunk) = self.chunk().await? {
            writer.write_all(&chunk).await.map_err(|error| self.write(error))?;
            length += chunk.len() as u64;
        }
        writer.flush().await.map_err(|error| self.write(error))?;
        Ok(length)
    }

    fn write(&self, error: io::Error) -> Error {
        self.error(ErrorKind::Write(error))
    }
}
