//! The example shop, a process of its own, against the program: a customer and a clerk in a browser.
//!
//! Another package has the shop. Without its program the tests are skipped, but not where `CI=true`.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::browser::{Browser, DESKTOP, Look};
use crate::program::{Program, http};

/// How long the shop may take until it shows something. A test that passes never waits so long.
const PATIENCE: Duration = Duration::from_secs(60);

/// How the program is built with the features that all tests have, so that nothing else is built again.
const BUILD: &str = "cargo build --workspace --all-features --example shop";

/// The folder of the shop's source.
const SOURCE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/shop");

/// The shop, with the variables of a sandbox. Dropping it kills it.
struct ExampleShop {
    child: Child,
    url: String,
}

impl Drop for ExampleShop {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl ExampleShop {
    /// Starts the shop as `docs/sandbox.md` says, at an address, with a database.
    fn start(shop: &Path, program: &Program, address: &str, database: &Path) -> Self {
        let mut command = Command::new("sh");
        command.args(["-c", ". \"$1\" && exec \"$2\" serve", "sh"]);
        command.arg(program.folder().join("env.sh")).arg(shop);
        command.env("SHOP_ADDRESS", address).env("SHOP_DATABASE", database).env_remove("SHOP_URL");
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = lines.next().unwrap().unwrap();
        let url = line.strip_prefix("The shop is at ").and_then(|rest| rest.split(',').next());
        let url = url.unwrap_or_else(|| panic!("{line}")).to_owned();
        assert!(lines.next().unwrap().unwrap().contains(&program.url), "it names the sandbox");
        // Nothing that it prints later may hold it up.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, url }
    }

    fn office(&self) -> String {
        format!("{}/office", self.url)
    }

    /// Returns the newest lines of the database.
    async fn books(&self) -> Value {
        let response = http().get(format!("{}/books", self.office())).send().await.unwrap();
        serde_json::from_slice(&response.bytes().await.unwrap()).unwrap()
    }

    /// Waits until something is in the database, and returns it.
    async fn finds(&self, what: &str, found: impl Fn(&Value) -> Option<Value>) -> Value {
        let start = Instant::now();
        loop {
            let books = self.books().await;
            if let Some(found) = found(&books) {
                return found;
            }
            assert!(start.elapsed() < PATIENCE, "{what} is not in {books:#}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Returns the newest order.
    async fn order(&self) -> Value {
        self.books().await["orders"][0].clone()
    }
}

/// Returns the shop's program, which lies beside those of the tests. `None` if it was not built.
fn built() -> Option<PathBuf> {
    let tests = std::env::current_exe().unwrap();
    let shop = tests.parent().and_then(Path::parent).unwrap().join("examples/shop");
    let Some(time) = changed(&shop) else {
        assert!(std::env::var("CI").is_err(), "the shop is not built: {BUILD}");
        // The harness captures what `eprintln` writes.
        let _ = writeln!(std::io::stderr(), "skipped: the shop is not built ({BUILD})");
        return None;
    };
    let newest = sources(Path::new(SOURCE)).into_iter().filter_map(|file| changed(&file)).max();
    assert!(newest.unwrap() <= time, "the shop's program is older than its source: {BUILD}");
    Some(shop)
}

fn changed(file: &Path) -> Option<SystemTime> {
    fs::metadata(file).ok()?.modified().ok()
}

/// Returns the files of a folder but for the shop's own tests, which are not in its program.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let entries = entries.filter(|path| !path.ends_with("tests"));
    entries.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] }).collect()
}

/// Returns the requests of an operation that the sandbox has executed.
async fn requests(program: &Program, method: &str, target: &str) -> usize {
    let journal = program.control("GET", "/requests?limit=1000", Value::Null).await;
    let requests = journal["requests"].as_array().unwrap().iter();
    requests
        .filter(|it| it["method"] == method && it["target"].as_str().unwrap().starts_with(target))
        .count()
}

/// Returns the notifications of a resource.
async fn notifications(program: &Program, number: &str) -> Vec<Value> {
    let path = format!("/notifications?resource={number}");
    let found = program.control("GET", &path, Value::Null).await;
    found["notifications"].as_array().unwrap().clone()
}

