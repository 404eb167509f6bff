//! One request for a page: where it goes, what it carries, and what the control surface says to it.

use http::{HeaderMap, Method, Request, StatusCode, header};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde::de::DeserializeOwned;
use serde_json::Value;

use bytes::Bytes;

use super::language::PageLanguage;
use super::respond::PageError;
use super::{BASE, Connection};

/// The cookie that remembers the language.
pub(super) const LANGUAGE_COOKIE: &str = "wxpay_page_lang";

/// What a segment of a path may have unencoded.
const SEGMENT: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b'@');

/// A request that passed the sandbox's walls.
pub(super) struct Visit<'a> {
    pub(super) connection: &'a Connection,
    pub(super) method: Method,
    /// The decoded segments of the path below the base.
    pub(super) segments: Vec<String>,
    pub(super) language: PageLanguage,
    /// The query without the language.
    pub(super) query: Vec<(String, String)>,
    /// The fields of a form.
    pub(super) form: Vec<(String, String)>,
    /// Whether the URL asks for a language, which is to be remembered.
    pub(super) chooses_language: bool,
}

impl<'a> Visit<'a> {
    pub(super) fn new(connection: &'a Connection, request: &Request<Bytes>) -> Self {
        let path = request.uri().path().strip_prefix(BASE).unwrap_or_default();
        let decode = |segment: &str| percent_decode_str(segment).decode_utf8_lossy().into_owned();
        let segments = path.split('/').filter(|segment| !segment.is_empty()).map(decode).collect();
        let query = pairs(request.uri().query().unwrap_or_default().as_bytes());
        let wanted = query.iter().find(|(name, _)| name == "lang").map(|(_, code)| code.as_str());
        let accepted = request.headers().get(header::ACCEPT_LANGUAGE);
        let accepted = accepted.and_then(|value| value.to_str().ok()).unwrap_or_default();
        let language = PageLanguage::choose(wanted, remembered(request.headers()), accepted);
        let chooses_language = wanted.and_then(PageLanguage::of_code).is_some();
        let query = query.into_iter().filter(|(name, _)| name != "lang").collect();
        let form = match *request.method() == Method::POST {
            true => pairs(request.body()),
            false => Vec::new(),
        };
        let method = request.method().clone();
        Self { connection, method, segments, language, query, form, chooses_language }
    }

    /// Returns a text in the visitor's language.
    pub(super) fn say<'t>(&self, chinese: &'t str, english: &'t str) -> &'t str {
        self.language.say(chinese, english)
    }

    /// Returns a value of the query; `None` if it is missing or empty.
    pub(super) fn queried(&self, name: &str) -> Option<&str> {
        find(&self.query, name)
    }

    /// Returns a number of the query. Whatever is no number is the default.
    pub(super) fn number(&self, name: &str, default: usize) -> usize {
        self.queried(name).and_then(|text| text.parse().ok()).unwrap_or(default)
    }

    /// Returns a field of the form without surrounding space; `None` if it is missing or empty.
    pub(super) fn field(&self, name: &str) -> Option<&str> {
        find(&self.form, name).map(str::trim).filter(|value| !value.is_empty())
    }

    /// Returns a field that the form must have.
    pub(super) fn required(&self, name: &str) -> Result<&str, PageError> {
        self.field(name).ok_or_else(|| {
            let message = match self.language {
                PageLanguage::Chinese => format!("请填写 {name}。"),
                PageLanguage::English => format!("Fill in {name}."),
            };
            PageError::new(StatusCode::BAD_REQUEST, message)
        })
    }

    /// Returns the path and query of this page, without the language and what only one visit has.
    pub(super) fn here(&self) -> String {
        let segments = self.segments.iter().map(|segment| format!("/{}", encoded(segment)));
        let lasting = self.query.iter().filter(|(name, _)| name != "done");
        url(&format!("{BASE}{}", segments.collect::<String>()), lasting)
    }

    /// Reads something from the control surface.
    pub(super) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, PageError> {
        let value = self.connection.control.send(Method::GET, path, None).await?;
        serde_json::from_value(value).map_err(|error| {
            let message = format!("the response of {path} is not as this page knows it: {error}");
            PageError::new(StatusCode::INTERNAL_SERVER_ERROR, message)
        })
    }

    /// Changes something by the control surface.
    pub(super) async fn change(
        &self,
        method: Method,
        path: &str,
        body: &Value,
    ) -> Result<Value, PageError> {
        let body = (method != Method::DELETE).then_some(body);
        Ok(self.connection.control.send(method, path, body).await?)
    }
}

/// Encodes a segment of a path.
pub(super) fn encoded(segment: &str) -> String {
    utf8_percent_encode(segment, SEGMENT).to_string()
}

/// Makes a URL of a path and a query.
pub(super) fn url<N, V, P>(path: &str, pairs: impl IntoIterator<Item = P>) -> String
where
    N: AsRef<str>,
    V: AsRef<str>,
    P: std::borrow::Borrow<(N, V)>,
{
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(pairs);
    let query = query.finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

fn pairs(encoded: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(encoded).into_owned().collect()
}

fn find<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let value = pairs.iter().find(|(held, _)| held == name).map(|(_, value)| value.as_str());
    value.filter(|value| !value.is_empty())
}

fn remembered(headers: &HeaderMap) -> Option<&str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.split_once('='));
    pairs.find(|(name, _)| name.trim() == LANGUAGE_COOKIE).map(|(_, value)| value.trim())
}
