//! A request as the sandbox received it: head, body, form parts and query.

pub(super) mod origin;
pub(super) mod route;

use bytes::Bytes;
use http::{HeaderMap, Method, header};
use percent_encoding::percent_decode_str;

/// A request as received.
#[derive(Clone)]
pub(super) struct SandboxRequest {
    pub(super) method: Method,
    /// Path and query, byte for byte.
    pub(super) target: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    /// The parts of an upload, or the problem with them.
    pub(super) form: Option<Result<Form, &'static str>>,
    /// The official host that the client meant to call, such as `https://api.mch.weixin.qq.com`.
    official_origin: Option<String>,
}

impl SandboxRequest {
    /// Creates a request whose body is not read yet.
    pub(super) fn new(head: http::request::Parts) -> Self {
        let target = head.uri.path_and_query().map_or("", |target| target.as_str()).to_owned();
        let official_origin = origin::official(&head.uri, &head.headers);
        let (method, headers) = (head.method, head.headers);
        Self { method, target, headers, body: Bytes::new(), form: None, official_origin }
    }

    /// Adds the body.
    pub(super) fn with_body(mut self, body: Bytes) -> Self {
        self.body = body;
        if self.media_type() == "multipart/form-data" {
            let content_type = self.header(header::CONTENT_TYPE.as_str()).unwrap_or_default();
            self.form = Some(Form::parse(content_type, &self.body));
        }
        self
    }

    pub(super) fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// Returns the beginning of links for the sender: the official host that the request was for, else the sandbox's
    /// own URL.
    pub(super) fn origin<'a>(&'a self, own: &'a str) -> &'a str {
        self.official_origin.as_deref().unwrap_or(own)
    }

    /// Returns the decoded names and values of the query; `None` if they are not UTF-8.
    pub(super) fn query_pairs(&self) -> Option<Vec<(String, String)>> {
        query_pairs(&self.target)
    }

    /// Returns a header's text; `None` if it is absent, empty or not text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok().map(str::trim).filter(|text| !text.is_empty())
    }

    /// Returns the media type of the body, in lower case and without parameters.
    pub(super) fn media_type(&self) -> String {
        let content_type = self.header(header::CONTENT_TYPE.as_str()).unwrap_or_default();
        content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }

    /// Returns the bytes that the signature covers (docs/protocol/signing.md §1.3); `None`
    /// for an upload without exactly one `meta`.
    pub(super) fn signed_body(&self) -> Option<&Bytes> {
        match &self.form {
            None => Some(&self.body),
            Some(form) => form.as_ref().ok()?.meta().map(|meta| &meta.content),
        }
    }
}

/// Returns the decoded names and values of a target's query; `None` if they are not UTF-8.
pub(super) fn query_pairs(target: &str) -> Option<Vec<(String, String)>> {
    let query = target.split_once('?').map_or("", |(_, query)| query);
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Some((decode(name)?, decode(value)?))
        })
        .collect()
}

/// Decodes percent signs and, as in form encoding, `+`: WeChat Pay accepts both (docs/protocol/signing.md §1.2).
fn decode(text: &str) -> Option<String> {
    let spaced = text.replace('+', " ");
    percent_decode_str(&spaced).decode_utf8().ok().map(|text| text.into_owned())
}

/// The parts of an upload's form, in their order (docs/protocol/uploads.md §6.1).
#[derive(Clone)]
pub(in crate::sandbox) struct Form {
    parts: Vec<FormPart>,
}

#[derive(Clone)]
pub(in crate::sandbox) struct FormPart {
    pub(in crate::sandbox) name: String,
    pub(in crate::sandbox) file_name: Option<String>,
    pub(in crate::sandbox) content: Bytes,
}

impl Form {
    /// Splits a body into its parts. The error text goes to the sender of the request.
    pub(in crate::sandbox) fn parse(
        content_type: &str,
        body: &Bytes,
    ) -> Result<Self, &'static str> {
        let delimiter = format!("--{}", boundary(content_type, body)?);
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
            parts.push(FormPart::parse(part, body)?);
            rest = next;
        }
    }

    /// Returns the part with the exact text that was signed; `None` unless there is one such part.
    pub(in crate::sandbox) fn meta(&self) -> Option<&FormPart> {
        let mut metas = self.parts.iter().filter(|part| part.name == "meta");
        metas.next().filter(|_| metas.next().is_none())
    }

    /// Returns every part but `meta`.
    pub(in crate::sandbox) fn others(&self) -> impl Iterator<Item = &FormPart> {
        self.parts.iter().filter(|part| part.name != "meta")
    }
}

impl FormPart {
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

/// Reads the boundary from the content type, or from the body's first line. WeChat Pay refuses a quoted one.
fn boundary<'a>(content_type: &'a str, body: &'a [u8]) -> Result<&'a str, &'static str> {
    const KEY: &str = "boundary=";
    let boundary = match content_type.to_ascii_lowercase().find(KEY) {
        Some(at) => content_type.get(at + KEY.len()..).unwrap_or_default().split(';').next(),
        None => first_boundary(body),
    };
    let boundary = boundary.ok_or("must begin with `--` and the boundary")?.trim();
    if boundary.is_empty() || boundary.starts_with('"') {
        return Err("must name a boundary without quotes");
    }
    Ok(boundary)
}

/// Reads the boundary from the first line of a body. Some SDKs send a content type without it.
fn first_boundary(body: &[u8]) -> Option<&str> {
    let (line, _) = split_once(body.strip_prefix(b"--")?, b"\r\n")?;
    std::str::from_utf8(line).ok()
}

fn disposition(line: &str) -> Option<&str> {
    let (name, value) = line.split_once(':')?;
    let value = value.trim().strip_prefix("form-data")?;
    name.eq_ignore_ascii_case("Content-Disposition").then_some(value)
}

/// Finds a quoted parameter such as `name="meta"`. A semicolon may follow the last one.
fn parameter(disposition: &str, wanted: &str) -> Option<String> {
    let mut rest = disposition;
    while let Some((name, after)) = rest.split_once("=\"") {
        let (value, next) = after.split_once('"')?;
        if name.rsplit(';').next().unwrap_or_default().trim() == wanted {
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
