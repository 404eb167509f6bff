//! The kinds of file that WeChat Pay accepts (docs/protocol/uploads.md §6.2): endings of names,
//! media types, first bytes.

/// A format that the first bytes of a file show.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum FileFormat {
    Jpeg,
    Png,
    Bmp,
    Gif,
    Pdf,
    /// ZIP. OFD, DOCX and XLSX are ZIP archives too.
    Zip,
    /// The container of MP4, M4V, F4V and MOV.
    Mp4,
    Avi,
    Wmv,
    Matroska,
    Flv,
    Mpeg,
    RealMedia,
    Heic,
    WebP,
    Tiff,
}

/// A kind of file that some upload accepts.
#[derive(Debug)]
pub(crate) struct FileKind {
    /// The endings of names, in lower case; the usual one first.
    endings: &'static [&'static str],
    pub(crate) media_type: &'static str,
    /// `None` for text, which has no typical first bytes.
    format: Option<FileFormat>,
}

const KINDS: &[FileKind] = &[
    FileKind::new(&["jpg", "jpeg"], "image/jpeg", Some(FileFormat::Jpeg)),
    FileKind::new(&["png"], "image/png", Some(FileFormat::Png)),
    FileKind::new(&["bmp"], "image/bmp", Some(FileFormat::Bmp)),
    FileKind::new(&["gif"], "image/gif", Some(FileFormat::Gif)),
    FileKind::new(&["pdf"], "application/pdf", Some(FileFormat::Pdf)),
    FileKind::new(&["ofd"], "application/ofd", Some(FileFormat::Zip)),
    FileKind::new(&["mp4", "m4v"], "video/mp4", Some(FileFormat::Mp4)),
    FileKind::new(&["mov"], "video/quicktime", Some(FileFormat::Mp4)),
    FileKind::new(&["avi"], "video/x-msvideo", Some(FileFormat::Avi)),
    FileKind::new(&["wmv"], "video/x-ms-wmv", Some(FileFormat::Wmv)),
    FileKind::new(&["mkv"], "video/x-matroska", Some(FileFormat::Matroska)),
    FileKind::new(&["flv"], "video/x-flv", Some(FileFormat::Flv)),
    FileKind::new(&["f4v"], "video/x-flv", Some(FileFormat::Mp4)),
    FileKind::new(&["mpeg", "mpg"], "video/mpeg", Some(FileFormat::Mpeg)),
    FileKind::new(&["rmvb"], "application/vnd.rn-realmedia-vbr", Some(FileFormat::RealMedia)),
    FileKind::new(&["csv", "txt"], "text/plain", None),
];

/// Formats that begin with fixed bytes.
const BEGINNINGS: &[(&[u8], FileFormat)] = &[
    (b"\xff\xd8\xff", FileFormat::Jpeg),
    (b"\x89PNG\r\n\x1a\n", FileFormat::Png),
    (b"GIF87a", FileFormat::Gif),
    (b"GIF89a", FileFormat::Gif),
    (b"%PDF-", FileFormat::Pdf),
    (b"PK\x03\x04", FileFormat::Zip),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", FileFormat::Wmv),
    (b"\x1a\x45\xdf\xa3", FileFormat::Matroska),
    (b"FLV\x01", FileFormat::Flv),
    (b"\x00\x00\x01\xba", FileFormat::Mpeg),
    (b"\x00\x00\x01\xb3", FileFormat::Mpeg),
    (b".RMF", FileFormat::RealMedia),
    (b"II*\x00", FileFormat::Tiff),
    (b"MM\x00*", FileFormat::Tiff),
];

/// The brands of the MP4 container for pictures, as telephones take them.
const HEIC_BRANDS: [&[u8]; 10] =
    [b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis"];

impl FileKind {
    const fn new(
        endings: &'static [&'static str],
        media_type: &'static str,
        format: Option<FileFormat>,
    ) -> Self {
        Self { endings, media_type, format }
    }

    /// Returns the kind of file that a name shows by its ending.
    pub(crate) fn of_name(name: &str) -> Option<&'static Self> {
        let ending = ending(name)?.to_ascii_lowercase();
        KINDS.iter().find(|kind| kind.endings.contains(&ending.as_str()))
    }

    /// Returns the format of the content, where it contradicts the name. Unknown bytes may be of
    /// this kind.
    pub(crate) fn contradicted_by(&self, content: &[u8]) -> Option<FileFormat> {
        FileFormat::of(content).filter(|found| self.format != Some(*found))
    }
}

impl FileFormat {
    /// Returns the format of a content, if its first bytes show it.
    pub(crate) fn of(content: &[u8]) -> Option<Self> {
        let fixed = BEGINNINGS.iter().find(|(bytes, _)| content.starts_with(bytes));
        fixed.map(|(_, format)| *format).or_else(|| Self::of_container(content))
    }

    /// Formats whose mark comes after a length.
    fn of_container(content: &[u8]) -> Option<Self> {
        let at = |from: usize, to: usize| content.get(from..to).unwrap_or_default();
        match (at(0, 4), at(4, 8), at(8, 12)) {
            (_, b"ftyp", brand) if HEIC_BRANDS.contains(&brand) => Some(Self::Heic),
            (_, b"ftyp", _) => Some(Self::Mp4),
            (b"RIFF", _, b"AVI ") => Some(Self::Avi),
            (b"RIFF", _, b"WEBP") => Some(Self::WebP),
            // Two letters prove little. The four reserved bytes after the length must be zero, too.
            ([b'B', b'M', ..], ..) if at(6, 10) == [0; 4] => Some(Self::Bmp),
            _ => None,
        }
    }

    /// Returns the name for messages, with an article.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "a JPEG image",
            Self::Png => "a PNG image",
            Self::Bmp => "a BMP image",
            Self::Gif => "a GIF image",
            Self::Pdf => "a PDF document",
            Self::Zip => "a ZIP archive, or a document of an office program",
            Self::Mp4 => "an MP4 or QuickTime video",
            Self::Avi => "an AVI video",
            Self::Wmv => "a Windows Media video",
            Self::Matroska => "a Matroska video",
            Self::Flv => "a Flash video",
            Self::Mpeg => "an MPEG video",
            Self::RealMedia => "a RealMedia video",
            Self::Heic => "a HEIC or AVIF image",
            Self::WebP => "a WebP image",
            Self::Tiff => "a TIFF image",
        }
    }

    /// Returns the usual ending of this format. `None` if no upload accepts it, or if several
    /// endings are possible.
    pub(crate) fn ending(self) -> Option<&'static str> {
        if self == Self::Zip {
            return None;
        }
        let kind = KINDS.iter().find(|kind| kind.format == Some(self))?;
        kind.endings.first().copied()
    }
}

/// Returns the part after the last dot of a name, where both parts have text.
pub(crate) fn ending(name: &str) -> Option<&str> {
    let (stem, ending) = name.rsplit_once('.')?;
    (!stem.is_empty() && !ending.is_empty()).then_some(ending)
}
