//! `notification replay`: to a server on this machine.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde_json::Value;
use tokio::net::TcpListener;
use wxpay_api::Client;
use wxpay_api::sandbox::{SandboxNotification, SignatureFault};

use crate::notifications::{captured, payment};
use crate::support::Shop;

/// What came: the body, and the plain text if it was genuine.
type Came = (Bytes, Option<Value>);

#[derive(Clone)]
struct Server {
    wx: Client,
    came: Arc<Mutex<Vec<Came>>>,
}

impl Server {
    async fn open(shop: &Shop) -> (Self, String) {
        let server = Self { wx: shop.client(), came: Arc::default() };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/notify", listener.local_addr().unwrap());
        let routes = Router::new().fallback(notified).with_state(server.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        (server, url)
    }

    fn came(&self) -> Vec<Came> {
        self.came.lock().unwrap().clone()
    }
}

async fn notified(State(server): State<Server>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let notification = server.wx.notification(&headers, &body).await;
    let plain =
        notification.as_ref().ok().map(|it| serde_json::from_slice(it.plaintext()).unwrap());
    server.came.lock().unwrap().push((body, plain));
    match notification {
        Ok(_) => StatusCode::NO_CONTENT,
        Err(_) => StatusCode::UNAUTHORIZED,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stored_one_is_posted_unchanged() {
    let shop = Shop::open().await;
    let (server, url) = Server::open(&shop).await;
    shop.write("captured.http", captured(&shop, payment()));
    let ran = shop.run(&["notification", "replay", "captured.http", "--to", &url]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stdout.contains("responded 204"), "{}", ran.stdout);
    let came = server.came();
    assert_eq!(came.len(), 1);
    assert_eq!(came[0].1.as_ref().unwrap()["out_trade_no"], "order-1");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_one_is_refused_and_explained() {
    let shop = Shop::open().await;
    let (server, url) = Server::open(&shop).await;
    let old = captured(&shop, payment().fault(SignatureFault::Clock(-7200)));
    shop.write("old.http", old);
    let ran = shop.run(&["notification", "replay", "old.http", "--to", &url]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("is 2 hours old"), "{}", ran.stderr);
    assert!(ran.stderr.contains("as it should"), "{}", ran.stderr);
    assert_eq!(server.came()[0].1, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sandbox_signs_a_new_one() {
    let shop = Shop::open().await;
    let (server, url) = Server::open(&shop).await;
    let paid = ["notification", "replay", "--to", &url, "--event", "TRANSACTION.SUCCESS"];
    let values = ["--set", "out_trade_no=order-7", "--set", "amount.total:=5"];
    let sent = shop.json(&[paid.as_slice(), values.as_slice()].concat());
    assert_eq!(sent["acknowledged"], true);
    let came = server.came();
    let resource = came[0].1.as_ref().unwrap();
    assert_eq!(
        (&resource["out_trade_no"], &resource["amount"]["total"]),
        (&"order-7".into(), &5.into())
    );

    let fault = shop.run(&[paid.as_slice(), &["--fault", "signature-probe"]].concat());
    assert_eq!(fault.code, 1, "{fault:?}");
    assert_eq!(server.came()[1].1, None);

    let wrong = shop.run(&[paid.as_slice(), &["--set", "amount.total=5"]].concat());
    assert_eq!(wrong.code, 1);
    assert!(wrong.stderr.contains("amount.total"), "{}", wrong.stderr);
    let partner = ["--resource", "pay/partner_transaction", "--set", "sp_mchid=1230000109"];
    assert_eq!(shop.run(&[paid.as_slice(), &partner].concat()).code, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_event_lists_similar_ones() {
    let shop = Shop::open().await;
    let event = ["notification", "replay", "--to", "http://127.0.0.1:1", "--event", "REFUND.DONE"];
    let ran = shop.run(&event);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("REFUND.SUCCESS"), "{}", ran.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_servers_nearby_are_called() {
    let shop = Shop::open().await;
    shop.write("captured.http", captured(&shop, payment()));
    // The first two are for documentation, and the third is where clouds keep secrets.
    for host in ["203.0.113.7", "[2001:db8::7]", "169.254.169.254", "8.8.8.8", "0.0.0.0"] {
        let url = format!("http://{host}/notify");
        for what in [&["captured.http"][..], &["--event", "TRANSACTION.SUCCESS"][..]] {
            let ran = shop.run(&[&["notification", "replay", "--to", &url], what].concat());
            assert_eq!(ran.code, 7, "{url} {what:?}: {ran:?}");
            assert!(ran.stderr.contains("nothing was sent"), "{}", ran.stderr);
        }
    }
    let ran = shop.run(&["notification", "replay", "captured.http", "--to", "ftp://localhost/"]);
    assert_eq!(ran.code, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_down_is_no_riddle() {
    let shop = Shop::open().await;
    shop.write("captured.http", captured(&shop, payment()));
    let url = shop.sandbox.dead_url();
    let ran = shop.run(&["notification", "replay", "captured.http", "--to", url]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("did not respond"), "{}", ran.stderr);
}

/// Every event of the descriptors has an example, which the sandbox signs.
#[tokio::test(flavor = "multi_thread")]
async fn every_event_of_the_descriptors_can_be_made() {
    let shop = Shop::open().await;
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../wxpay-spec/notifications");
    let mut made = 0;
    for folder in std::fs::read_dir(root).unwrap() {
        let folder = folder.unwrap().path();
        for file in std::fs::read_dir(&folder).unwrap() {
            let file = file.unwrap().path();
            let text = std::fs::read_to_string(&file).unwrap();
            let descriptor: serde_yaml::Value = serde_yaml::from_str(&text).unwrap();
            let name =
                |path: &std::path::Path| path.file_stem().unwrap().to_str().unwrap().to_owned();
            let name = format!("{}/{}", name(&folder), name(&file));
            for event in descriptor["events"].as_sequence().unwrap() {
                let event = event.as_str().unwrap();
                let notification = SandboxNotification::example(&name).event_type(event);
                assert!(shop.sandbox.notification(notification).is_ok(), "{event} {name}");
                made += 1;
            }
        }
    }
    assert!(made > 100, "{made}");
}

/// Ten resources carry `TRANSACTION.SUCCESS`. Without `--resource`, that of a merchant without a partner is meant.
#[tokio::test(flavor = "multi_thread")]
async fn an_event_is_that_of_the_usual_resource() {
    let shop = Shop::open().await;
    let (server, url) = Server::open(&shop).await;
    for (event, member) in [
        ("transaction.success", "payer/openid"),
        ("REFUND.CLOSED", "mchid"),
        ("PAYSCORE.USER_PAID", "mchid"),
        // One resource alone carries it.
        ("MCHTRANSFER.BILL.FINISHED", "transfer_bill_no"),
    ] {
        let ran = shop.run(&["notification", "replay", "--to", &url, "--event", event]);
        assert_eq!(ran.code, 0, "{event}: {ran:?}");
        let (_, plain) = server.came().pop().unwrap();
        let plain = plain.unwrap();
        assert!(plain.pointer(&format!("/{member}")).is_some(), "{event}: {plain}");
        assert!(plain.get("sp_mchid").is_none(), "{event}: {plain}");
    }
    let partner = ["--event", "TRANSACTION.SUCCESS", "--resource", "pay/partner_transaction"];
    let ran = shop.run(&[&["notification", "replay", "--to", &url], &partner[..]].concat());
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(server.came().pop().unwrap().1.unwrap().get("sp_mchid").is_some());

    let ran = shop.run(&["notification", "replay", "--to", &url, "--event", "TRANSACTION.SUCESS"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("similar ones: TRANSACTION.SUCCESS, TRANSACTION.FAIL"), "{ran:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn copies_of_a_notification_are_listed() {
    let shop = Shop::open().await;
    let (_, url) = Server::open(&shop).await;
    shop.order("order-1", &url).await;
    let order = shop.sandbox.order("order-1").unwrap();
    order.pay().unwrap();
    shop.sandbox.notifications_settled().await;
    order.notify_again().await.unwrap();
    let listed = shop.run(&["state", "notifications"]).stdout;
    let expected =
        format!("TRANSACTION.SUCCESS of order-1  acknowledged  1 attempt, {url}\n  copy: 204\n");
    assert_eq!(listed, expected);
}
