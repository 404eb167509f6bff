//! The notification route: verified by the extractor, compared with the books, acknowledged when it is stored.

use axum::extract::State;
use wxpay_api::axum::Notified;
use wxpay_api::notifications::Event;
use wxpay_api::{Acknowledgement, Notification};

use crate::payment;
use crate::refunds;
use crate::shop::{Shop, ShopError, log};

/// Handles a notification. WeChat Pay sends it again until the response is an acknowledgement.
///
/// The transaction that changes the state decides whether something is new. So a copy does nothing twice, even if it
/// comes at the same moment or to another server, and no replay guard is needed.
pub(crate) async fn notified(
    State(shop): State<Shop>,
    Notified(notification): Notified,
) -> Acknowledgement {
    match record(&shop, &notification).await {
        Ok(()) => Acknowledgement::handled(),
        // The text goes to WeChat Pay, so the reason stays here: in the incidents, and in the log.
        Err(error) => {
            log(&error);
            Acknowledgement::failed("the shop could not record it")
        }
    }
}

async fn record(shop: &Shop, notification: &Notification) -> Result<(), ShopError> {
    match notification.event() {
        Event::PayTransaction(payment) => {
            let number = payment.out_trade_no.clone();
            payment::record(shop, &number, *payment).await?;
        }
        Event::RefundResult(result) => {
            let number = result.out_refund_no.clone();
            refunds::record(shop, &number, *result).await?;
        }
        // Acknowledged, it would be lost: perhaps money moved in a way that this shop does not know.
        _ => {
            let what = format!("event {} has no handler", notification.event_type());
            shop.reported(notification.id(), Err(ShopError::Contradiction(what))).await?;
        }
    }
    Ok(())
}
