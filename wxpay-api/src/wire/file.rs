//! A file to upload, with its digests and its media type.

use std::io;
use std::path::Path;

use bytes::{Bytes, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt};

use super::file_kind::FileKind;
use super::is_accepted;
use crate::protocol::digest::{sha256_hex, sm3_hex};
use crate::protocol::{EncryptError, EncryptionKey};

/// A file to be uploaded ([protocol §6]).
///
/// The file is in memory once: its digest precedes it in the request, and a retry sends the same
/// bytes.
///
/// The client refuses a file that no operation accepts: an empty one, a name without a known
/// ending, or content of another format than the name says, for example a JPEG image called `.png`.
/// [`unchecked`](Self::unchecked) sends it anyway.
///
/// The known endings are `jpg` `jpeg` `png` `bmp` `gif`, `pdf` `ofd`, `mp4` `m4v` `mov` `avi` `wmv`
/// `mkv` `flv` `f4v` `mpeg` `mpg` `rmvb`, `csv` `txt`. The client does not check which formats and
/// sizes one operation accepts. Its official page says that: mostly 2 MB for an image, 5 MB for a
/// video.
///
/// [protocol §6]: crate::docs::protocol::uploads
#[derive(Clone)]
pub struct File {
    name: String,
    /// `None` if the file's name decides.
    media_type: Option<String>,
    content: Bytes,
    encrypted_with: Option<String>,
    is_checked: bool,
}

/// Why lines cannot be encrypted for an upload.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum EncryptedLinesError {
    /// More lines than WeChat Pay accepts.
    #[error("a file has at most 5500 encrypted lines, and this one has more")]
    TooMany,
    /// A line has a character that WeChat Pay does not accept ([base conventions]).
    ///
    /// [base conventions]: crate::docs::protocol#base-conventions
    #[error(
        "line {line}: it has a character of four bytes in UTF-8, such as an emoji, and WeChat Pay accepts at most three"
    )]
    Character {
        /// The line, counted from 1.
        line: usize,
    },
    /// A line cannot be encrypted.
    #[error("line {line}: {why}")]
    Line {
        /// The line, counted from 1.
        line: usize,
        /// Why the line cannot be encrypted.
        why: EncryptError,
    },
}

/// The most lines that a file of a bank's package may have (docs/protocol/encryption.md §5).
const MOST_LINES: usize = 5500;

impl File {
    /// Makes a file called `name`. Its ending sets the media type.
    ///
    /// WeChat Pay checks the ending; an ASCII name avoids trouble ([protocol §6.1]).
    ///
    /// [protocol §6.1]: crate::docs::protocol::uploads#61-the-form
    #[must_use]
    pub fn new(name: impl Into<String>, content: impl Into<Bytes>) -> Self {
        let (name, content) = (name.into(), content.into());
        Self { name, media_type: None, content, encrypted_with: None, is_checked: true }
    }

    /// Reads the file at `path`, under its own name.
    ///
    /// # Errors
    ///
    /// When it cannot be read, or its name is not UTF-8.
    pub async fn open(path: impl AsRef<Path>) -> io::Result<Self> {
        let path = path.as_ref();
        let name = path.file_name().and_then(|name| name.to_str());
        let name = name.ok_or_else(|| io::Error::other("the file's name is not UTF-8"))?.to_owned();
        Self::read(name, tokio::fs::File::open(path).await?).await
    }

    /// Makes a file called `name` of everything that `reader` returns. It reads to the end: limit
    /// what strangers send, for example with `take`.
    ///
    /// # Errors
    ///
    /// The errors of the reader.
    pub async fn read(
        name: impl Into<String>,
        mut reader: impl AsyncRead + Unpin,
    ) -> io::Result<Self> {
        let mut content = BytesMut::new();
        while reader.read_buf(&mut content).await? > 0 {}
        Ok(Self::new(name, content.freeze()))
    }

    /// Makes a file whose lines are encrypted one by one, as packages of banks have them ([protocol
    /// §5]). Its digest is that of the encrypted file, and the request names the key.
    ///
    /// # Errors
    ///
    /// [`EncryptedLinesError`] for more than 5500 lines, one of more than 214 bytes, and one with an emoji.
    ///
    /// [protocol §5]: crate::docs::protocol::encryption#5-sensitive-fields
    pub fn encrypted_lines<Line: AsRef<str>>(
        name: impl Into<String>,
        lines: impl IntoIterator<Item = Line>,
        key: &EncryptionKey<'_>,
    ) -> Result<Self, EncryptedLinesError> {
        let mut content = String::new();
        for (index, line) in lines.into_iter().enumerate() {
            if index == MOST_LINES {
                return Err(EncryptedLinesError::TooMany);
            }
            if index > 0 {
                content.push('\n');
            }
            if !is_accepted(line.as_ref()) {
                return Err(EncryptedLinesError::Character { line: index + 1 });
            }
            let sealed = key.encrypt(line.as_ref().as_bytes());
            let wrong = |why| EncryptedLinesError::Line { line: index + 1, why };
            content.push_str(&sealed.map_err(wrong)?);
        }
        Ok(Self { encrypted_with: Some(key.id().to_owned()), ..Self::new(name, content) })
    }

    /// Replaces the media type of the name's ending. An unknown ending is then sent.
    #[must_use]
    pub fn media_type(mut self, media_type: impl Into<String>) -> Self {
        self.media_type = Some(media_type.into());
        self
    }

    /// Sends the file without these checks, for an operation that accepts other files.
    #[must_use]
    pub fn unchecked(mut self) -> Self {
        self.is_checked = false;
        self
    }

    /// The file's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// SHA-256 of the content in lower-case hex.
    #[must_use]
    pub fn sha256(&self) -> String {
        sha256_hex(&self.content)
    }

    /// SM3 of the content in lower-case hex.
    #[must_use]
    pub fn sm3(&self) -> String {
        sm3_hex(&self.content)
    }

    /// The content.
    #[must_use]
    pub fn content(&self) -> &Bytes {
        &self.content
    }

    /// The id of the key that encrypted its lines.
    pub(crate) fn encrypted_with(&self) -> Option<&str> {
        self.encrypted_with.as_deref()
    }

    pub(crate) fn content_type(&self) -> &str {
        let named = || FileKind::of_name(&self.name).map(|kind| kind.media_type);
        self.media_type.as_deref().or_else(named).unwrap_or("application/octet-stream")
    }

    /// Whether the caller set the media type.
    pub(crate) fn has_own_media_type(&self) -> bool {
        self.media_type.is_some()
    }

    pub(crate) fn is_checked(&self) -> bool {
        self.is_checked
    }
}

impl super::Blank for File {
    fn blank() -> Self {
        Self::new("", "")
    }
}

impl std::fmt::Debug for File {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("File")
            .field("name", &self.name)
            .field("media_type", &self.content_type())
            .field("length", &self.content.len())
            .finish()
    }
}
