//! Payments at WeChat Pay: order, query by the own number, close, and record what a verified message says.

use std::time::Duration;

use rusqlite::Connection;
use wxpay_api::invoke::JsapiPayment;
use wxpay_api::v3::pay::types::{TradeState, Transaction};
use wxpay_api::{Advice, Error, Present};

use crate::orders::{self, Order, OrderState};
use crate::shop::{Shop, ShopError};

/// Orders the payment, and makes the argument of `getBrandWCPayRequest` for the page.
///
/// WeChat Pay accepts the same number with the same values again, and returns a new `prepay_id`. So this may be called
/// again: when the user reloads the page, and after an error whose outcome is unknown.
pub(crate) async fn checkout(shop: &Shop, out_trade_no: &str) -> Result<JsapiPayment, ShopError> {
    let number = out_trade_no.to_owned();
    let order = shop.database.transaction(move |db| orders::begin_prepay(db, &number)).await?;
    let jsapi = shop.wx.v3().pay().transactions().jsapi();
    let session = jsapi
        .post(|r| {
            r.appid(&shop.settings.appid)
                .mchid(shop.wx.id())
                .description(&order.description)
                .out_trade_no(&order.out_trade_no)
                .amount(|a| a.total(order.total))
                .notify_url(&shop.settings.notify_url)
                .payer(|p| p.openid(&order.openid))
        })
        .await?;
    let prepay_id = session.prepay_id.present().ok_or(ShopError::Missing("prepay_id"))?;
    Ok(shop.wx.invoke().jsapi(&shop.settings.appid, prepay_id)?)
}

/// Asks WeChat Pay for the order, and records the response. Returns `None` if WeChat Pay does not know the number.
///
/// This settles every unknown outcome: a lost response, a notification that does not come, a page that claims that the
/// user has paid.
pub(crate) async fn query(
    shop: &Shop,
    out_trade_no: &str,
) -> Result<Option<OrderState>, ShopError> {
    let order = shop.wx.v3().pay().transactions().out_trade_no().out_trade_no(out_trade_no);
    match order.get(|r| r.mchid(shop.wx.id())).await {
        Ok(payment) => record(shop, out_trade_no, payment).await.map(Some),
        Err(error) if is_absent(&error) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Closes an order unless it was paid. Returns what it is now.
pub(crate) async fn close_unpaid(shop: &Shop, out_trade_no: &str) -> Result<OrderState, ShopError> {
    let order = stored(shop, out_trade_no).await?;
    if order.state != OrderState::Unpaid {
        return Ok(order.state);
    }
    match query(shop, out_trade_no).await? {
        Some(OrderState::Unpaid) => {}
        Some(settled) => return Ok(settled),
        // No page ever got a `prepay_id` of this number, and a closed order gets none.
        None => {
            let number = out_trade_no.to_owned();
            let close = move |db: &Connection| orders::close_absent(db, &number);
            return shop.database.transaction(close).await;
        }
    }
    let number = shop.wx.v3().pay().transactions().out_trade_no().out_trade_no(out_trade_no);
    match number.close().post(|r| r.mchid(shop.wx.id())).await {
        Ok(_) => closed(shop, out_trade_no).await,
        // Perhaps the user paid just now. Only a query can tell.
        Err(error) => match query(shop, out_trade_no).await? {
            Some(settled) if settled != OrderState::Unpaid => Ok(settled),
            _ => Err(error.into()),
        },
    }
}

/// Closes the orders that have been unpaid for this long. A timer calls this every minute, so failures are retried.
pub(crate) async fn close_expired(
    shop: &Shop,
    age: Duration,
) -> Result<Vec<(String, Result<OrderState, ShopError>)>, ShopError> {
    let seconds = age.as_secs();
    let expired = shop.database.transaction(move |db| orders::unpaid_since(db, seconds)).await?;
    let mut outcomes = Vec::new();
    for number in expired {
        let outcome = close_unpaid(shop, &number).await;
        outcomes.push((number, outcome));
    }
    Ok(outcomes)
}

/// Records the state of an order that a verified response or notification states.
///
/// A payment counts only if merchant, app, number, total and currency are those of the order.
pub(crate) async fn record(
    shop: &Shop,
    out_trade_no: &str,
    payment: Transaction,
) -> Result<OrderState, ShopError> {
    let (cloned, number) = (shop.clone(), out_trade_no.to_owned());
    let recorded = shop.database.transaction(move |db| {
        let order = orders::find(db, &number)?;
        if payment.out_trade_no != number {
            let what = format!("asked for order {number}, WeChat Pay returned another");
            return Err(ShopError::Contradiction(what));
        }
        match payment.trade_state {
            TradeState::Success | TradeState::Refund => {
                let matched = order.expected_payment(&cloned).check(&payment)?;
                if !matched.is_success() {
                    return orders::expect_refunded(&order);
                }
                let id = payment.transaction_id.present();
                let time = payment.success_time.present();
                let id = id.ok_or(ShopError::Missing("transaction_id"))?;
                orders::mark_paid(db, &order, id, time.ok_or(ShopError::Missing("success_time"))?)
            }
            TradeState::Closed => orders::mark_closed(db, &order),
            // Nothing was paid. The query may be older than what the shop knows by now.
            TradeState::NotPay | TradeState::PayError => Ok(order.state),
            other => Err(ShopError::Contradiction(format!("order {number} is in state {other}"))),
        }
    });
    shop.reported(out_trade_no, recorded.await).await
}

/// Finds an order of the shop.
pub(crate) async fn stored(shop: &Shop, out_trade_no: &str) -> Result<Order, ShopError> {
    let number = out_trade_no.to_owned();
    shop.database.transaction(move |db| orders::find(db, &number)).await
}

async fn closed(shop: &Shop, out_trade_no: &str) -> Result<OrderState, ShopError> {
    let number = out_trade_no.to_owned();
    let marked = shop.database.transaction(move |db| {
        let order = orders::find(db, &number)?;
        orders::mark_closed(db, &order)
    });
    shop.reported(out_trade_no, marked.await).await
}

/// Whether WeChat Pay itself refused, because it has no order or no refund of this number.
pub(crate) fn is_absent(error: &Error) -> bool {
    error.api().is_some_and(|api| api.advice() == Advice::Absent)
}
