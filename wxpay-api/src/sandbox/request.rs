//! A request as it was received.

use bytes::Bytes;
use http::{HeaderMap, Method, header};

use super::multipart::Form;

#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) method: Method,
    /// Path and query, byte for byte.
    pub(super) target: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    /// An upload's parts, or what is wrong with them.
    pub(super) form: Option<Result<Form, &'static str>>,
}

impl Request {
    /// A request whose body is still to be read.
    pub(super) fn new(head: http::request::Parts) -> Self {
        let target = head.uri.path_and_query().map_or("", |target| target.as_str()).to_owned();
        Self { method: head.method, target, headers: head.headers, body: Bytes::new(), form: None }
    }

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

    pub(super) fn query(&self) -> &str {
        self.target.split_once('?').map_or("", |(_, query)| query)
    }

    /// A header's text; none when it is absent, empty or not text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok().map(str::trim).filter(|text| !text.is_empty())
    }

    /// The media type of the body, in lower case and without parameters.
    pub(super) fn media_type(&self) -> String {
        let content_type = self.header(header::CONTENT_TYPE.as_str()).unwrap_or_default();
        content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }

    /// The bytes that the signature covers (docs/protocol/signing.md §1.3); none when an upload has no `meta`.
    pub(super) fn signed_body(&self) -> Option<&Bytes> {
        match &self.form {
            None => Some(&self.body),
            Some(form) => form.as_ref().ok()?.meta(),
        }
    }
}
