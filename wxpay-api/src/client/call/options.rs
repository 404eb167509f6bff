//! The options of one call, which replace the settings of its client.

use std::time::Duration;

use http::{HeaderMap, HeaderName, header};

use crate::client::operation::prepare::header_value;
use crate::client::{InputError, Retries};

/// The options of one call, which replace the settings of its client.
#[derive(Clone, Debug, Default)]
pub(crate) struct Options {
    pub(crate) deadline: Option<Duration>,
    pub(crate) allow_retries: Option<bool>,
    pub(crate) limit: Option<usize>,
    pub(crate) retries: Option<Retries>,
    pub(crate) attempt_timeout: Option<Duration>,
    /// Whether a refusal counts only with a signature.
    pub(crate) signed_refusals: bool,
    /// Whether bodies are traced.
    pub(crate) trace_bodies: bool,
    headers: HeaderMap,
    error: Option<InputError>,
}

/// The headers that callers must not set, because the signature and the content depend on them.
const RESERVED: [HeaderName; 10] = [
    header::AUTHORIZATION,
    header::CONTENT_TYPE,
    header::CONTENT_LENGTH,
    header::HOST,
    header::TRANSFER_ENCODING,
    // With this header, the response would come compressed, and its signature would not match.
    header::ACCEPT_ENCODING,
    header::CONTENT_ENCODING,
    header::CONNECTION,
    header::EXPECT,
    HeaderName::from_static("wechatpay-serial"),
];

impl Options {
    pub(crate) fn header(&mut self, name: &str, value: &str) {
        let refused = |error| match error {
            true => InputError::ReservedHeader { name: name.to_owned() },
            false => InputError::HeaderValue { name: name.to_owned() },
        };
        match (name.parse::<HeaderName>(), header_value(value)) {
            (Ok(name), _) if RESERVED.contains(&name) => {
                self.error.get_or_insert(refused(true));
            }
            (Ok(name), Some(value)) => {
                self.headers.insert(name, value);
            }
            _ => {
                self.error.get_or_insert(refused(false));
            }
        }
    }

    pub(crate) fn headers(&self) -> Result<&HeaderMap, InputError> {
        self.error.clone().map_or(Ok(&self.headers), Err)
    }
}

/// The methods by which every kind of call sets its options.
macro_rules! option_methods {
    () => {
        /// Limits the whole call, retries included.
        pub fn deadline(mut self, deadline: ::std::time::Duration) -> Self {
            self.options.deadline = Some(deadline);
            self
        }

        /// Limits one attempt, up to the whole response, in place of its share of the deadline.
        pub fn attempt_timeout(mut self, timeout: ::std::time::Duration) -> Self {
            self.options.attempt_timeout = Some(timeout);
            self
        }

        /// Adds a header that is not part of the signature, for example `Accept-Language`.
        pub fn header(mut self, name: &str, value: &str) -> Self {
            self.options.header(name, value);
            self
        }

        /// Sets how often and how soon this request is retried, if a retry is allowed.
        pub fn retries(mut self, retries: $crate::Retries) -> Self {
            self.options.retries = Some(retries);
            self
        }

        /// Allows or forbids retries after an unknown outcome.
        ///
        /// Without this setting, the operation's descriptor decides. Untyped calls retry `GET`
        /// only. Allow retries only where WeChat Pay cannot execute the very same request twice
        /// ([protocol §10.3]).
        ///
        /// [protocol §10.3]: crate::docs::protocol::errors#103-idempotency-and-retries
        pub fn allow_retries(mut self, allowed: bool) -> Self {
            self.options.allow_retries = Some(allowed);
            self
        }
    };
}

pub(crate) use option_methods;
