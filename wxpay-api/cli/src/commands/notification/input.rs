//! Reads a notification from a file: headers and raw body.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use clap::Args;
use http::{HeaderMap, HeaderName, HeaderValue, header};
use serde_json::Value;

use crate::output::Failure;

/// Where a notification is read from.
#[derive(Args, Debug)]
pub(super) struct InputArguments {
    /// The file with the notification; `-` is standard input.
    #[arg(value_name = "FILE", default_value = "-")]
    pub(super) file: PathBuf,
    /// A header of the request, such as `Wechatpay-Serial: …`. With headers, the file is the body alone.
    #[arg(long = "header", value_name = "NAME: VALUE")]
    headers: Vec<String>,
}

/// A notification as a server received it.
#[derive(Debug)]
pub(super) struct ReceivedNotification {
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

/// The most headers of a raw request.
const MOST_HEADERS: usize = 100;

impl InputArguments {
    pub(super) fn read(&self) -> Result<ReceivedNotification, Failure> {
        let content = content(&self.file)?;
        if !self.headers.is_empty() {
            let pairs = self.headers.iter().map(|line| {
                let wrong = || Failure::new(format!("`{line}` is no header: write `Name: value`"));
                line.split_once(':').ok_or_else(wrong)
            });
            let pairs = pairs.collect::<Result<Vec<_>, _>>()?;
            return Ok(ReceivedNotification { headers: headers(pairs)?, body: content.into() });
        }
        match content.trim_ascii_start().first() {
            Some(b'{') => of_json(&content),
            _ => of_request(&content),
        }
    }
}

fn content(file: &Path) -> Result<Vec<u8>, Failure> {
    let read = || match file == Path::new("-") {
        true => {
            let mut content = Vec::new();
            io::stdin().lock().read_to_end(&mut content).map(|_| content)
        }
        false => fs::read(file),
    };
    read().map_err(|error| Failure::caused(format!("{} cannot be read", file.display()), error))
}

fn headers<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<HeaderMap, Failure> {
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        let parsed = HeaderName::try_from(name.trim()).ok();
        match (parsed, HeaderValue::from_str(value.trim()).ok()) {
            (Some(name), Some(value)) => headers.append(name, value),
            _ => return Err(Failure::new(format!("`{name}` is no header that HTTP allows"))),
        };
    }
    Ok(headers)
}

/// Reads a raw HTTP request, with line ends of either kind.
fn of_request(content: &[u8]) -> Result<ReceivedNotification, Failure> {
    let mut parsed = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut request = httparse::Request::new(&mut parsed);
    let no_request = || {
        Failure::new(
            "this is no raw HTTP request, and no JSON with `headers` and `body`; if it is the body alone, give the \
             headers with `--header`",
        )
    };
    let start = match request.parse(content) {
        Ok(httparse::Status::Complete(start)) => start,
        Ok(httparse::Status::Partial) | Err(_) => return Err(no_request()),
    };
    let mut pairs = Vec::new();
    for header in request.headers.iter() {
        let value = std::str::from_utf8(header.value).map_err(|_| no_request())?;
        pairs.push((header.name, value));
    }
    let headers = headers(pairs)?;
    let rest = content.get(start..).unwrap_or_default();
    let body = Bytes::copy_from_slice(body(&headers, rest)?);
    Ok(ReceivedNotification { headers, body })
}

/// Returns the body of a raw request: as much as its length says.
fn body<'a>(headers: &HeaderMap, rest: &'a [u8]) -> Result<&'a [u8], Failure> {
    if headers.contains_key(header::TRANSFER_ENCODING) {
        return Err(Failure::new(
            "the body is in chunks, as on the wire: capture it after the server put it together",
        ));
    }
    let length = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    let Some(length) = length.and_then(|text| text.parse::<usize>().ok()) else {
        return Ok(rest);
    };
    let found = rest.len();
    rest.get(..length).ok_or_else(|| {
        let message = format!(
            "the body has {found} bytes, and Content-Length says {length}: the capture is cut, or it was changed"
        );
        Failure::new(message)
    })
}

/// Reads `{"headers": {…}, "body": "…"}`.
fn of_json(content: &[u8]) -> Result<ReceivedNotification, Failure> {
    let json: Value = serde_json::from_slice(content)
        .map_err(|error| Failure::caused("the file begins like JSON, but is none", error))?;
    let given = match json.get("headers") {
        Some(Value::Object(members)) => members,
        _ => {
            return Err(Failure::new(
                "the JSON has no `headers`; a notification's body alone needs its headers as `--header`",
            ));
        }
    };
    let mut pairs = Vec::new();
    for (name, value) in given {
        let text = value.as_str().ok_or_else(|| {
            Failure::new(format!("the value of the header `{name}` is no text in the JSON"))
        })?;
        pairs.push((name.as_str(), text));
    }
    let Some(body) = json.get("body").and_then(Value::as_str) else {
        return Err(Failure::new(
            "the JSON has no text `body`: it must be the raw body as one text, because a parsed one has another signature",
        ));
    };
    Ok(ReceivedNotification { headers: headers(pairs)?, body: body.to_owned().into() })
}
