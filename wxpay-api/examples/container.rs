//! A service in a container, whose secrets are environment variables: the keys are text, and no file is mounted.
//!
//! ```sh
//! WXPAY_MCHID=1900000109
//! WXPAY_CERTIFICATE="$(cat apiclient_cert.pem)"      # or its serial number: WXPAY_SERIAL_NO
//! WXPAY_PRIVATE_KEY="$(base64 apiclient_key.pem)"    # as it is, in Base64, or with its line ends written out as \n
//! WXPAY_WECHATPAY_PUBLIC_KEY_ID=PUB_KEY_ID_0119000001092024
//! WXPAY_WECHATPAY_PUBLIC_KEY="$(cat pub_key.pem)"
//! WXPAY_APIV3_KEY_FILE=/run/secrets/apiv3_key        # each key may be a mounted file instead
//! ```
//!
//! The service tests its keys, then receives notifications on `PORT` (8080). With nothing configured it takes the keys of a
//! sandbox that it starts itself, orders something, receives the notification of its payment and ends.

use std::error::Error;

use axum::Router;
use axum::routing::{get, post};
use tokio::net::TcpListener;
use wxpay_api::axum::Notified;
use wxpay_api::sandbox::Sandbox;
use wxpay_api::{Acknowledgement, Client, Config, Secret};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    match Config::from_env()? {
        Some(config) => {
            let wx = config.client()?;
            test_keys(&wx).await?;
            let port = std::env::var("PORT").unwrap_or_else(|_| "8080".to_owned());
            let listener = TcpListener::bind(format!("0.0.0.0:{port}")).await?;
            Ok(axum::serve(listener, routes(wx)).await?)
        }
        None => on_a_sandbox().await,
    }
}

/// The same with the keys of a sandbox, in the shape in which environment variables have them.
async fn on_a_sandbox() -> Result<(), Box<dyn Error>> {
    let sandbox = Sandbox::builder().notification_speed(10_000).start().await?;
    println!("Nothing is configured, so this runs on a sandbox at {}.\n", sandbox.url());
    let mut config = sandbox.config()?;
    for key in [&mut config.certificate, &mut config.private_key, &mut config.wechatpay_public_key]
    {
        let escaped =
            key.as_ref().and_then(Secret::plaintext).map(|text| text.replace('\n', "\\n"));
        *key = escaped.map(Secret::from);
    }
    let wx = config.client_builder()?.base_url(sandbox.url()).build()?;
    test_keys(&wx).await?;

    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/wechatpay/notify", listener.local_addr()?);
    let service = routes(wx.clone());
    let server = tokio::spawn(async move { axum::serve(listener, service).await });
    order(&wx, &url).await?;
    let order = sandbox.order("order-1")?;
    order.pay()?;
    sandbox.notifications_settled().await;
    server.abort();
    let acknowledged = order.notifications().iter().all(|sent| sent.is_acknowledged());
    if acknowledged { Ok(()) } else { Err("the notification was refused".into()) }
}

/// Orders something, so that the user can pay it.
async fn order(wx: &Client, notify_url: &str) -> wxpay_api::Result<()> {
    let call = wx.v3().pay().transactions().native().post(|r| {
        r.appid("wxd678efh567hg6787")
            .mchid(wx.id())
            .description("QQ公仔")
            .out_trade_no("order-1")
            .amount(|a| a.total(100))
            .notify_url(notify_url)
    });
    call.await.map(drop)
}

/// Wrong keys end the container at its start, not with the first payment.
async fn test_keys(wx: &Client) -> Result<(), Box<dyn Error>> {
    let report = wx.self_test().await;
    println!("{report}");
    if report.is_ok() { Ok(()) } else { Err("the keys do not work".into()) }
}

fn routes(wx: Client) -> Router {
    Router::new()
        .route("/healthz", get(|| async { "ok" }))
        .route("/wechatpay/notify", post(notified))
        .with_state(wx)
}

/// The `notify_axum` example shows how a payment is acted upon once.
async fn notified(Notified(notification): Notified) -> Acknowledgement {
    println!("{} {}", notification.event_type(), notification.id());
    Acknowledgement::handled()
}
