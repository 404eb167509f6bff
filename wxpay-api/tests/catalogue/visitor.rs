//! What the generated samples pass to a test.

use std::fmt::{self, Debug};

use wxpay_api::codegen::{Decode, Encode};
use wxpay_api::notifications::Event;
use wxpay_api::{Download, Idempotency, Integrity, NoContent, Operation, Resource};

/// The sample of an operation by its descriptor: texts outside JSON, and JSON.
///
/// A secret is `"$secret"` with the bounds of its length, JSON in a string is `{"$json": …}`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Expected {
    pub(crate) method: &'static str,
    pub(crate) url: &'static str,
    pub(crate) host: Option<&'static str>,
    pub(crate) path: &'static [&'static str],
    pub(crate) query: &'static [(&'static str, &'static str)],
    pub(crate) headers: &'static [(&'static str, &'static str)],
    /// The JSON body, or the `meta` of an upload.
    pub(crate) body: Option<&'static str>,
    /// The part's name, the file's name and its content.
    pub(crate) file: Option<(&'static str, &'static str, &'static str)>,
    pub(crate) parts: &'static [(&'static str, &'static str)],
    pub(crate) status: u16,
    pub(crate) idempotency: Idempotency,
    pub(crate) download: Option<Integrity>,
    /// Every member of the response, with its kind in place of its value.
    pub(crate) response: Option<&'static str>,
}

/// The facts of a notification by its descriptor.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ExpectedResource {
    pub(crate) name: &'static str,
    pub(crate) events: &'static [&'static str],
    /// Every member of the resource, with its kind in place of its value.
    pub(crate) members: &'static str,
    pub(crate) is_event: fn(&Event) -> bool,
}

/// A secret of a response: its key path, and its plain bytes if it is there and decrypted.
pub(crate) type Accessor<T> = (&'static str, fn(&T) -> Option<&[u8]>);

pub(crate) trait Visitor {
    fn operation<O>(&mut self, expected: Expected, operation: O, secrets: &[Accessor<O::Response>])
    where
        O: Operation + Clone + Debug,
        O::Response: Decode + Debug + 'static;

    fn no_content<O>(&mut self, expected: Expected, operation: O)
    where
        O: Operation<Response = NoContent> + Clone + Debug;

    fn download<O>(&mut self, expected: Expected, operation: O)
    where
        O: Operation<Response = Download> + Clone + Debug;

    fn resource<T>(&mut self, expected: ExpectedResource, secrets: &[Accessor<T>])
    where
        T: Resource + Debug + 'static;

    /// The response that a notification asks for, with all members, and its JSON.
    fn response<T>(&mut self, name: &'static str, body: &'static str, response: T)
    where
        T: Encode + Debug;
}

impl Expected {
    pub(crate) fn of(method: &'static str, url: &'static str) -> Self {
        Self {
            method,
            url,
            host: None,
            path: &[],
            query: &[],
            headers: &[],
            body: None,
            file: None,
            parts: &[],
            status: 200,
            // A `GET` changes nothing. Nothing else may be retried, unless the descriptor says so.
            idempotency: if method == "GET" { Idempotency::Safe } else { Idempotency::Never },
            download: None,
            response: None,
        }
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.method, self.url)
    }
}

/// The secret, repeated or cut to the length that its member may have.
pub(crate) fn bounded(secret: &str, least: u64, most: u64) -> String {
    let natural = secret.chars().count() as u64;
    let length = natural.max(least).min(most);
    secret.chars().cycle().take(length.try_into().unwrap()).collect()
}
