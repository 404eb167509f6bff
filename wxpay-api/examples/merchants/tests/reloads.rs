//! Reloads: what changes, what stays, and that no call in flight notices.

use std::fs;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::task::JoinSet;
use wxpay_api::sandbox::{Account, Fault, KeyMode};

use super::{NATIVE, until};
use crate::harness::{Harness, config};
use crate::merchants::Reload;
use crate::server::Hangups;

const ECHO: &str = "/v3/security/echo";

#[tokio::test]
async fn the_folder_is_followed_without_a_signal() {
    let harness = Harness::open(Duration::from_millis(20), Hangups::none()).await.unwrap();
    let books = harness.account("1900000200", KeyMode::PublicKey).unwrap();
    assert_eq!(harness.order(&books, "order-1").await.unwrap().status, 404);
    harness.write(&books, &config(&books)).unwrap();
    until(async || harness.health(&books).await["status"] == "ok").await;
    harness.assert_served(&books, "order-1").await;
    harness.remove(&books).unwrap();
    until(async || harness.health(&books).await.is_null()).await;
    assert_eq!(harness.order(&books, "order-2").await.unwrap().status, 404);
    harness.assert_served(&harness.first(), "order-1").await;
}

#[cfg(unix)]
#[tokio::test]
async fn a_hangup_follows_the_folder_at_once() {
    let harness = Harness::open(Duration::from_secs(3600), Hangups::new()).await.unwrap();
    let books = harness.account("1900000200", KeyMode::PublicKey).unwrap();
    harness.write(&books, &config(&books)).unwrap();
    until(async || {
        let hangup = Command::new("kill").args(["-HUP", &std::process::id().to_string()]).status();
        assert!(hangup.unwrap().success());
        harness.health(&books).await["status"] == "ok"
    })
    .await;
    harness.assert_served(&books, "order-1").await;
}

#[tokio::test]
async fn a_call_in_flight_survives_a_reload_and_a_removal() {
    let harness = Arc::new(Harness::quiet().await);
    let first = harness.first();
    let books = harness.account("1900000200", KeyMode::PublicKey).unwrap();
    harness.write(&books, &config(&books)).unwrap();
    harness.reload().await;
    for (number, is_removed) in [("order-1", false), ("order-2", true)] {
        let executed = harness.sandbox.executions("POST", NATIVE).unwrap();
        let delay = Fault::Delay(Duration::from_secs(1));
        harness.sandbox.inject_fault_at("POST", NATIVE, delay).unwrap();
        let (server, account) = (Arc::clone(&harness), books.clone());
        let call = tokio::spawn(async move { server.order(&account, number).await.unwrap() });
        until(async || harness.sandbox.executions("POST", NATIVE).unwrap() > executed).await;
        assert!(!call.is_finished());
        let mut changed = config(&books);
        changed["appid"] = json!("wx0000000000000000");
        match is_removed {
            true => harness.remove(&books).unwrap(),
            false => harness.write(&books, &changed).unwrap(),
        }
        harness.reload().await;
        let ordered = call.await.unwrap();
        assert_eq!(ordered.status, 200, "{}", ordered.value);
        // The next order has the new configuration.
        assert_eq!(harness.service.merchants.get("1900000200").is_none(), is_removed);
    }
    let late = harness.order(&books, "order-3").await.unwrap();
    assert_eq!(
        (late.status.as_u16(), late.text("error")),
        (404, "there is no merchant 1900000200")
    );
    harness.assert_served(&first, "order-1").await;
}

#[tokio::test]
async fn reloads_under_load_cost_no_call() {
    let harness = Arc::new(Harness::quiet().await);
    let first = harness.first();
    let stop = Arc::new(AtomicBool::new(false));
    let mut workers = JoinSet::new();
    for worker in 0..4 {
        let (harness, first, stop) = (Arc::clone(&harness), first.clone(), Arc::clone(&stop));
        workers.spawn(async move {
            let mut made = 0_u32;
            while !stop.load(Ordering::SeqCst) || made == 0 {
                let number = format!("order-{worker}-{made}");
                let ordered = harness.order(&first, &number).await.unwrap();
                assert_eq!(ordered.status, 200, "{}", ordered.value);
                harness.pay(ordered.text("code_url"));
                made += 1;
            }
            made
        });
    }
    for round in 0..10 {
        let mut changed = config(&first);
        changed["appid"] = json!(format!("wx{round:016}"));
        harness.write(&first, &changed).unwrap();
        harness.assert_loads(&first).await;
    }
    stop.store(true, Ordering::SeqCst);
    let made: u32 = workers.join_all().await.into_iter().sum();
    harness.sandbox.notifications_settled().await;
    let paid = harness.service.database.transaction(|db| {
        let count = "SELECT count(*) FROM orders WHERE state = 'paid'";
        Ok(db.query_row(count, [], |row| row.get::<_, u32>(0))?)
    });
    assert_eq!(paid.await.unwrap(), made);
}

