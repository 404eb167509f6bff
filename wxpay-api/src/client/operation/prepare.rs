//! Writes an operation as a request in bytes.

use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::client::operation::multipart;
use crate::client::operation::multipart::TextPart;
use crate::client::operation::path::percent_encode;
use crate::client::{Endpoint, InputError, PathValues, Payload};
use crate::protocol::EncryptionKey;
use crate::wire::{Encode, EncodeState, File, Json};

/// An encoded request, not yet signed. `Debug` shows neither query nor body.
#[derive(Clone)]
#[non_exhaustive]
pub struct Prepared {
    /// The HTTP method.
    pub method: &'static str,
    /// The host where it is not the default one.
    pub host: Option<&'static str>,
    /// Path and query exactly as they are to be sent and signed ([protocol §1.2]).
    ///
    /// [protocol §1.2]: crate::docs::protocol::signing#12-the-canonical-url
    pub target: String,
    /// Headers that the operation asks for.
    pub headers: HeaderMap,
    /// The content type, where there is a body.
    pub content_type: Option<String>,
    /// The body.
    pub body: Payload,
    /// The part of the body that is signed: all of it, or an upload's meta ([protocol §6.1]).
    ///
    /// [protocol §6.1]: crate::docs::protocol::uploads#61-the-form
    pub signed_body: Bytes,
    /// The id of the key that encrypted secrets: the `Wechatpay-Serial` to send ([protocol §3.4]).
    ///
    /// [protocol §3.4]: crate::docs::protocol::keys#34-the-public-key-and-wechatpay-serial
    pub encrypted_with: Option<String>,
}

impl Prepared {
    /// A request without a body.
    pub(crate) fn get(host: Option<&'static str>, target: String) -> Self {
        Self {
            method: "GET",
            host,
            target,
            headers: HeaderMap::new(),
            content_type: None,
            body: Payload::default(),
            signed_body: Bytes::new(),
            encrypted_with: None,
        }
    }
}

/// Collects the members of a request: path, query, headers, body.
pub struct RequestWriter<'a> {
    endpoint: &'static Endpoint,
    key: Option<&'a EncryptionKey<'a>>,
    state: EncodeState,
    target: String,
    has_query: bool,
    headers: HeaderMap,
    body: Option<Bytes>,
    upload: Option<(&'static str, File)>,
    parts: Vec<TextPart>,
    error: Option<InputError>,
}

impl<'a> RequestWriter<'a> {
    pub(crate) fn new(
        endpoint: &'static Endpoint,
        path: &PathValues,
        key: Option<&'a EncryptionKey<'a>>,
    ) -> Result<Self, InputError> {
        Ok(Self {
            endpoint,
            key,
            state: EncodeState::new(endpoint.is_update),
            target: path.expand(endpoint.path)?,
            has_query: false,
            headers: HeaderMap::new(),
            body: None,
            upload: None,
            parts: Vec::new(),
            error: None,
        })
    }

    /// Adds a member to the query: a list repeats the name, an object becomes JSON.
    pub fn query(&mut self, name: &'static str, value: &dyn Encode) {
        for text in self.texts(name, value) {
            self.target.push(if self.has_query { '&' } else { '?' });
            self.has_query = true;
            let pair = format!("{}={}", percent_encode(name), percent_encode(&text));
            self.target.push_str(&pair);
        }
    }

    /// Adds a header.
    pub fn header(&mut self, name: &'static str, value: &dyn Encode) {
        for text in self.texts(name, value) {
            let header = name.parse::<HeaderName>().ok().zip(header_value(&text));
            match header {
                Some((name, value)) => {
                    self.headers.append(name, value);
                }
                None => self.fail(InputError::HeaderValue { name: name.to_owned() }),
            }
        }
    }

    /// Sets the JSON body.
    pub fn body(&mut self, body: &dyn Encode) {
        self.body = Some(self.state.body(body, self.key).into());
    }

    /// Sets a multipart body: `meta` and the file.
    pub fn upload(&mut self, part: &'static str, file: &File, meta: &dyn Encode) {
        self.body(meta);
        if let Err(error) = multipart::check(file) {
            self.fail(error);
        }
        self.upload = Some((part, file.clone()));
    }

    /// Adds a text part to a multipart body.
    pub fn part(&mut self, name: &'static str, value: &dyn Encode) {
        for text in self.texts(name, value) {
            if text.contains(char::is_control) {
                self.fail(InputError::Part { name });
            }
            self.parts.push(TextPart { name, text });
        }
    }

    /// Refuses the request if two members are set that may only be set alone.
    pub fn not_both(
        &mut self,
        (one, first): (&'static str, &dyn Encode),
        (other, second): (&'static str, &dyn Encode),
    ) {
        if self.state.is_sent(first) && self.state.is_sent(second) {
            self.fail(InputError::Both { one, other });
        }
    }

    fn fail(&mut self, error: InputError) {
        self.error.get_or_insert(error);
    }

    /// The texts a value stands for outside JSON.
    fn texts(&mut self, name: &'static str, value: &dyn Encode) -> Vec<String> {
        let json = self.state.member(name, value, self.key);
        match serde_json::from_slice(&json) {
            Ok(Json::Array(list)) => list.iter().map(text).collect(),
            Ok(single) => vec![text(&single)],
            // Nothing was written: the value is absent, or its error was recorded.
            Err(_) => Vec::new(),
        }
    }

    pub(crate) fn finish(self) -> Result<Prepared, InputError> {
        if let Some(error) = self.error {
            return Err(error);
        }
        let sealed = self.state.finish()?;
        let encrypted_with = self.key.filter(|_| sealed).map(|key| key.id().to_owned());
        let file_key = self.upload.as_ref().and_then(|(_, file)| file.encrypted_with());
        let encrypted_with = match (file_key, encrypted_with) {
            (Some(file), Some(request)) if file != request => {
                return Err(InputError::OtherKey { file: file.to_owned(), request });
            }
            (Some(file), _) => Some(file.to_owned()),
            (None, encrypted_with) => encrypted_with,
        };
        let signed_body = self.body.clone().unwrap_or_default();
        let (body, content_type) = match &self.upload {
            Some((part, file)) => multipart::assemble(&signed_body, part, file, &self.parts),
            None => {
                let content_type = self.body.map(|_| "application/json".to_owned());
                (signed_body.clone().into(), content_type)
            }
        };
        Ok(Prepared {
            method: self.endpoint.method,
            host: self.endpoint.host,
            target: self.target,
            headers: self.headers,
            content_type,
            body,
            signed_body,
            encrypted_with,
        })
    }
}

fn text(json: &Json) -> String {
    match json {
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}

impl fmt::Debug for Prepared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Prepared")
            .field("method", &self.method)
            .field("host", &self.host)
            .field("content_type", &self.content_type)
            .field("body_length", &self.body.len())
            .field("encrypted_with", &self.encrypted_with)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for RequestWriter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestWriter").field("endpoint", &self.endpoint).finish_non_exhaustive()
    }
}

/// Returns the text as a header's value: printable ASCII, because proxies and WeChat Pay's gateway
/// read nothing else alike.
pub(crate) fn header_value(text: &str) -> Option<HeaderValue> {
    if !text.is_ascii() {
        return None;
    }
    HeaderValue::from_str(text).ok()
}
