//! The routes, and the server from its start to its graceful end.

use std::future::{Future, pending};
use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post, put};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::time::{MissedTickBehavior, interval, sleep};

use crate::health::ready;
use crate::merchants::{Serving, with_causes};
use crate::notifications::{notified, notified_together};
use crate::orders::{self, Order};
use crate::service::{Service, ServiceError};

/// All routes. Only those below `/wechatpay` are for the internet; the others belong behind your own login.
fn routes(service: Service) -> Router {
    Router::new()
        .route("/health", get(|| async { "ok" }))
        .route("/ready", get(ready))
        .route("/merchants/{mchid}/orders/{out_trade_no}", put(order).get(show))
        .route("/wechatpay/notify/{mchid}", post(notified))
        .route("/wechatpay/notify", post(notified_together))
        .with_state(service)
}

/// Serves until `stop`, then finishes the requests that are in flight. The merchants follow their folder meanwhile.
pub(crate) async fn serve(
    listener: TcpListener,
    service: Service,
    hangups: Hangups,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let grace = service.settings.grace;
    let follower = tokio::spawn(follow(service.clone(), hangups));
    let (stopping, stopped) = oneshot::channel();
    let stop = async {
        stop.await;
        let _ = stopping.send(());
    };
    let serving = axum::serve(listener, routes(service)).with_graceful_shutdown(stop);
    let served = tokio::select! {
        served = serving => served,
        () = grace_is_over(stopped, grace) => {
            tracing::warn!(?grace, "ends although requests are in flight");
            Ok(())
        }
    };
    follower.abort();
    served
}

/// Waits until the server was asked to stop, and then for this long.
async fn grace_is_over(stopped: oneshot::Receiver<()>, grace: Duration) {
    match stopped.await {
        Ok(()) => sleep(grace).await,
        Err(_) => pending().await,
    }
}

/// Follows the folder: when it changes, and at SIGHUP. Tests the keys from time to time.
async fn follow(service: Service, mut hangups: Hangups) {
    let mut look = interval(service.settings.look_every);
    let mut test = interval(service.settings.test_every);
    for timer in [&mut look, &mut test] {
        timer.set_missed_tick_behavior(MissedTickBehavior::Delay);
    }
    // The first ticks come at once, and everything was just loaded and tested.
    look.tick().await;
    test.tick().await;
    loop {
        let again = tokio::select! {
            _ = look.tick() => false,
            () = hangups.next() => true,
            _ = test.tick() => {
                service.merchants.test().await;
                continue;
            }
        };
        if let Err(error) = service.merchants.reload(again).await {
            tracing::error!(error = with_causes(&error), "the merchants stay as they are");
        }
    }
}

/// SIGHUP, where there is one. Until this exists, the signal ends the process.
pub(crate) struct Hangups {
    #[cfg(unix)]
    signal: Option<tokio::signal::unix::Signal>,
}

impl Hangups {
    /// Listens from now on.
    pub(crate) fn new() -> Self {
        #[cfg(unix)]
        {
            let kind = tokio::signal::unix::SignalKind::hangup();
            let signal = tokio::signal::unix::signal(kind);
            if let Err(error) = &signal {
                tracing::warn!(%error, "SIGHUP does not reload the merchants");
            }
            Self { signal: signal.ok() }
        }
        #[cfg(not(unix))]
        Self {}
    }

    /// Listens to nothing: signals reach every server of a process, which a test has many of.
    pub(crate) fn none() -> Self {
        Self {
            #[cfg(unix)]
            signal: None,
        }
    }

    /// Waits for the next one.
    async fn next(&mut self) {
        #[cfg(unix)]
        if let Some(signal) = &mut self.signal
            && signal.recv().await.is_some()
        {
            return;
        }
        pending().await
    }
}

/// Waits for Ctrl-C, or for the signal with which services are ended.
pub(crate) async fn asked_to_stop() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
    tracing::info!("ends when the requests in flight have ended");
}

#[derive(Deserialize)]
struct NewOrder {
    description: String,
    /// In fen.
    total: i64,
}

#[derive(Serialize)]
struct Ordered {
    code_url: String,
}

#[derive(Serialize)]
struct StateView {
    state: &'static str,
}

fn merchant(service: &Service, mchid: &str) -> Result<Serving, ServiceError> {
    let serving = service.merchants.get(mchid);
    serving.ok_or_else(|| ServiceError::NoSuchMerchant(mchid.to_owned()))
}

/// `PUT`: the number is in the URL, so a repeated request means the same order.
async fn order(
    State(service): State<Service>,
    Path((mchid, out_trade_no)): Path<(String, String)>,
    Json(NewOrder { description, total }): Json<NewOrder>,
) -> Result<(StatusCode, Json<Ordered>), ServiceError> {
    let merchant = merchant(&service, &mchid)?;
    let order = Order::new(&merchant, out_trade_no, description, total);
    let ordered = orders::order(&service, &merchant, order).await;
    let code_url = ordered.inspect_err(|error| log(&mchid, error))?;
    Ok((StatusCode::OK, Json(Ordered { code_url })))
}

async fn show(
    State(service): State<Service>,
    Path((mchid, out_trade_no)): Path<(String, String)>,
) -> Result<Json<StateView>, ServiceError> {
    let merchant = merchant(&service, &mchid)?;
    let state = orders::query(&service, &merchant, &out_trade_no).await;
    let state = state.inspect_err(|error| log(&mchid, error))?;
    Ok(Json(StateView { state: state.as_str() }))
}

/// What the caller can mend alone is not for the log.
fn log(mchid: &str, error: &ServiceError) {
    if !error.is_of_the_caller() {
        error.log(mchid);
    }
}
