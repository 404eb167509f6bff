//! The end of the server, a start without merchants, and a log without secrets.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use wxpay_api::sandbox::{Fault, SignatureFault};

use super::{NATIVE, payment, to, until};
use crate::harness::{Harness, config};
use crate::service::Settings;

#[tokio::test]
async fn requests_in_flight_finish_before_the_end() {
    let mut harness = Harness::quiet().await;
    let first = harness.first();
    let address = harness.service.settings.public_url.trim_start_matches("http://").to_owned();
    let delay = Fault::Delay(Duration::from_millis(500));
    harness.sandbox.inject_fault_at("POST", NATIVE, delay).unwrap();
    let browser = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = format!(
        "{}/merchants/{}/orders/order-1",
        harness.service.settings.public_url,
        first.merchant().id()
    );
    let body = r#"{"description":"tea","total":880}"#;
    let call = browser.put(url).header("content-type", "application/json").body(body).send();
    let call = tokio::spawn(call);
    until(async || harness.sandbox.executions("POST", NATIVE).unwrap() == 1).await;
    assert!(!call.is_finished());
    harness.stop().await.unwrap();
    assert_eq!(call.await.unwrap().unwrap().status(), 200);
    assert_eq!(harness.stored(&first, "order-1").await.unwrap(), "unpaid");
    // Another server may have the address.
    TcpListener::bind(address).await.unwrap();
}

#[tokio::test]
async fn a_request_that_never_ends_does_not_hold_up_the_end() {
    let mut harness = Harness::quiet().await;
    let grace = Duration::from_millis(50);
    harness.service.settings =
        Arc::new(Settings { grace, ..Settings::clone(&harness.service.settings) });
    harness.restart().await.unwrap();
    let url = harness.service.settings.public_url.clone();
    let mut slow = TcpStream::connect(url.trim_start_matches("http://")).await.unwrap();
    let head = "POST /wechatpay/notify HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{";
    slow.write_all(head.as_bytes()).await.unwrap();
    // The server has the connection, because it responds at another one that is younger.
    assert_eq!(harness.call("GET", "/health", None).await.unwrap().status, 200);
    harness.stop().await.unwrap();
    drop(slow);
}

#[tokio::test]
async fn a_server_without_a_merchant_is_not_ready() {
    let mut harness = Harness::quiet().await;
    let first = harness.first();
    assert_eq!(harness.ready(&first).await.unwrap().0, 200);
    harness.overwrite(&first, "apiclient_key.pem", "no key");
    // An older configuration would go on. After a start there is none.
    harness.restart().await.unwrap();
    let (code, status, health) = harness.ready(&first).await.unwrap();
    assert_eq!((code.as_u16(), status.as_str()), (503, "unready"));
    assert_eq!(health["status"], "missing");
    assert_eq!(harness.call("GET", "/health", None).await.unwrap().status, 200);
    harness.write(&first, &config(&first)).unwrap();
    harness.reload().await;
    assert_eq!(harness.ready(&first).await.unwrap().0, 200);
}

/// What was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(text);
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn the_log_has_what_happened_and_no_secret() {
    // Other tests write to it as well, and their secrets are the same: accounts share their key pairs.
    let log = Log::default();
    let writer = log.clone();
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .init();
    let harness = Harness::quiet().await;
    let first = harness.first();
    let ordered = harness.order(&first, "order-1").await.unwrap();
    harness.pay(ordered.text("code_url"));
    harness.sandbox.notifications_settled().await;
    let forged = payment(&first, "order-1", 880).fault(SignatureFault::OtherBody);
    harness.notify(&first, &to(&first), forged).await.unwrap();
    let wrong = payment(&first, "order-1", 1);
    harness.notify(&first, &to(&first), wrong).await.unwrap();
    let (_, key) = first.merchant_pem().unwrap();
    // Somebody pastes a key into the wrong place.
    let mut broken = config(&first);
    broken["wechatpay"]["private_key_file"] = key.as_str().into();
    broken["wechatpay"]["mchid"] = first.apiv3_key().into();
    for name in ["mchid", "private_key_file"] {
        harness.write(&first, &broken).unwrap();
        assert_eq!(harness.reload().await.refused, ["1230000109"]);
        broken["wechatpay"][name] = config(&first)["wechatpay"][name].clone();
    }
    harness.remove(&first).unwrap();
    assert!(harness.service.merchants.reload(true).await.is_err());

    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    for text in [
        "serves the merchant with its new configuration",
        "recorded a notification",
        "refused a notification",
        "a request failed",
        "refused a configuration",
    ] {
        assert!(log.contains(text), "{text} is missing in {log}");
    }
    let lines = key.lines().filter(|line| line.len() > 20);
    let secrets = lines.chain([first.apiv3_key(), "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"]);
    for secret in secrets {
        assert!(!log.contains(secret), "{secret} is in {log}");
    }
}
