use std::collections::VecDeque;

use super::EncryptedFile;
use super::encrypted::not_sent;
use super::open::OpenFile;
use crate::client::options::Options;
use crate::client::{Client, Error};

/// The files of a bill that are still to come.
pub(super) struct Rest {
    pub(super) client: Client,
    pub(super) files: VecDeque<EncryptedFile>,
    pub(super) options: Options,
    pub(super) limit: Option<usize>,
}

impl Rest {
    /// Opens the next file, if there is one. Dropping the future loses none.
    pub(super) async fn next(&mut self) -> Result<Option<OpenFile>, Error> {
        let Some(file) = self.files.front() else {
            return Ok(None);
        };
        let wanted = file.wanted(&self.client);
        let wanted = wanted.map_err(not_sent)?;
        let opened = wanted.open(&self.client, self.options.clone(), self.limit).await?;
        self.files.pop_front();
        Ok(Some(opened))
    }
}