/// Waits until the shop has acknowledged the only notification of a resource.
async fn is_acknowledged(program: &Program, number: &str) {
    let start = Instant::now();
    loop {
        let sent = notifications(program, number).await;
        if sent.len() == 1 && sent[0]["acknowledged"] == true {
            return;
        }
        assert!(start.elapsed() < PATIENCE, "{sent:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Buys an item up to the frame in which the customer pays, and returns the number of the order.
async fn buy(browser: &Browser, shop: &ExampleShop, item: &str) -> String {
    browser.open(&shop.url).await;
    browser.click(&format!("[data-item={item}] button")).await;
    browser.found("iframe").await;
    shop.order().await["out_trade_no"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_order_is_paid_refunded_and_reconciled_with_the_bill() {
    let Some(executable) = built() else { return };
    let Some(browser) = Browser::start(DESKTOP).await else { return };
    let program = Program::start();
    let folder = TempDir::new().unwrap();
    let database = folder.path().join("shop.sqlite");
    let shop = ExampleShop::start(&executable, &program, "127.0.0.1:0", &database);

    // The customer pays in the frame. The shop's page shows it, and the shop acknowledges the notification.
    let tea = buy(&browser, &shop, "tea").await;
    assert_eq!(shop.order().await["state"], "unpaid");
    browser.click_in_frame("#order [data-do=pay]").await;
    browser.found("#state [data-state=paid]").await;
    assert_eq!(program.state(&tea).await, "SUCCESS");
    is_acknowledged(&program, &tea).await;

    // The clerk refunds all of it, and the sandbox's page lets the money arrive.
    browser.open(&shop.office()).await;
    browser.click(&format!("[data-order='{tea}'] button")).await;
    browser.found(&format!("[data-order='{tea}'] li [data-state=processing]")).await;
    let refund = format!("return-{tea}");
    assert_eq!(program.state(&refund).await, "PROCESSING");
    browser.open(&program.page(&program.path_of(&refund).await)).await;
    browser.click("[data-event=succeed]").await;
    browser.found("[data-state=SUCCESS]").await;
    browser.open(&shop.office()).await;
    browser.found(&format!("[data-order='{tea}'] li [data-state=succeeded]")).await;
    is_acknowledged(&program, &refund).await;

    // The shop is killed, and a day goes by. After its next start it makes up for the day.
    let address = shop.url.strip_prefix("http://").unwrap().to_owned();
    drop(shop);
    browser.open(&program.page("/clock")).await;
    browser.fill("[name=by][placeholder]", "34h").await;
    browser.enter().await;
    browser.found("[role=status]").await;
    let shop = ExampleShop::start(&executable, &program, &address, &database);
    browser.open(&shop.office()).await;
    browser.found("[data-day] .good").await;
    let rows = shop.finds("both rows of the bill", |books| {
        let reports = books["reconciliations"].as_array().unwrap();
        let rows = reports.iter().filter_map(|it| it["rows"].as_u64()).sum::<u64>();
        (rows == 2).then(|| json!(reports))
    });
    for report in rows.await.as_array().unwrap() {
        assert_eq!((&report["failure"], &report["differences"]), (&Value::Null, &json!([])));
    }
    assert_eq!(browser.count("[data-day] .bad").await, 0);
    assert_eq!(shop.books().await["incidents"], json!([]));
    let order = shop.order().await;
    assert_eq!((&order["state"], &order["shipped"]), (&json!("paid"), &json!(true)));
    browser.close().await;
}

#[tokio::test]
async fn an_order_is_cancelled_and_paid_while_no_notification_arrives() {
    let Some(executable) = built() else { return };
    let look = Look { width: 390, language: "zh-CN", ..DESKTOP };
    let Some(browser) = Browser::start(look).await else { return };
    let program = Program::start();
    let folder = TempDir::new().unwrap();
    let database = folder.path().join("shop.sqlite");
    let shop = ExampleShop::start(&executable, &program, "127.0.0.1:0", &database);

    let cup = buy(&browser, &shop, "cup").await;
    browser.click_in_frame("#order [data-do=cancel]").await;
    browser.found("#state [data-state=unpaid]").await;
    browser.shows("待支付").await;
    assert_eq!((browser.overflow().await, program.state(&cup).await), (0, "NOTPAY".to_owned()));
    assert_eq!(notifications(&program, &cup).await, Vec::<Value>::new());

    // The same order again. Its notification is on its way for an hour, and the shop's query finds the payment.
    let fault = json!({ "fault": "delay", "pause": "1h" });
    program.control("POST", "/notifications/faults", fault).await;
    let query = format!("/v3/pay/transactions/out-trade-no/{cup}");
    let before = requests(&program, "GET", &query).await;
    browser.click("#state button").await;
    browser.click_in_frame("#order [data-do=pay]").await;
    browser.found("#state [data-state=paid]").await;
    assert!(requests(&program, "GET", &query).await > before, "the shop asked");
    let sent = notifications(&program, &cup).await;
    assert_eq!((sent.len(), &sent[0]["acknowledged"]), (1, &json!(false)), "{sent:?}");
    assert_eq!(shop.books().await["orders"].as_array().unwrap().len(), 1, "one order, paid once");

    // A copy of it changes nothing.
    let copies = format!("/notifications/{}/copies", sent[0]["id"].as_str().unwrap());
    let copy = program.control("POST", &copies, json!({})).await;
    assert_eq!(copy["status"], 204, "{copy}");
    let order = shop.order().await;
    assert_eq!((&order["state"], &order["shipped"]), (&json!("paid"), &json!(true)));

    // An order is paid elsewhere while the customer looks at another page: the notification alone tells the shop.
    let tea = buy(&browser, &shop, "tea").await;
    let query = format!("/v3/pay/transactions/out-trade-no/{tea}");
    browser.open(&program.page(&program.path_of(&tea).await)).await;
    browser.click("[data-event=pay]").await;
    browser.found("[data-state=SUCCESS]").await;
    browser.open(&shop.office()).await;
    browser.found(&format!("[data-order='{tea}'] [data-state=paid]")).await;
    assert_eq!(requests(&program, "GET", &query).await, 0, "the shop did not ask");
    browser.shows("已支付").await;
    assert_eq!(browser.overflow().await, 0);
    assert_eq!(shop.books().await["incidents"], json!([]));
    browser.close().await;
}
