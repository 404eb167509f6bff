use std::fmt;
use std::marker::PhantomData;

use bytes::Bytes;

use super::core::Core;
use super::error::Failure;
use super::request::Request;
use super::site::Site;
use super::{Download, Error, FromResponse, Operation, Payload, RawResponse, Reply, Sent};

/// An operation in bytes, its secrets encrypted, that only lacks its signature.
///
/// Keep it for repeats: the same bytes are sent again, under a new signature ([protocol §10.3]).
///
/// [protocol §10.3]: crate::docs::protocol::errors#103-idempotency-and-retries
pub struct Unsigned<O> {
    core: Core,
    request: Request,
    operation: PhantomData<fn() -> O>,
}

/// A request as any HTTP stack may send it, and what checks the response to it.
///
/// Send it within five minutes ([protocol §1.4]), follow no redirect, and undo no `Content-Encoding`
/// of a body whose signature is to be checked later.
///
/// [protocol §1.4]: crate::docs::protocol::signing#14-the-authorization-header
pub struct Signed<O> {
    core: Core,
    request: Request,
    sent: Sent,
    http: http::Request<Payload>,
    operation: PhantomData<fn() -> O>,
}

impl<O: Operation> Unsigned<O> {
    pub(super) fn new(core: Core, request: Request) -> Self {
        Self { core, request, operation: PhantomData }
    }

    /// Whether a refusal counts only with a signature of WeChat Pay, but for 401, which it cannot sign; as
    /// [`ClientBuilder::signed_refusals`](super::ClientBuilder::signed_refusals).
    #[must_use]
    pub fn signed_refusals(mut self, demanded: bool) -> Self {
        self.request.signed_refusals = demanded;
        self
    }

    /// Signs it for this moment. Every attempt needs a signature of its own.
    ///
    /// # Errors
    ///
    /// An [`Error`] whose outcome is [`NotSent`](super::Outcome::NotSent), when the cryptographic
    /// library fails.
    pub fn sign(&self) -> Result<Signed<O>, Error> {
        let Self { core, request, operation } = self;
        let fail = |failure| Error::new(&request.route, failure, 0);
        let site = Site::default();
        let url = site.url(request.host, &request.target, false);
        let (sent, http) = url
            .map_err(Failure::not_sent)
            .and_then(|url| core.sign(request, &url, 1))
            .map_err(fail)?;
        let (core, request) = (core.clone(), request.clone());
        Ok(Signed { core, request, sent, http, operation: *operation })
    }
}

impl<O: Operation> Signed<O> {
    /// The request. Its URL names WeChat Pay's host, which the signature does not cover: replace it
    /// to send the request elsewhere. Path, query, headers and body must stay as they are.
    #[must_use]
    pub fn request(&self) -> http::Request<Bytes> {
        self.http.clone().map(|body| body.to_bytes())
    }

    /// What is sent, for whoever wants to see the protocol at work.
    #[must_use]
    pub fn sent(&self) -> &Sent {
        &self.sent
    }

    /// Verifies the response, and reads it ([protocol §2]).
    ///
    /// # Errors
    ///
    /// [`Error::outcome`] says what is known of the operation.
    ///
    /// [protocol §2]: crate::docs::protocol::verification
    pub fn check(mut self, response: http::Response<Bytes>) -> Result<Reply<O::Response>, Error>
    where
        O::Response: FromResponse,
    {
        self.request.route = self.request.route.expecting::<O::Response>();
        let fail = |failure| Error::new(&self.request.route, failure, 1);
        let exchange =
            self.core.judge(&self.request, self.sent, RawResponse::from(response)).map_err(fail)?;
        exchange.answer()
    }

    /// Takes the response as a raw file, which WeChat Pay does not sign ([protocol §2.7]). Compare its
    /// digest with the announced one.
    ///
    /// # Errors
    ///
    /// [`Error`] for any status that is not 2xx.
    ///
    /// [protocol §2.7]: crate::docs::protocol::verification#27-unsigned-files
    pub fn check_download(self, response: http::Response<Bytes>) -> Result<Download, Error>
    where
        O: Operation<Response = Download>,
    {
        let fail = |failure| Error::new(&self.request.route, failure, 1);
        let exchange =
            self.core.judge(&self.request, self.sent, RawResponse::from(response)).map_err(fail)?;
        Ok(Download::new(exchange))
    }
}

impl<O: Operation> fmt::Debug for Unsigned<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Unsigned({})", O::ENDPOINT)
    }
}

impl<O: Operation> fmt::Debug for Signed<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signed({})", O::ENDPOINT)
    }
}
