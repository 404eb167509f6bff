//! Keys that change at WeChat Pay: certificates that rotate, an APIv3 key that is reset, the switch to the public key.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::json;
use tokio::task::JoinSet;
use wxpay_api::sandbox::{Fault, KeyMode};

use super::{payment, to, until};
use crate::harness::{Harness, config, with_certificates};

const WORKERS: usize = 6;

#[tokio::test]
async fn a_rotation_in_the_middle_of_traffic_costs_no_call() {
    let harness = Arc::new(Harness::quiet().await);
    let books = harness.account("1900000200", KeyMode::Certificates).unwrap();
    harness.write(&books, &with_certificates(&books)).unwrap();
    harness.reload().await;
    let (made, wanted) = (Arc::new(AtomicUsize::new(0)), 3 * 4 * WORKERS);
    let mut workers = JoinSet::new();
    for worker in 0..WORKERS {
        let (harness, books, made) = (Arc::clone(&harness), books.clone(), Arc::clone(&made));
        workers.spawn(async move {
            for index in 0.. {
                if made.fetch_add(1, Ordering::SeqCst) >= wanted {
                    return index;
                }
                let number = format!("order-{worker}-{index}");
                let ordered = harness.order(&books, &number).await.unwrap();
                assert_eq!(ordered.status, 200, "{}", ordered.value);
                harness.pay(ordered.text("code_url"));
                assert_eq!(harness.show(&books, &number).await, (200, "paid".to_owned()));
            }
            unreachable!()
        });
    }
    let mut serials = Vec::new();
    for third in 1..3 {
        until(async || made.load(Ordering::SeqCst) > third * wanted / 3).await;
        serials.push(books.rotate_platform_certificate(Duration::ZERO).unwrap());
    }
    let orders: usize = workers.join_all().await.into_iter().sum();
    harness.sandbox.notifications_settled().await;
    let sent = harness.sandbox.sent_notifications();
    assert_eq!((orders, sent.len()), (wanted, wanted));
    // Each was verified at its first attempt, with the old certificate or a new one.
    assert!(sent.iter().all(|it| it.is_acknowledged() && it.attempts.len() == 1));
    let health = harness.health(&books).await;
    assert_eq!(health["status"], "ok");
    for serial in &serials {
        assert!(health["keys"].as_array().unwrap().contains(&json!(serial)), "{health}");
    }
    // Nobody asked for certificates at every call.
    let lists = harness.sandbox.received();
    let lists = lists.iter().filter(|it| it.target == "/v3/certificates").count();
    assert!(lists < orders / 2, "{lists} downloads for {orders} orders");
}

#[tokio::test]
async fn a_reset_apiv3_key_is_followed() {
    let harness = Harness::quiet().await;
    let first = harness.first();
    harness.order(&first, "order-1").await.unwrap();
    let key = "0123456789abcdef0123456789ABCDEF";
    first.reset_apiv3_key(key).unwrap();
    let refused = harness.notify(&first, &to(&first), payment(&first, "order-1", 880)).await;
    assert_eq!(refused.unwrap(), 400);
    assert_eq!(harness.stored(&first, "order-1").await.unwrap(), "unpaid");

    harness.overwrite(&first, "apiv3_key", key);
    harness.assert_loads(&first).await;
    let acknowledged = harness.notify(&first, &to(&first), payment(&first, "order-1", 880)).await;
    assert_eq!(acknowledged.unwrap(), 204);
    assert_eq!(harness.stored(&first, "order-1").await.unwrap(), "paid");
}

#[tokio::test]
async fn a_merchant_moves_to_the_public_key_while_it_is_served() {
    let harness = Harness::quiet().await;
    let books = harness.account("1900000200", KeyMode::Certificates).unwrap();
    harness.write(&books, &with_certificates(&books)).unwrap();
    harness.reload().await;
    harness.assert_served(&books, "before").await;

    // Before the switch starts, WeChat Pay decrypts nothing that the public key encrypted, so the old keys go on.
    let mut both = config(&books);
    both["wechatpay"]["download_certificates"] = json!(true);
    harness.write(&books, &both).unwrap();
    assert_eq!(harness.reload().await.refused, ["1900000200"]);
    let problem = harness.health(&books).await["problem"].to_string();
    assert!(problem.contains("only after the merchant has started the switch"), "{problem}");
    harness.assert_served(&books, "prepared").await;

    // The same configuration is tried again, and WeChat Pay signs with either key.
    books.set_public_key_share(0.1);
    books.set_key_mode(KeyMode::Migrating);
    let again = harness.service.merchants.reload(true).await.unwrap();
    assert_eq!(again.loaded, ["1900000200"]);
    for (index, percent) in [0.1, 50.0, 100.0].into_iter().enumerate() {
        books.set_public_key_share(percent);
        harness.assert_served(&books, &format!("during-{index}")).await;
    }
    books.set_key_mode(KeyMode::PublicKey);
    harness.assert_served(&books, "afterwards").await;
    harness.write(&books, &config(&books)).unwrap();
    harness.assert_loads(&books).await;
    harness.assert_served(&books, "on-its-own").await;
    let id = books.wechatpay_public_key().0;
    assert_eq!(harness.health(&books).await["keys"], json!([id]));
}

#[tokio::test]
async fn keys_that_stop_working_are_reported() {
    let harness = Harness::quiet().await;
    let first = harness.first();
    for _ in 0..3 {
        let echo = "/v3/security/echo";
        harness.sandbox.inject_fault_at("POST", echo, Fault::CloseAfterReading).unwrap();
    }
    harness.service.merchants.test().await;
    let (code, status, health) = harness.ready(&first).await.unwrap();
    assert_eq!((code.as_u16(), status.as_str()), (200, "degraded"));
    assert_eq!(health["status"], "failing");
    assert!(health["failures"].as_str().unwrap().contains("signing and verification"), "{health}");
    harness.service.merchants.test().await;
    let (_, status, health) = harness.ready(&first).await.unwrap();
    assert_eq!(status, "ready");
    // A certificate that will not end for some time, by its own word.
    assert!(health["certificate_ends"].as_u64().unwrap() > 1_700_000_000);
}