#[tokio::test]
async fn a_broken_configuration_keeps_the_old_one() {
    let harness = Harness::quiet().await;
    let first = harness.first();
    let other = harness.account("1900000200", KeyMode::PublicKey).unwrap();
    let (other_certificate, _) = other.merchant_pem().unwrap();
    let good = config(&first);
    let changed = |name: &str, value: Value| {
        let mut changed = good.clone();
        changed["wechatpay"][name] = value;
        changed.to_string()
    };
    let cases = [
        ("merchant.json", "{".to_owned(), "cannot be used"),
        ("merchant.json", "{\"appid\": \"wx1\"}".to_owned(), "missing field `wechatpay`"),
        ("merchant.json", changed("private_key_fil", json!("x")), "unknown field"),
        ("merchant.json", changed("mchid", json!("1900000200")), "`mchid` is another one"),
        ("merchant.json", changed("private_key_file", json!("gone.pem")), "gone.pem"),
        ("apiclient_key.pem", "no key".to_owned(), "apiclient_key.pem"),
        ("apiclient_cert.pem", other_certificate, "apiclient_cert.pem"),
        ("apiv3_key", "short".to_owned(), "apiv3_key"),
        // The keys are well-formed. Only WeChat Pay knows that they are wrong.
        (
            "merchant.json",
            changed("wechatpay_public_key_id", json!("PUB_KEY_ID_0119000002000000000000")),
            "WeChat Pay does not accept the keys",
        ),
    ];
    for (index, (file, content, problem)) in cases.into_iter().enumerate() {
        harness.overwrite(&first, file, &content);
        assert_eq!(harness.reload().await.refused, ["1230000109"], "{file}: {content}");
        let (code, status, health) = harness.ready(&first).await.unwrap();
        assert_eq!((code.as_u16(), status.as_str()), (200, "degraded"));
        assert!(health["problem"].as_str().unwrap().contains(problem), "{health}");
        assert_eq!(health["status"], "ok");
        harness.assert_served(&first, &format!("order-{index}")).await;
        // The same broken configuration rests.
        assert_eq!(harness.reload().await, Reload::default());
        harness.write(&first, &good).unwrap();
        harness.assert_loads(&first).await;
        assert_eq!(harness.ready(&first).await.unwrap().1, "ready");
    }
}

#[tokio::test]
async fn a_broken_newcomer_harms_nobody() {
    let harness = Harness::quiet().await;
    let books = harness.account("1900000200", KeyMode::PublicKey).unwrap();
    harness.write(&books, &config(&books)).unwrap();
    harness.overwrite(&books, "apiclient_key.pem", "");
    assert_eq!(harness.reload().await.refused, ["1900000200"]);
    assert_eq!(harness.health(&books).await["status"], "missing");
    assert_eq!(harness.order(&books, "order-1").await.unwrap().status, 404);
    harness.assert_served(&harness.first(), "order-1").await;
    // A file that is no key at all is not even read.
    let large = fs::File::create(harness.path(&books, "large")).unwrap();
    large.set_len(2 << 20).unwrap();
    assert_eq!(harness.reload().await.refused, ["1900000200"]);
    assert!(harness.health(&books).await["problem"].as_str().unwrap().contains("larger"));
    fs::remove_file(harness.path(&books, "large")).unwrap();
    harness.write(&books, &config(&books)).unwrap();
    harness.assert_loads(&books).await;
    harness.assert_served(&books, "order-1").await;
}

#[tokio::test]
async fn a_folder_that_is_gone_or_empty_changes_nothing() {
    let harness = Harness::quiet().await;
    let first = harness.first();
    let folder = harness.service.settings.folder.clone();
    let elsewhere = folder.with_extension("elsewhere");
    fs::rename(&folder, &elsewhere).unwrap();
    assert!(harness.service.merchants.reload(true).await.is_err());
    harness.assert_served(&first, "order-1").await;
    fs::create_dir(&folder).unwrap();
    let empty = harness.service.merchants.reload(true).await.unwrap_err();
    assert!(empty.to_string().contains("has no merchant at all"), "{empty}");
    harness.assert_served(&first, "order-2").await;
    fs::remove_dir(&folder).unwrap();
    fs::rename(&elsewhere, &folder).unwrap();
    assert_eq!(harness.reload().await, Reload::default());
}

#[tokio::test]
async fn keys_that_cannot_be_tested_wait() {
    let harness = Harness::quiet().await;
    let first: Account = harness.first();
    let mut changed = config(&first);
    changed["appid"] = json!("wx0000000000000000");
    harness.write(&first, &changed).unwrap();
    // A client tries three times.
    for _ in 0..3 {
        harness.sandbox.inject_fault_at("POST", ECHO, Fault::CloseAfterReading).unwrap();
    }
    assert_eq!(harness.reload().await.refused, ["1230000109"]);
    harness.assert_served(&first, "order-1").await;
    let held = harness.service.merchants.get("1230000109").unwrap();
    assert_ne!(held.appid, "wx0000000000000000");
    let reload = harness.service.merchants.reload(true).await.unwrap();
    assert_eq!(reload.loaded, ["1230000109"]);
    assert_eq!(harness.service.merchants.get("1230000109").unwrap().appid, "wx0000000000000000");
}
