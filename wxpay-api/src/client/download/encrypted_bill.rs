//! Bills whose files are encrypted for the merchant.

use std::collections::VecDeque;
use std::fmt;

use crate::client::download::digest::{Announced, Covers, DigestAlgorithm, DigestPolicy};
use crate::client::download::link::LinkedFile;
use crate::client::download::open_file::WantedFile;
use crate::client::error::failure::AttemptFailure;
use crate::client::operation::facts::OperationFacts;
use crate::client::{Client, Error, ErrorKind, InputError, Operation};
use crate::protocol::{BillDecryption, SecretBytes};

/// A bill whose files are encrypted for the merchant ([protocol §7.4]). Make it of the response
/// that lists them: `wx.download_encrypted(&response)`.
///
/// [protocol §7.4]: crate::docs::protocol::downloads#74-encrypted-bills
#[derive(Clone, Debug)]
pub struct EncryptedBill {
    files: Vec<EncryptedFile>,
    announced: Option<i64>,
}

/// One file of an encrypted bill.
#[derive(Clone)]
pub struct EncryptedFile {
    sequence: i64,
    url: String,
    key: SecretBytes,
    nonce: String,
    hash_type: String,
    hash_value: String,
}

impl EncryptedBill {
    /// Makes a bill of these files, in any order.
    pub fn new(files: impl IntoIterator<Item = EncryptedFile>) -> Self {
        Self { files: files.into_iter().collect(), announced: None }
    }

    /// Sets the announced number of files, so that a missing file is an error.
    #[must_use]
    pub fn count(mut self, announced: Option<i64>) -> Self {
        self.announced = announced;
        self
    }

    /// Returns the first file and those that follow it, unless one is missing.
    pub(crate) fn in_order(
        mut self,
    ) -> Result<(EncryptedFile, VecDeque<EncryptedFile>), InputError> {
        let listed = self.files.len();
        let announced = self.announced.and_then(|count| usize::try_from(count).ok());
        let announced = announced.unwrap_or(listed);
        self.files.sort_by_key(|file| file.sequence);
        let mut files = VecDeque::from(self.files);
        match files.pop_front() {
            Some(first) if announced == listed => Ok((first, files)),
            _ => Err(InputError::MissingFiles { announced, listed }),
        }
    }
}

impl EncryptedFile {
    /// Makes a file from its `download_url`, its `encrypt_key` and its `nonce`.
    pub fn new(url: impl Into<String>, key: SecretBytes, nonce: impl Into<String>) -> Self {
        let (url, nonce) = (url.into(), nonce.into());
        let (hash_type, hash_value) = (String::new(), String::new());
        Self { sequence: 0, url, key, nonce, hash_type, hash_value }
    }

    /// Sets the position among the files, the `bill_sequence`.
    #[must_use]
    pub fn sequence(mut self, sequence: i64) -> Self {
        self.sequence = sequence;
        self
    }

    /// Sets the digest in hexadecimal, and its algorithm as responses name it, such as `SHA1`.
    #[must_use]
    pub fn hash(mut self, hash_type: impl Into<String>, hash_value: impl Into<String>) -> Self {
        self.hash_type = hash_type.into();
        self.hash_value = hash_value.into();
        self
    }

    /// Returns the request for the file, or what is wrong with its key.
    pub(crate) fn wanted(&self, client: &Client) -> Result<WantedFile<LinkedFile>, ErrorKind> {
        let key = self.key.reveal().map_err(|why| InputError::SealedKey { why })?;
        let decryption = BillDecryption::new(key, self.nonce.as_bytes())?;
        let operation = LinkedFile::new(&self.url, client.base_urls());
        let (facts, policy) = (operation.facts(), self.policy());
        Ok(WantedFile { facts, operation, policy, decryption: Some(decryption) })
    }

    /// The encryption proves the file, so that an unknown digest is no obstacle.
    fn policy(&self) -> DigestPolicy {
        match DigestAlgorithm::find(&self.hash_type) {
            Some(algorithm) if !self.hash_value.is_empty() => {
                DigestPolicy::Digest(Announced::new(algorithm, &self.hash_value, Covers::Unknown))
            }
            _ => DigestPolicy::Unchecked,
        }
    }
}

pub(crate) fn not_sent(kind: ErrorKind) -> Error {
    Error::new(&OperationFacts::download(LinkedFile::ENDPOINT), AttemptFailure::not_sent(kind), 0)
}

/// Shows neither token nor key.
impl fmt::Debug for EncryptedFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EncryptedFile").field("sequence", &self.sequence).finish_non_exhaustive()
    }
}
