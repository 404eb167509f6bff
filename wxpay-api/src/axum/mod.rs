//! Notifications as arguments of axum handlers, and their answers as responses (axum 0.8).
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
//! The state is a [`Client`](crate::Client), or has one by `FromRef`; where several merchants share the URL,
//! it is [`Clients`](crate::Clients), and the argument [`NotifiedClient`].

mod notified;
mod rejection;

pub use notified::{LIMIT, Notified, NotifiedClient, TIME_LIMIT};
pub use rejection::Rejection;

use axum_core::body::Body;
use axum_core::response::{IntoResponse, Response};
use bytes::Bytes;

use crate::acknowledgement::Acknowledgement;

impl IntoResponse for Acknowledgement {
    fn into_response(self) -> Response {
        http::Response::<Bytes>::from(self).map(Body::from)
    }
}
