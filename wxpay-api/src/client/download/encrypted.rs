use std::collections::VecDeque;
use std::fmt;

use super::DownloadStream;
use super::announced::{Announced, Covers};
use super::digest::DigestAlgorithm;
use super::link::LinkedFile;
use super::open::Wanted;
use super::proof::Proof;
use super::rest::Rest;
use crate::client::error::Failure;
use crate::client::options::{Options, option_methods};
use crate::client::route::Route;
use crate::client::{Client, Error, ErrorKind, InputError, Operation};
use crate::protocol::{BillDecryption, SecretBytes};

/// A bill whose files are encrypted for the merchant ([protocol §7.4]), made of the answer that lists
/// them: `wx.download_encrypted(&answer)`.
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

/// The download of an encrypted bill, which starts once it is streamed.
#[must_use = "a download does nothing until it is streamed"]
pub struct EncryptedDownloadCall {
    client: Client,
    bill: EncryptedBill,
    options: Options,
    limit: Option<usize>,
}

impl EncryptedBill {
    /// A bill of these files, in whatever order.
    pub fn new(files: impl IntoIterator<Item = EncryptedFile>) -> Self {
        Self { files: files.into_iter().collect(), announced: None }
    }

    /// With the announced number of files, so that none is missing.
    #[must_use]
    pub fn count(mut self, announced: Option<i64>) -> Self {
        self.announced = announced;
        self
    }

    /// The first file and those that follow it, unless one is missing.
    fn in_order(mut self) -> Result<(EncryptedFile, VecDeque<EncryptedFile>), InputError> {
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
    /// A file with its `download_url`, its `encrypt_key` and its `nonce`.
    pub fn new(url: impl Into<String>, key: SecretBytes, nonce: impl Into<String>) -> Self {
        let (url, nonce) = (url.into(), nonce.into());
        let (hash_type, hash_value) = (String::new(), String::new());
        Self { sequence: 0, url, key, nonce, hash_type, hash_value }
    }

    /// With its place among the files, the `bill_sequence`.
    #[must_use]
    pub fn sequence(mut self, sequence: i64) -> Self {
        self.sequence = sequence;
        self
    }

    /// With a digest in hexadecimal, and its algorithm as answers name it, such as `SHA1`.
    #[must_use]
    pub fn hash(mut self, hash_type: impl Into<String>, hash_value: impl Into<String>) -> Self {
        self.hash_type = hash_type.into();
        self.hash_value = hash_value.into();
        self
    }

    /// What to ask for, or what is wrong with the key.
    pub(super) fn wanted(&self, client: &Client) -> Result<Wanted<LinkedFile>, ErrorKind> {
        let key = self.key.reveal().map_err(|why| InputError::SealedKey { why })?;
        let decryption = BillDecryption::new(key, self.nonce.as_bytes())?;
        let operation = LinkedFile::new(&self.url, client);
        let (route, proof) = (operation.route(), self.proof());
        Ok(Wanted { route, operation, proof, decryption: Some(decryption) })
    }

    /// The encryption proves the file, so that an unknown digest is no obstacle.
    fn proof(&self) -> Proof {
        match DigestAlgorithm::find(&self.hash_type) {
            Some(algorithm) if !self.hash_value.is_empty() => {
                Proof::Digest(Announced::new(algorithm, &self.hash_value, Covers::Unknown))
            }
            _ => Proof::Unchecked,
        }
    }
}

impl Client {
    /// Downloads an encrypted bill ([protocol §7.4]): of a sub-merchant's account, or of PayScore.
    ///
    /// Ask for it right before: its links live for 30 seconds to 5 minutes.
    ///
    /// ```
    /// # #[cfg(feature = "bill")]
    /// # async fn bill(wx: wxpay_api::Client) -> wxpay_api::Result<()> {
    /// let bill = wx.v3().bill().sub_merchant_fundflowbill().get(|r| {
    ///     r.sub_mchid("1900000110")
    ///         .bill_date("2025-03-01")
    ///         .algorithm("AEAD_AES_256_GCM")
    ///         .account_type("BASIC")
    /// });
    /// let bill = bill.await?;
    /// wx.download_encrypted(&bill).stream().await?.save_to("bill.csv").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// [protocol §7.4]: crate::docs::protocol::downloads#74-encrypted-bills
    pub fn download_encrypted(&self, bill: impl Into<EncryptedBill>) -> EncryptedDownloadCall {
        let (client, bill) = (self.clone(), bill.into());
        EncryptedDownloadCall { client, bill, options: Options::default(), limit: None }
    }
}

impl EncryptedDownloadCall {
    /// The longest file that is read, in bytes as they come and of its plain text; there is no limit
    /// unless this sets one.
    pub fn limit(mut self, bytes: usize) -> Self {
        self.limit = Some(bytes);
        self
    }

    option_methods!();

    /// Starts the download and gives the bill while it arrives, decrypted and gzip undone, in constant
    /// memory. Several files follow each other by their `bill_sequence`.
    ///
    /// Nothing is proved before the end: the tag of the encryption is the last part of a file.
    /// What the digest of each file proved is told by
    /// [`digest_checks`](DownloadStream::digest_checks): it is no error if it differs.
    ///
    /// A file is asked for once the one before it ended. There are several only where a bill has more than
    /// 16 GB, which may take longer than the links live; it is an error of WeChat Pay's then, and the bill is
    /// to be asked for again.
    ///
    /// # Errors
    ///
    /// [`Error`], if a key is still sealed, a file is missing from the list, or the first download does
    /// not begin.
    pub async fn stream(self) -> Result<DownloadStream, Error> {
        let Self { client, bill, options, limit } = self;
        let (first, files) = bill.in_order().map_err(|error| not_sent(error.into()))?;
        for file in &files {
            file.wanted(&client).map_err(not_sent)?;
        }
        let wanted = first.wanted(&client).map_err(not_sent)?;
        let first = wanted.open(&client, options.clone(), limit).await?;
        Ok(DownloadStream::of_several(first, Rest { client, files, options, limit }))
    }

    /// Starts the download of a bill and gives its rows while they arrive. The last is followed by an
    /// error if the bill was changed or cut short. A row that cannot be read is an error of that row,
    /// which [is not fatal](crate::bills::ReadError::is_fatal).
    ///
    /// # Errors
    ///
    /// As [`stream`](EncryptedDownloadCall::stream).
    #[cfg(feature = "bills")]
    pub async fn rows<B: crate::bills::Bill>(
        self,
    ) -> Result<crate::bills::RowStream<B, DownloadStream>, Error> {
        self.stream().await.map(crate::bills::RowStream::new)
    }
}

pub(super) fn not_sent(kind: ErrorKind) -> Error {
    Error::new(&Route::download(LinkedFile::ENDPOINT), Failure::not_sent(kind), 0)
}

/// Shows neither token nor key.
impl fmt::Debug for EncryptedFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EncryptedFile").field("sequence", &self.sequence).finish_non_exhaustive()
    }
}

impl fmt::Debug for EncryptedDownloadCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EncryptedDownloadCall").field("bill", &self.bill).finish_non_exhaustive()
    }
}
