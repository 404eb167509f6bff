//! The servers that the sandbox calls: on loopback and private addresses, and those allowed by name.

use serde_json::json;

use crate::support::{Fixture, Shop, builder, order, start, start_with};

async fn sent_to(shop: &Fixture, number: &str, url: &str) -> Option<String> {
    let mut body = order(number, 7);
    body["notify_url"] = json!(url);
    shop.post("/v3/shop/orders", body).await;
    let payment = shop.sandbox.order(number).unwrap();
    payment.pay().unwrap();
    shop.sandbox.notifications_settled().await;
    payment.notifications()[0].not_sent.clone()
}

#[tokio::test]
async fn elsewhere_nothing_is_sent() {
    let shop = start_with(builder().notification_speed(1_000_000)).await;
    let elsewhere = [
        "http://1.1.1.1/",
        "http://169.254.169.254/latest/",
        "http://0.0.0.0/",
        "http://[fe80::1]/",
        "http://[::ffff:8.8.8.8]/",
        "http://notify.invalid/",
        "ftp://127.0.0.1/",
        "127.0.0.1",
    ];
    for (index, url) in elsewhere.into_iter().enumerate() {
        let reason = sent_to(&shop, &format!("A{index}"), url).await.expect(url);
        assert!(reason.contains("allow_webhook_host"), "{url}: {reason}");
    }
}

#[tokio::test]
async fn what_cannot_be_sent_is_known_at_once() {
    let shop = start().await;
    let known =
        [Some("http://1.1.1.1/"), Some("http://[fe80::1]/"), Some("ftp://127.0.0.1/"), None];
    for (index, url) in known.into_iter().enumerate() {
        let number = format!("A{index}");
        let mut body = order(&number, 7);
        if let Some(url) = url {
            body["notify_url"] = json!(url);
        }
        shop.post("/v3/shop/orders", body).await;
        let payment = shop.sandbox.order(&number).unwrap();
        payment.pay().unwrap();
        let sent = &payment.notifications()[0];
        assert!(sent.not_sent.is_some() && sent.finished, "{url:?}");
    }
    // A host that is a name is resolved afterwards.
    assert!(sent_to(&shop, "A9", "http://notify.invalid/").await.is_some());
}

#[tokio::test]
async fn a_name_that_resolves_to_loopback_is_called() {
    let (shop, server) = (start().await, Shop::start(&[200]).await);
    let named = server.url.replace("127.0.0.1", "localhost");
    assert_eq!(sent_to(&shop, "A1", &named).await, None);
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn a_host_can_be_allowed_by_its_name() {
    let faster = builder().notification_speed(1_000_000_000).allow_webhook_host("0.0.0.0");
    let (shop, server) = (start_with(faster).await, Shop::start(&[200]).await);
    let allowed = server.url.replace("127.0.0.1", "0.0.0.0");
    assert_eq!(sent_to(&shop, "A1", &allowed).await, None);
    assert_eq!(server.received().len(), 1);
}
