use std::error::Error;
use std::time::Duration;

use axum_core::response::{IntoResponse, Response};

use crate::acknowledgement::Acknowledgement;
use crate::protocol::NotificationError;

/// Why a request is not taken for a notification.
///
/// As a response it is the refusal that [protocol §8.3] describes, and a line of `tracing`: a warning, or of a
/// probe, which is in order, a debug line.
///
/// [protocol §8.3]: crate::docs::protocol::notifications#83-acknowledgement
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Rejection {
    /// The body is longer than the extractor takes; answered 413.
    #[error("the body has more than {most} bytes, which is more than a notification may have here")]
    TooLarge {
        /// How many bytes are taken.
        most: usize,
    },
    /// The body did not arrive in the time that the extractor waits; answered 408.
    #[error("the body did not arrive within {limit:?}; WeChat Pay sends the notification again")]
    TooSlow {
        /// How long the extractor waits.
        limit: Duration,
    },
    /// The body broke off; answered 400.
    #[error("the body did not arrive whole")]
    Body(#[source] Box<dyn Error + Send + Sync>),
    /// It is not delivered; answered as [`Acknowledgement`] says of the error.
    #[error(transparent)]
    Notification(#[from] NotificationError),
}

impl Rejection {
    /// Whether this is one of WeChat Pay's probes ([protocol §2.9]), which tells that verification works.
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
