//! Receives notifications with axum: verified, decrypted, acted upon once, acknowledged.
//!
//! It starts a sandbox and the merchant's server, has the sandbox send what comes in practice, prints what
//! happens and ends.

mod notify;

use std::error::Error;
use std::sync::Arc;

use axum::Router;
use axum::extract::{FromRef, State};
use axum::routing::post;
use tokio::net::TcpListener;
use wxpay_api::axum::{Notified, Rejection};
use wxpay_api::replay::MemoryReplayGuard;
use wxpay_api::sandbox::Sandbox;
use wxpay_api::{Acknowledgement, Client};

#[derive(Clone)]
struct Service {
    wx: Client,
    guard: Arc<MemoryReplayGuard>,
}

/// The extractor finds its client in the state.
impl FromRef<Service> for Client {
    fn from_ref(service: &Service) -> Self {
        service.wx.clone()
    }
}

/// With `Notified` alone as the argument, refused notifications get their response before the handler runs; this handler shows them.
async fn notified(
    State(service): State<Service>,
    notified: Result<Notified, Rejection>,
) -> Result<Acknowledgement, Rejection> {
    match notified {
        Ok(Notified(notification)) => Ok(notify::paid(&service.guard, &notification).await),
        Err(rejection) => {
            println!("  the merchant refuses it: {rejection}");
            Err(rejection)
        }
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let sandbox = Sandbox::start().await?;
    let service = Service { wx: sandbox.client()?, guard: Arc::default() };
    let routes = Router::new().route("/wechatpay/notify", post(notified)).with_state(service);

    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/wechatpay/notify", listener.local_addr()?);
    let server = tokio::spawn(async move { axum::serve(listener, routes).await });
    notify::send(&sandbox, &url).await?;
    server.abort();
    Ok(())
}
