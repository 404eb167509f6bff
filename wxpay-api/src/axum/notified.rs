use axum_core::extract::{FromRef, FromRequest, Request};
use bytes::Bytes;
use http::HeaderMap;
use http_body_util::{BodyExt, LengthLimitError, Limited};

use super::Rejection;
use crate::client::{Client, Clients, Notification};

/// How many bytes a notification has at most unless it is said otherwise: 1 MiB.
pub const LIMIT: usize = 1 << 20;

/// A notification, verified and decrypted from the raw body.
///
/// Anything else is answered as [`Rejection`] says, and the handler is not called; to see what was refused,
/// take a `Result<Notified, Rejection>`. A body of more than `MOST` bytes is not read to its end; axum's
/// `DefaultBodyLimit` has no say in it.
#[derive(Clone, Debug)]
pub struct Notified<const MOST: usize = LIMIT>(pub Notification);

/// A notification to one of several merchants that share a URL, with that merchant's client; else as
/// [`Notified`].
#[derive(Clone, Debug)]
pub struct NotifiedClient<const MOST: usize = LIMIT>(pub Client, pub Notification);

impl<S, const MOST: usize> FromRequest<S> for Notified<MOST>
where
    S: Send + Sync,
    Client: FromRef<S>,
{
    type Rejection = Rejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, Rejection> {
        let client = Client::from_ref(state);
        let (headers, body) = whole(request, MOST).await?;
        Ok(Self(client.notification(&headers, &body).await?))
    }
}

impl<S, const MOST: usize> FromRequest<S> for NotifiedClient<MOST>
where
    S: Send + Sync,
    Clients: FromRef<S>,
{
    type Rejection = Rejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, Rejection> {
        let clients = Clients::from_ref(state);
        let (headers, body) = whole(request, MOST).await?;
        let (client, notification) = clients.notification(&headers, &body).await?;
        Ok(Self(client, notification))
    }
}

/// The headers and the raw body, unless it is too long.
async fn whole(request: Request, most: usize) -> Result<(HeaderMap, Bytes), Rejection> {
    let (head, body) = request.into_parts();
    match Limited::new(body, most).collect().await {
        Ok(body) => Ok((head.headers, body.to_bytes())),
        Err(error) if error.is::<LengthLimitError>() => Err(Rejection::TooLarge { most }),
        Err(error) => Err(Rejection::Body(error)),
    }
}
