//! Notifications: at a URL for each merchant, and at one that all share.

use axum::extract::{FromRequest, Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use wxpay_api::axum::{Notified, NotifiedClient};
use wxpay_api::notifications::Event;
use wxpay_api::{Acknowledgement, Notification};

use crate::orders;
use crate::service::{Service, ServiceError};

/// A merchant's own URL. Only the keys of this merchant verify what comes here.
///
/// The extractor takes a client as its state. Which one it is, the path says.
pub(crate) async fn notified(
    State(service): State<Service>,
    Path(mchid): Path<String>,
    request: Request,
) -> Response {
    // Removed, or never here. WeChat Pay sends it again for a day, in case the merchant comes back.
    let Some(merchant) = service.merchants.get(&mchid) else {
        tracing::warn!("refused a notification for a merchant that is not served");
        return StatusCode::NOT_FOUND.into_response();
    };
    match <Notified>::from_request(request, &merchant.wx).await {
        Ok(Notified(notification)) => {
            acknowledge(&service, &mchid, &notification).await.into_response()
        }
        Err(rejection) => rejection.into_response(),
    }
}

/// The URL that merchants share: the keys tell whose notification it is.
pub(crate) async fn notified_together(
    State(service): State<Service>,
    NotifiedClient(wx, notification): NotifiedClient,
) -> Acknowledgement {
    acknowledge(&service, wx.id(), &notification).await
}

/// Acknowledges a notification when it is recorded. WeChat Pay sends it again until then.
async fn acknowledge(
    service: &Service,
    mchid: &str,
    notification: &Notification,
) -> Acknowledgement {
    let event = notification.event_type();
    match record(service, mchid, notification).await {
        Ok(()) => {
            tracing::info!(mchid, event, "recorded a notification");
            Acknowledgement::handled()
        }
        // The text goes to WeChat Pay, so the reason stays here.
        Err(error) => {
            error.log(mchid);
            Acknowledgement::failed("it could not be recorded")
        }
    }
}

async fn record(
    service: &Service,
    mchid: &str,
    notification: &Notification,
) -> Result<(), ServiceError> {
    match notification.event() {
        Event::PayTransaction(payment) => {
            orders::record(service, mchid, *payment).await?;
            Ok(())
        }
        // Acknowledged, it would be lost: perhaps money moved in a way that this program does not know.
        _ => {
            let what = format!("event {} has no handler", notification.event_type());
            Err(ServiceError::Contradiction(what))
        }
    }
}
