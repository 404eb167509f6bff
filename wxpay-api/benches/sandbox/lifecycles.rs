//! Whole lifecycles: a shop that orders, is paid, queries and refunds.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use wxpay_api::Client;
use wxpay_api::sandbox::Sandbox;

use crate::Failure;

/// The signatures of one lifecycle: of four requests, their responses, and the notification.
pub(crate) const SIGNATURES: usize = 9;
/// The lifecycles that run at once.
const AT_ONCE: usize = 4;
const TOTAL: i64 = 888;

/// A sandbox, and a merchant with a client and a server.
pub(crate) struct Shop {
    pub(crate) sandbox: Arc<Sandbox>,
    wx: Client,
    notify_url: Arc<str>,
}

impl Shop {
    pub(crate) async fn open() -> Result<Self, Failure> {
        let sandbox = Arc::new(Sandbox::start().await?);
        let wx = sandbox.client()?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let notify_url = format!("http://{}/notify", listener.local_addr()?).into();
        let routes = Router::new().route("/notify", post(notified)).with_state(wx.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Ok(Self { sandbox, wx, notify_url })
    }

    /// Lives so many lifecycles, and waits for their notifications.
    pub(crate) async fn live(&self, round: usize, count: usize) -> Result<(), Failure> {
        let mut tasks = JoinSet::new();
        for task in 0..AT_ONCE {
            let (sandbox, wx) = (Arc::clone(&self.sandbox), self.wx.clone());
            let notify_url = Arc::clone(&self.notify_url);
            tasks.spawn(async move {
                for index in (task..count).step_by(AT_ONCE) {
                    one(&sandbox, &wx, &notify_url, &format!("{round}-{index:04}")).await?;
                }
                Ok::<_, Failure>(())
            });
        }
        while let Some(finished) = tasks.join_next().await {
            finished??;
        }
        self.sandbox.notifications_settled().await;
        let sent = self.sandbox.sent_notifications();
        match sent.iter().all(|one| one.attempts.len() == 1 && one.is_acknowledged()) {
            true => Ok(()),
            false => Err("a notification was not acknowledged at once".into()),
        }
    }
}

async fn one(
    sandbox: &Sandbox,
    wx: &Client,
    notify_url: &str,
    number: &str,
) -> Result<(), Failure> {
    let (order, refund) = (format!("order-{number}"), format!("refund-{number}"));
    let transactions = wx.v3().pay().transactions();
    transactions
        .jsapi()
        .post(|r| {
            r.appid("wxd678efh567hg6787")
                .mchid(wx.id())
                .description("QQ公仔")
                .out_trade_no(order.as_str())
                .amount(|a| a.total(TOTAL))
                .notify_url(notify_url)
                .payer(|p| p.openid("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"))
        })
        .await?;
    sandbox.order(&order)?.pay()?;
    let query = transactions.out_trade_no().out_trade_no(order.as_str());
    let paid = query.get(|r| r.mchid(wx.id())).await?;
    wx.v3()
        .refund()
        .domestic()
        .refunds()
        .post(|r| {
            r.out_refund_no(refund.as_str())
                .out_trade_no(order.as_str())
                .amount(|a| a.refund(300).total(TOTAL).currency("CNY"))
        })
        .await?;
    let refunded = query.get(|r| r.mchid(wx.id())).await?;
    match (paid.trade_state.as_str(), refunded.trade_state.as_str()) {
        ("SUCCESS", "REFUND") => Ok(()),
        states => Err(format!("{order} went through {states:?}").into()),
    }
}

/// The merchant's server: verifies and acknowledges.
async fn notified(State(wx): State<Client>, headers: HeaderMap, body: Bytes) -> StatusCode {
    match wx.notification(&headers, &body).await {
        Ok(_) => StatusCode::NO_CONTENT,
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
