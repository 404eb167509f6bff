//! From an operation to its answer.

use std::pin::Pin;

use tracing::Instrument;
use tracing::field::Empty;

use super::attempt::ReadResponse;
use super::options::Options;
use super::reply::Exchange;
use super::route::Route;
use super::{Client, Error, InputError, Prepared};
use crate::protocol::SealingKey;

/// Puts an operation into bytes, once there is a key to seal with. All that differs between
/// operations is in here, so that calls stay small.
pub(super) type Prepare =
    Box<dyn FnOnce(Option<&SealingKey<'_>>) -> Result<Prepared, InputError> + Send>;

/// A request on its way.
type Sending<'a, A> = Pin<Box<dyn Future<Output = Result<A, Error>> + Send + 'a>>;

impl Client {
    /// Sends a request until it has an answer.
    pub(super) fn send(
        &self,
        route: Route,
        prepare: Prepare,
        options: Options,
    ) -> Sending<'_, Exchange> {
        self.answered(route, prepare, options)
    }

    /// Sends a request until it has as much of an answer as is asked for, inside a span that tells how
    /// it went.
    ///
    /// The span names the URL template; values of the path only where the client was asked for them.
    pub(super) fn answered<'a, A: ReadResponse + 'a>(
        &'a self,
        route: Route,
        prepare: Prepare,
        options: Options,
    ) -> Sending<'a, A> {
        let span = tracing::info_span!(
            "wechatpay",
            otel.name = format!("{} {}", route.method, route.template()),
            otel.kind = "client",
            http.request.method = route.method,
            url.template = route.template(),
            url.path = Empty,
            http.response.status_code = Empty,
            http.request.resend_count = Empty,
            wechatpay.merchant = self.id(),
            wechatpay.request_id = Empty,
            wechatpay.outcome = Empty,
            duration_ms = Empty,
        );
        Box::pin(self.repeat(route, prepare, options, span.clone()).instrument(span))
    }
}
