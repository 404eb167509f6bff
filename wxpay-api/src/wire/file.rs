use bytes::Bytes;

use crate::protocol::digest::{sha256_hex, sm3_hex};

/// A file to be uploaded.
#[derive(Clone)]
pub struct File {
    name: String,
    media_type: String,
    content: Bytes,
}

impl File {
    /// A file called `name`, whose ending tells its media type.
    ///
    /// WeChat Pay checks the ending; an ASCII name avoids trouble (PROTOCOL §6.1).
    #[must_use]
    pub fn new(name: impl Into<String>, content: impl Into<Bytes>) -> Self {
        let name = name.into();
        let media_type = media_type(&name).to_owned();
        Self { name, media_type, content: content.into() }
    }

    /// Overrides the media type that the name's ending told.
    #[must_use]
    pub fn media_type(mut self, media_type: impl Into<String>) -> Self {
        self.media_type = media_type.into();
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

    pub(crate) fn content_type(&self) -> &str {
        &self.media_type
    }
}

impl super::Blank for File {
    fn blank() -> Self {
        Self { name: String::new(), media_type: String::new(), content: Bytes::new() }
    }
}

impl std::fmt::Debug for File {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("File")
            .field("name", &self.name)
            .field("media_type", &self.media_type)
            .field("length", &self.content.len())
            .finish()
    }
}

/// The media types of the files that PROTOCOL §6.2 lists.
fn media_type(name: &str) -> &'static str {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    match ending.as_deref() {
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("png") => "image/png",
        Some("bmp") => "image/bmp",
        Some("gif") => "image/gif",
        Some("pdf") => "application/pdf",
        Some("ofd") => "application/ofd",
        Some("mp4" | "m4v") => "video/mp4",
        Some("mov") => "video/quicktime",
        Some("avi") => "video/x-msvideo",
        Some("wmv") => "video/x-ms-wmv",
        Some("mkv") => "video/x-matroska",
        Some("flv" | "f4v") => "video/x-flv",
        Some("mpeg" | "mpg") => "video/mpeg",
        Some("csv" | "txt") => "text/plain",
        _ => "application/octet-stream",
    }
}
