//! The body of an upload (docs/protocol/uploads.md §6.1), taken apart.

use bytes::Bytes;

/// The parts of a form, in their order.
#[derive(Clone, Debug)]
pub(super) struct Form {
    parts: Vec<Part>,
}

#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) name: String,
    pub(super) file_name: Option<String>,
    pub(super) content: Bytes,
}

impl Form {
    /// Takes a body apart.
    ///
    /// The error says what is wrong, for the one who sent it.
    pub(super) fn parse(content_type: &str, body: &Bytes) -> Result<Self, &'static str> {
        let delimiter = format!("--{}", boundary(content_type)?);
        let first = body.strip_prefix(delimiter.as_bytes());
        let mut rest = first.ok_or("must begin with `--` and the boundary")?;
        let between = format!("\r\n{delimiter}");
        let mut parts = Vec::new();
        loop {
            if rest.starts_with(b"--") {
                return Ok(Self { parts });
            }
            let after = rest.strip_prefix(b"\r\n").ok_or("must have CRLF after each boundary")?;
            let (part, next) = split_once(after, between.as_bytes())
                .ok_or("must end each part with CRLF, `--` and the boundary")?;
            parts.push(Part::parse(part, body)?);
            rest = next;
        }
    }

    /// The exact text that was signed. It must come first.
    pub(super) fn meta(&self) -> Option<&Bytes> {
        self.parts.first().filter(|part| part.name == "meta").map(|part| &part.content)
    }

    /// Everything but `meta`.
    pub(super) fn others(&self) -> impl Iterator<Item = &Part> {
        self.parts.iter().filter(|part| part.name != "meta")
    }
}

impl Part {
    fn parse(part: &[u8], whole: &Bytes) -> Result<Self, &'static str> {
        let (head, content) = split_once(part, b"\r\n\r\n")
            .ok_or("must have an empty line after a part's headers")?;
        let head = std::str::from_utf8(head).map_err(|_| "must have part headers in UTF-8")?;
        let disposition = head.split("\r\n").find_map(disposition);
        let disposition = disposition.ok_or("must have a Content-Disposition of each part")?;
        Ok(Self {
            name: parameter(disposition, "name").ok_or("must name each part, in quotes")?,
            file_name: parameter(disposition, "filename"),
            content: whole.slice_ref(content),
        })
    }
}

/// The boundary must come without quotes: WeChat Pay refuses a quoted one.
fn boundary(content_type: &str) -> Result<&str, &'static str> {
    let (_, boundary) = content_type.split_once("boundary=").ok_or("must name a boundary")?;
    let boundary = boundary.split(';').next().unwrap_or_default().trim();
    if boundary.is_empty() || boundary.starts_with('"') {
        return Err("must name a boundary without quotes");
    }
    Ok(boundary)
}

fn disposition(line: &str) -> Option<&str> {
    let (name, value) = line.split_once(':')?;
    let value = value.trim().strip_prefix("form-data")?;
    name.eq_ignore_ascii_case("Content-Disposition").then_some(value)
}

/// A quoted parameter such as `name="meta"`; a semicolon may follow the last one.
fn parameter(disposition: &str, wanted: &str) -> Option<String> {
    let mut rest = disposition;
    while let Some((name, after)) = rest.split_once("=\"") {
        let (value, next) = after.split_once('"')?;
        if name.trim_matches([';', ' ']) == wanted {
            return Some(value.to_owned());
        }
        rest = next;
    }
    None
}

fn split_once<'a>(bytes: &'a [u8], separator: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let start = bytes.windows(separator.len()).position(|window| window == separator)?;
    Some((bytes.get(..start)?, bytes.get(start + separator.len()..)?))
}
