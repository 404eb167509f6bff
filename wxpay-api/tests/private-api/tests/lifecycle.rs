//! A lifecycle that only this crate describes is played like any other, and its mistakes stop the build.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop anywhere")]

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use wxpay_api::Error;
use wxpay_api::sandbox::{Sandbox, SandboxBuilder};

#[path = "../build.rs"]
#[allow(dead_code, reason = "its `main` is for Cargo")]
mod build;

const LIFECYCLE: &str = "greyscale/voucher";

/// A point for each yuan; half yuans are refused.
fn builder() -> SandboxBuilder {
    let amount = |values: &[Value]| values.first().and_then(Value::as_i64).unwrap_or_default();
    Sandbox::builder()
        .book(private_api::BOOK)
        .function("is_whole_yuan", move |values| json!(amount(values) % 100 == 0))
        .function("loyalty_points", move |values| json!(amount(values) / 100))
}

/// Starts a server that accepts one notification, and keeps it.
async fn server() -> (String, Arc<Mutex<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/notify", listener.local_addr().unwrap());
    let received = Arc::<Mutex<String>>::default();
    let kept = Arc::clone(&received);
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut content = vec![0; 65_536];
        let mut length = 0;
        while !content[..length].ends_with(b"}") {
            length += stream.read(&mut content[length..]).await.unwrap();
        }
        *kept.lock().unwrap() = String::from_utf8_lossy(&content[..length]).into_owned();
        stream.write_all(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n").await.unwrap();
    });
    (url, received)
}

fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
    result.unwrap_err().api().unwrap().code.clone()
}

#[tokio::test]
async fn it_creates_refuses_moves_and_notifies() {
    let sandbox = builder().start().await.unwrap();
    let wx = sandbox.client().unwrap();
    let (url, received) = server().await;
    let vouchers = private_api::v3(&wx).greyscale().vouchers();

    let missing = vouchers.voucher_id("4711").get(|r| r.mchid("1230000109")).await;
    assert_eq!(code(missing), "RESOURCE_NOT_EXISTS");

    let issue = |number: &'static str, amount: i64| {
        let url = url.clone();
        vouchers.post(move |r| {
            r.out_voucher_no(number).mchid("1230000109").amount(amount).notify_url(url)
        })
    };
    let issued = issue("A1", 700).await.unwrap();
    assert_eq!(issued.points, Some(7), "as the function says");
    assert_eq!(issue("A1", 700).await.unwrap().voucher_id, issued.voucher_id, "a repetition");
    assert_eq!(code(issue("A1", 800).await), "INVALID_REQUEST");
    assert_eq!(code(issue("A2", 750).await), "PARAM_ERROR");
    assert_eq!(sandbox.resources(LIFECYCLE).unwrap().len(), 1, "a refused request makes nothing");

    let voucher = sandbox.resource(LIFECYCLE, "A1").unwrap();
    assert_eq!(voucher.state().unwrap(), "UNUSED");
    voucher.event("use").unwrap();
    let queried = vouchers.voucher_id(&issued.voucher_id).get(|r| r.mchid("1230000109"));
    let queried = queried.await.unwrap();
    assert_eq!((queried.state.to_string(), queried.amount), ("USED".to_owned(), Some(700)));
    assert!(voucher.event("use").is_err(), "it is used only once");

    sandbox.notifications_settled().await;
    let sent = voucher.notifications();
    assert_eq!(sent.len(), 1);
    assert!(sent[0].is_acknowledged(), "{sent:?}");
    assert!(received.lock().unwrap().contains("GREYSCALE.USED"));
}

#[tokio::test]
async fn a_function_that_nobody_gives_is_reported_at_the_start() {
    let sandbox = Sandbox::builder().book(private_api::BOOK).start().await;
    let error = sandbox.err().unwrap().to_string();
    assert!(error.contains("is_whole_yuan") || error.contains("loyalty_points"), "{error}");
}

#[test]
fn a_mistake_stops_the_build_with_its_place() {
    let folder = std::env::temp_dir().join(format!("private-lifecycle-{}", std::process::id()));
    let place = "lifecycles/greyscale/voucher.yaml";
    for part in
        ["endpoints/v3/greyscale/vouchers", "notifications/greyscale", "lifecycles/greyscale"]
    {
        std::fs::create_dir_all(folder.join(part)).unwrap();
    }
    let copied = [
        "endpoints/v3/greyscale/vouchers.yaml",
        "endpoints/v3/greyscale/vouchers/{voucher_id}.yaml",
        "notifications/greyscale/voucher.yaml",
        place,
    ];
    for file in copied {
        std::fs::copy(format!("descriptors/{file}"), folder.join(file)).unwrap();
    }
    assert!(build::generate(&folder, &folder).is_ok());
    let text = std::fs::read_to_string(folder.join(place)).unwrap();
    let wrong = text.replace("from: { UNUSED: USED }", "from: { UNUSED: USD }");
    std::fs::write(folder.join(place), wrong).unwrap();
    let error = build::generate(&folder, &folder).unwrap_err().to_string();
    std::fs::remove_dir_all(&folder).unwrap();
    let expected = format!("{place}:32:21: events.use.from.UNUSED: the state `USD` does not exist");
    assert!(error.contains(&expected), "{error}");
    assert!(error.contains("did you mean `USED`?"), "{error}");
}
