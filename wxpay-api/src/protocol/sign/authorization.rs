//! The `Authorization` header of a request: signed, written, read.

use std::fmt;

use thiserror::Error;

use super::message;
use crate::protocol::excerpt::excerpt;
use crate::protocol::{CryptoError, Nonce, PrivateKey, PublicKey, Scheme, Serial};

/// The `Authorization` of one request ([protocol §1.4]).
///
/// `Debug` does not show the signature.
///
/// [protocol §1.4]: crate::docs::protocol::signing#14-the-authorization-header
#[derive(Clone, Eq, PartialEq)]
pub struct Authorization {
    scheme: Scheme,
    id: String,
    nonce: String,
    timestamp: String,
    serial: String,
    signature: String,
}

/// The merchant or brand that signs a request.
pub(crate) struct RequestSigner<'a> {
    pub(crate) scheme: Scheme,
    pub(crate) id: &'a str,
    pub(crate) serial: &'a Serial,
    pub(crate) private_key: &'a PrivateKey,
}

impl Authorization {
    pub(crate) fn signed(
        signer: &RequestSigner<'_>,
        method: &str,
        target: &str,
        timestamp: u64,
        nonce: Nonce,
        body: &[u8],
    ) -> Result<Self, CryptoError> {
        let timestamp = timestamp.to_string();
        let message = message::request(method, target, &timestamp, nonce.as_str(), body);
        Ok(Self {
            scheme: signer.scheme,
            id: signer.id.to_owned(),
            nonce: nonce.as_str().to_owned(),
            timestamp,
            serial: signer.serial.to_string(),
            signature: signer.private_key.sign(&message)?,
        })
    }

    /// Reads a header value as the server does. The pairs may come in any order.
    ///
    /// # Errors
    /// [`AuthorizationError`] unless the value is a scheme, one space, and each of the five pairs once.
    pub fn parse(header: &str) -> Result<Self, AuthorizationError> {
        let (scheme, pairs) = header.split_once(' ').unwrap_or((header, ""));
        let scheme = Scheme::from_name(scheme)
            .ok_or_else(|| AuthorizationError::Scheme { found: excerpt(scheme) })?;
        let mut read = HeaderPairs::of(scheme);
        let mut rest = pairs;
        loop {
            let (name, after) = rest.split_once("=\"").ok_or(AuthorizationError::Malformed)?;
            let (value, after) = after.split_once('"').ok_or(AuthorizationError::Malformed)?;
            read.put(name, value)?;
            if after.is_empty() {
                return read.finish();
            }
            rest = after.strip_prefix(',').ok_or(AuthorizationError::Malformed)?;
        }
    }

    /// Writes the value of the header, on one line.
    ///
    /// Anyone who reads the value can send the same request again for some minutes. Mark the header as sensitive, and do
    /// not log it.
    #[must_use]
    pub fn to_header(&self) -> String {
        let Self { scheme, id, nonce, timestamp, serial, signature } = self;
        let id_name = scheme.id_name();
        format!(
            "{scheme} {id_name}=\"{id}\",nonce_str=\"{nonce}\",timestamp=\"{timestamp}\",\
             serial_no=\"{serial}\",signature=\"{signature}\""
        )
    }

    /// The scheme.
    #[must_use]
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The signer's merchant number, or the brand's id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The nonce.
    #[must_use]
    pub fn nonce(&self) -> &str {
        &self.nonce
    }

    /// The time of signing, as the text in the header.
    #[must_use]
    pub fn timestamp(&self) -> &str {
        &self.timestamp
    }

    /// The serial number of the merchant's certificate, as the text in the header.
    #[must_use]
    pub fn serial(&self) -> &str {
        &self.serial
    }

    /// The signature in Base64.
    #[must_use]
    pub fn signature(&self) -> &str {
        &self.signature
    }

    /// Whether `key` signed exactly this request ([protocol §1.1]). Servers check requests with it.
    ///
    /// [protocol §1.1]: crate::docs::protocol::signing#11-the-message
    #[must_use]
    pub fn is_signed_by(&self, key: &PublicKey, method: &str, target: &str, body: &[u8]) -> bool {
        let message = message::request(method, target, &self.timestamp, &self.nonce, body);
        key.verify(&message, &self.signature)
    }
}

impl fmt::Debug for Authorization {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Authorization")
            .field("scheme", &self.scheme)
            .field("id", &self.id)
            .field("nonce", &self.nonce)
            .field("timestamp", &self.timestamp)
            .field("serial", &self.serial)
            .field("signature", &format_args!("[redacted]"))
            .finish()
    }
}

/// Why an `Authorization` header cannot be read.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[non_exhaustive]
pub enum AuthorizationError {
    /// The official documents have no such scheme.
    #[error(
        "the scheme `{found}` is unknown; a scheme is one like WECHATPAY2-SHA256-RSA2048, with one space after it"
    )]
    Scheme {
        /// The scheme found.
        found: String,
    },
    /// The text after the scheme is not a list of pairs.
    #[error("after the scheme come pairs name=\"value\" with a comma and no space between them")]
    Malformed,
    /// A pair is missing.
    #[error("the pair `{name}` is missing")]
    Missing {
        /// The missing pair.
        name: &'static str,
    },
    /// A pair came twice.
    #[error("the pair `{name}` comes twice")]
    Duplicate {
        /// The pair that came twice.
        name: String,
    },
    /// The header has an unknown pair.
    #[error("the pair `{name}` does not belong here")]
    Unknown {
        /// The pair's name.
        name: String,
    },
}

struct HeaderPairs<'a> {
    scheme: Scheme,
    id: Option<&'a str>,
    nonce_str: Option<&'a str>,
    timestamp: Option<&'a str>,
    serial_no: Option<&'a str>,
    signature: Option<&'a str>,
}

impl<'a> HeaderPairs<'a> {
    fn of(scheme: Scheme) -> Self {
        Self {
            scheme,
            id: None,
            nonce_str: None,
            timestamp: None,
            serial_no: None,
            signature: None,
        }
    }

    fn put(&mut self, name: &str, value: &'a str) -> Result<(), AuthorizationError> {
        let place = match name {
            name if name == self.scheme.id_name() => &mut self.id,
            "nonce_str" => &mut self.nonce_str,
            "timestamp" => &mut self.timestamp,
            "serial_no" => &mut self.serial_no,
            "signature" => &mut self.signature,
            other => {
                return Err(AuthorizationError::Unknown { name: excerpt(other) });
            }
        };
        match place.replace(value) {
            None => Ok(()),
            Some(_) => Err(AuthorizationError::Duplicate { name: name.to_owned() }),
        }
    }

    fn finish(self) -> Result<Authorization, AuthorizationError> {
        let present = |name, value: Option<&str>| {
            value.map(str::to_owned).ok_or(AuthorizationError::Missing { name })
        };
        Ok(Authorization {
            scheme: self.scheme,
            id: present(self.scheme.id_name(), self.id)?,
            nonce: present("nonce_str", self.nonce_str)?,
            timestamp: present("timestamp", self.timestamp)?,
            serial: present("serial_no", self.serial_no)?,
            signature: present("signature", self.signature)?,
        })
    }
}
