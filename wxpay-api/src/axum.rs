//! Extracts notifications for axum handlers, and converts acknowledgements to responses (axum 0.8).
//!
//! ```
//! use axum::Router;
//! use axum::routing::post;
//! use wxpay_api::axum::Notified;
//! use wxpay_api::{Acknowledgement, Client};
//!
//! async fn notified(Notified(notification): Notified) -> Acknowledgement {
//!     println!("{}", notification.event_type());
//!     Acknowledgement::handled()
//! }
//!
//! fn routes(wx: Client) -> Router {
//!     Router::new().route("/wechatpay/notify", post(notified)).with_state(wx)
//! }
//! ```
//!
//! The state is a [`Client`], or has one by `FromRef`. If several merchants share a URL, the state is
//! [`Clients`] and the argument is [`NotifiedClient`].

use std::error::Error;
use std::time::Duration;

use axum_core::body::Body;
use axum_core::extract::{FromRef, FromRequest, Request};
use axum_core::response::{IntoResponse, Response};
use bytes::Bytes;
use http::HeaderMap;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use tokio::time::timeout;

use crate::acknowledgement::Acknowledgement;
use crate::client::{Client, Clients, Notification};
use crate::protocol::NotificationError;

/// The default limit of a notification's body in bytes: 1 MiB.
pub const LIMIT: usize = 1 << 20;

/// The default time limit for receiving a body, in milliseconds: 4 seconds. WeChat Pay waits 5 seconds for the response.
pub const TIME_LIMIT: u64 = 4_000;

/// Extracts a notification: verifies and decrypts the raw body.
///
/// A [`Rejection`] responds to any other request, without calling the handler. A handler that needs
/// the rejection takes a `Result<Notified, Rejection>`.
///
/// The body may have `MOST` bytes and must arrive within `MILLISECONDS`; axum's `DefaultBodyLimit` does not apply.
/// `Notified<{ 64 << 10 }, 1_000>` takes 64 KiB within a second.
#[derive(Clone, Debug)]
pub struct Notified<const MOST: usize = LIMIT, const MILLISECONDS: u64 = TIME_LIMIT>(
    pub Notification,
);

/// Extracts a notification and its merchant's client, for several merchants that share a URL. The limits are those of
/// [`Notified`].
#[derive(Clone, Debug)]
pub struct NotifiedClient<const MOST: usize = LIMIT, const MILLISECONDS: u64 = TIME_LIMIT>(
    pub Client,
    pub Notification,
);

impl<S, const MOST: usize, const MILLISECONDS: u64> FromRequest<S> for Notified<MOST, MILLISECONDS>
where
    S: Send + Sync,
    Client: FromRef<S>,
{
    type Rejection = Rejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, Rejection> {
        let client = Client::from_ref(state);
        let (headers, body) = whole(request, MOST, Duration::from_millis(MILLISECONDS)).await?;
        Ok(Self(client.notification(&headers, &body).await?))
    }
}

impl<S, const MOST: usize, const MILLISECONDS: u64> FromRequest<S>
    for NotifiedClient<MOST, MILLISECONDS>
where
    S: Send + Sync,
    Clients: FromRef<S>,
{
    type Rejection = Rejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, Rejection> {
        let clients = Clients::from_ref(state);
        let (headers, body) = whole(request, MOST, Duration::from_millis(MILLISECONDS)).await?;
        let (client, notification) = clients.notification(&headers, &body).await?;
        Ok(Self(client, notification))
    }
}

/// Reads the headers and the raw body within the limits.
async fn whole(
    request: Request,
    most: usize,
    limit: Duration,
) -> Result<(HeaderMap, Bytes), Rejection> {
    let (head, body) = request.into_parts();
    match timeout(limit, Limited::new(body, most).collect()).await {
        Ok(Ok(body)) => Ok((head.headers, body.to_bytes())),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(Rejection::TooLarge { most }),
        Ok(Err(error)) => Err(Rejection::Body(error)),
        Err(_) => Err(Rejection::TooSlow { limit }),
    }
}

/// Why a request is not accepted as a notification.
///
/// Its response is the refusal that [protocol §8.3] describes. Responding also writes a `tracing` event: a warning, or
/// a debug event for a probe, which is no failure.
///
/// [protocol §8.3]: crate::docs::protocol::notifications#83-acknowledgement
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Rejection {
    /// The body is longer than the extractor's limit. The status is 413.
    #[error("the body has more than {most} bytes, the limit of this extractor")]
    TooLarge {
        /// The limit in bytes.
        most: usize,
    },
    /// The body did not arrive within the extractor's time limit. The status is 408.
    #[error("the body did not arrive within {limit:?}; WeChat Pay sends the notification again")]
    TooSlow {
        /// The time limit.
        limit: Duration,
    },
    /// The connection broke before the end of the body. The status is 400.
    #[error("the body is incomplete; WeChat Pay sends the notification again")]
    Body(#[source] Box<dyn Error + Send + Sync>),
    /// The notification failed its checks. [`Acknowledgement`] has a status for each error.
    #[error(transparent)]
    Notification(#[from] NotificationError),
}

impl Rejection {
    /// Returns whether the request is one of WeChat Pay's probes ([protocol §2.9]). Refusing a probe proves that
    /// verification works.
    ///
    /// [protocol §2.9]: crate::docs::protocol::verification#29-signature-probes
    #[must_use]
    pub fn is_probe(&self) -> bool {
        matches!(self, Self::Notification(error) if error.is_probe())
    }
}

impl From<&Rejection> for Acknowledgement {
    fn from(rejection: &Rejection) -> Self {
        match rejection {
            Rejection::TooLarge { .. } => Self::too_large(),
            Rejection::TooSlow { .. } => Self::too_slow(),
            Rejection::Body(_) => Self::unreadable(),
            Rejection::Notification(error) => Self::from(error),
        }
    }
}

impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        match self.is_probe() {
            true => tracing::debug!("refused a probe of the signature"),
            false => tracing::warn!(
                error = %self, cause = self.source().map(tracing::field::display),
                "refused a notification"
            ),
        }
        Acknowledgement::from(&self).into_response()
    }
}

impl IntoResponse for Acknowledgement {
    fn into_response(self) -> Response {
        http::Response::<Bytes>::from(self).map(Body::from)
    }
}
