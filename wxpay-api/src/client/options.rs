use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue, header};

use super::InputError;

/// What one call does differently from its client.
#[derive(Clone, Debug, Default)]
pub(crate) struct Options {
    pub(super) deadline: Option<Duration>,
    pub(super) repeat: Option<bool>,
    headers: HeaderMap,
    error: Option<InputError>,
}

/// The headers that make a request what it is; the signature and the content depend on them.
const RESERVED: [HeaderName; 6] = [
    header::AUTHORIZATION,
    header::CONTENT_TYPE,
    header::CONTENT_LENGTH,
    header::HOST,
    header::TRANSFER_ENCODING,
    HeaderName::from_static("wechatpay-serial"),
];

impl Options {
    pub(super) fn header(&mut self, name: &str, value: &str) {
        let refused = |error| match error {
            true => InputError::ReservedHeader { name: name.to_owned() },
            false => InputError::HeaderValue { name: name.to_owned() },
        };
        match (name.parse::<HeaderName>(), HeaderValue::from_str(value)) {
            (Ok(name), _) if RESERVED.contains(&name) => {
                self.error.get_or_insert(refused(true));
            }
            (Ok(name), Ok(value)) => {
                self.headers.insert(name, value);
            }
            _ => {
                self.error.get_or_insert(refused(false));
            }
        }
    }

    pub(super) fn headers(&self) -> Result<&HeaderMap, InputError> {
        self.error.clone().map_or(Ok(&self.headers), Err)
    }
}
