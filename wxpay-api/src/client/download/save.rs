use std::io;
use std::path::{Path, PathBuf};

use tokio::fs::{File, remove_file, rename};
use tokio::io::{AsyncWrite, AsyncWriteExt};

use super::DownloadStream;
use crate::client::{Error, ErrorKind};

impl DownloadStream {
    /// Writes the plain text to a file, which is there only once all of it came and its digest was
    /// compared: until then its name ends in `.part`, which is left behind if the future is dropped. An
    /// existing file is replaced. Gives the length in bytes.
    ///
    /// # Errors
    ///
    /// As [`chunk`](DownloadStream::chunk), or [`ErrorKind::Write`]; no file is left then.
    pub async fn save_to(mut self, path: impl AsRef<Path>) -> Result<u64, Error> {
        let path = path.as_ref();
        let part = part(path);
        let saved = self.save_part(&part).await;
        let saved = match saved {
            Ok(length) => rename(&part, path).await.map(|()| length).map_err(|e| self.write(e)),
            Err(error) => Err(error),
        };
        if saved.is_err() {
            // Whatever hinders it, the first error is the one to tell.
            let _ = remove_file(&part).await;
        }
        saved
    }

    async fn save_part(&mut self, part: &Path) -> Result<u64, Error> {
        let mut file = File::create(part).await.map_err(|error| self.write(error))?;
        let length = self.copy_to(&mut file).await?;
        file.sync_all().await.map_err(|error| self.write(error))?;
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

fn part(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    name.into()
}
