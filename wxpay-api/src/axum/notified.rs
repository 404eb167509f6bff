//! The extractors.

use std::time::Duration;

use axum_core::extract::{FromRef, FromRequest, Request};
use bytes::Bytes;
use http::HeaderMap;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use tokio::time::timeout;

use super::Rejection;
use crate::client::{Client, Clients, Notification};

/// How many bytes a notification has at most unless it is said otherwise: 1 MiB.
pub const LIMIT: usize = 1 << 20;

/// How many milliseconds an extractor waits for a body unless it is said otherwise: 4 seconds of the 5 in which WeChat
/// Pay wants its answer.
pub const TIME_LIMIT: u64 = 4_000;

/// A notification, verified and decrypted from the raw body.
///
/// Anything else is answered as [`Rejection`] says, and the handler is not called; to see what was refused,
/// take a `Result<Notified, Rejection>`. A body of more than `MOST` bytes is not read to its end, axum's
/// `DefaultBodyLimit` has no say in it, and one that takes more than `MILLISECONDS` is given up, so that a sender that
/// stalls holds nothing: `Notified<{ 64 << 10 }, 1_000>` takes 64 KiB within a second.
#[derive(Clone, Debug)]
pub struct Notified<const MOST: usize = LIMIT, const MILLISECONDS: u64 = TIME_LIMIT>(
    pub Notification,
);

/// A notification to one of several merchants that share a URL, with that merchant's client; else as
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

/// The headers and the raw body, unless it is too long or takes too long.
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
