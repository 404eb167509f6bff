//! What the handlers share, and why a request fails.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::FromRef;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use tokio::task::JoinError;
use wxpay_api::compare::Mismatch;
use wxpay_api::{Clients, ErrorKind, Outcome};

use crate::database::Database;
use crate::merchants::{Merchants, with_causes};

/// The state of the server. Clones are cheap and the same service.
#[derive(Clone)]
pub(crate) struct Service {
    pub(crate) merchants: Merchants,
    pub(crate) database: Database,
    pub(crate) settings: Arc<Settings>,
}

/// Settings of the server.
#[derive(Clone)]
pub(crate) struct Settings {
    /// The folder with a sub-folder for each merchant.
    pub(crate) folder: PathBuf,
    /// The URL at which WeChat Pay reaches this server, without a path.
    pub(crate) public_url: String,
    /// Where requests go instead of WeChat Pay: to a sandbox, or a gateway.
    pub(crate) base_url: Option<String>,
    /// How often the server looks at the folder.
    pub(crate) look_every: Duration,
    /// How often it tests the keys.
    pub(crate) test_every: Duration,
    /// How long requests in flight may take when the server is to end. A call takes 30 seconds at most.
    pub(crate) grace: Duration,
    /// The shortest time between two downloads of a merchant's platform certificates.
    pub(crate) certificate_pause: Duration,
}

/// The extractor of notifications at the shared URL finds its clients here.
impl FromRef<Service> for Clients {
    fn from_ref(service: &Service) -> Self {
        service.merchants.clients()
    }
}

/// Why a request fails.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ServiceError {
    #[error("there is no merchant {0}")]
    NoSuchMerchant(String),
    #[error("merchant {mchid} has no order {out_trade_no}")]
    NoSuchOrder { mchid: String, out_trade_no: String },
    #[error("an order's total is at least 1 fen")]
    Total,
    #[error("order {0} was made before, with another description or total")]
    OtherOrder(String),
    #[error("order {out_trade_no} is {state}")]
    State { out_trade_no: String, state: String },
    #[error("the books and WeChat Pay contradict each other: {0}")]
    Contradiction(String),
    #[error(transparent)]
    Mismatch(#[from] Mismatch),
    #[error("WeChat Pay's response has no {0}")]
    Missing(&'static str),
    #[error(transparent)]
    WeChatPay(#[from] wxpay_api::Error),
    #[error("the database failed")]
    Database(#[from] rusqlite::Error),
    #[error("a transaction did not end")]
    Stopped(#[from] JoinError),
}

impl ServiceError {
    /// Whether the request itself was wrong.
    pub(crate) fn is_of_the_caller(&self) -> bool {
        matches!(
            self,
            Self::NoSuchMerchant(_)
                | Self::NoSuchOrder { .. }
                | Self::Total
                | Self::OtherOrder(_)
                | Self::State { .. }
        )
    }

    /// Writes the error to the log.
    pub(crate) fn log(&self, mchid: &str) {
        tracing::error!(mchid, error = with_causes(self), "a request failed");
    }
}

/// The status of an error, and the part of its text that the caller may read. The log has all of it.
impl IntoResponse for ServiceError {
    fn into_response(self) -> Response {
        let (status, text) = match &self {
            Self::NoSuchMerchant(_) | Self::NoSuchOrder { .. } => {
                (StatusCode::NOT_FOUND, self.to_string())
            }
            Self::Total => (StatusCode::BAD_REQUEST, self.to_string()),
            Self::OtherOrder(_) | Self::State { .. } => (StatusCode::CONFLICT, self.to_string()),
            Self::WeChatPay(error) if matches!(error.kind(), ErrorKind::Input(_)) => {
                (StatusCode::BAD_REQUEST, error.to_string())
            }
            Self::WeChatPay(error) => match error.outcome() {
                Outcome::Refused => (StatusCode::BAD_GATEWAY, "WeChat Pay refused it".to_owned()),
                Outcome::NotSent => (
                    StatusCode::SERVICE_UNAVAILABLE,
                    "nothing was sent; try again with the same number".to_owned(),
                ),
                _ => (
                    StatusCode::GATEWAY_TIMEOUT,
                    "the outcome is unknown; query the order, or try again with the same number"
                        .to_owned(),
                ),
            },
            _ => (StatusCode::INTERNAL_SERVER_ERROR, "it cannot be done now".to_owned()),
        };
        (status, Json(serde_json::json!({ "error": text }))).into_response()
    }
}
