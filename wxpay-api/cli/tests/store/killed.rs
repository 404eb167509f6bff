//! A sandbox that is killed in the middle of a stream of requests.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use tempfile::tempdir;
use tokio::runtime::Runtime;
use wxpay_api::Client;
use wxpay_api::sandbox::Sandbox;

use super::start;

/// Makes the test the process that is killed; the value is the folder.
const FOLDER: &str = "WXPAY_TEST_STORE_FOLDER";
/// The states of an order, in the order in which they come.
const STATES: [&str; 3] = ["NOTPAY", "SUCCESS", "REFUND"];
/// How many clients call at once.
const CLIENTS: usize = 8;

#[test]
fn every_order_that_a_client_was_told_of_survives() {
    if let Some(folder) = env::var_os(FOLDER) {
        return Runtime::new().unwrap().block_on(trade(Path::new(&folder)));
    }
    let folder = tempdir().unwrap();
    let mut told = BTreeMap::new();
    for round in 0..3 {
        told.extend(killed_after(folder.path(), 60 + 31 * round));
        Runtime::new().unwrap().block_on(check(folder.path(), &told));
    }
}

/// Lets another process trade, kills it after so many responses, and returns what its clients were told last.
fn killed_after(folder: &Path, responses: usize) -> BTreeMap<String, String> {
    let name = "killed::every_order_that_a_client_was_told_of_survives";
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture"])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    let (mut told, mut count, mut line) = (BTreeMap::new(), 0, String::new());
    while lines.read_line(&mut line).unwrap() > 0 {
        // The last line may be cut.
        if let Some(rest) =
            line.trim_start().strip_prefix("told ").and_then(|it| it.strip_suffix('\n'))
        {
            let (number, state) = rest.split_once(' ').unwrap();
            told.insert(number.to_owned(), state.to_owned());
            count += 1;
            if count == responses {
                // SIGKILL. What the clients were told before is still in the pipe.
                child.kill().unwrap();
            }
        }
        line.clear();
    }
    assert!(!child.wait().unwrap().success() && count >= responses, "{count} responses");
    told
}

/// Orders, pays and refunds until the process is killed, and writes each response down.
async fn trade(folder: &Path) {
    let sandbox = start(folder).await;
    let clients = (0..CLIENTS).map(|client| {
        let prefix = format!("{}-{client}", std::process::id());
        one_client(&sandbox, prefix)
    });
    futures(clients).await;
}

async fn one_client(sandbox: &Sandbox, prefix: String) {
    let wx = sandbox.client().unwrap();
    for index in 0.. {
        let number = format!("{prefix}-{index}");
        order(&wx, &number).await;
        tell(&number, "NOTPAY");
        sandbox.order(&number).unwrap().pay().unwrap();
        tell(&number, "SUCCESS");
        let refund = json!({ "out_trade_no": number, "out_refund_no": format!("R{number}"),
            "amount": { "refund": 1, "total": 100, "currency": "CNY" } });
        wx.post("/v3/refund/domestic/refunds", refund).await.unwrap();
        tell(&number, "REFUND");
    }
}

/// Waits for all of them.
async fn futures(all: impl Iterator<Item = impl Future<Output = ()>>) {
    let mut all: Vec<_> = all.map(Box::pin).collect();
    std::future::poll_fn(|context| {
        all.retain_mut(|one| one.as_mut().poll(context).is_pending());
        if all.is_empty() { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
}

async fn order(wx: &Client, number: &str) -> Value {
    let body = json!({
        "appid": "wxd678efh567hg6787", "mchid": wx.id(), "description": "咖啡",
        "out_trade_no": number, "notify_url": "http://127.0.0.1:9/", "amount": { "total": 100 },
    });
    wx.post("/v3/pay/transactions/native", body).await.unwrap()
}

fn tell(number: &str, state: &str) {
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "told {number} {state}").unwrap();
    stdout.flush().unwrap();
}

/// Every order has at least the state that its client was told, and nothing is there twice.
async fn check(folder: &Path, told: &BTreeMap<String, String>) {
    let sandbox = start(folder).await;
    let rank = |state: &str| STATES.iter().position(|known| *known == state).unwrap();
    for (number, state) in told {
        let held = sandbox.resource("pay/transaction", number).unwrap().state().unwrap();
        assert!(rank(&held) >= rank(state), "{number} is {held}, and was {state}");
        if state == "REFUND" {
            sandbox.resource("refund/refund", &format!("R{number}")).unwrap();
        }
    }
    let (mut numbers, mut ids) = (BTreeSet::new(), BTreeSet::new());
    for payment in sandbox.resources("pay/transaction").unwrap() {
        let object = payment.object().unwrap();
        assert!(numbers.insert(object["out_trade_no"].clone().to_string()), "{object}");
        if let Some(id) = object.get("transaction_id") {
            assert!(ids.insert(id.to_string()), "{object}");
        }
    }
    // The business goes on, with numbers that nobody had.
    let wx = sandbox.client().unwrap();
    let number = format!("after-{}", told.len());
    order(&wx, &number).await;
    let payment = sandbox.order(&number).unwrap();
    payment.pay().unwrap();
    assert!(ids.insert(payment.object().unwrap()["transaction_id"].to_string()));
}
