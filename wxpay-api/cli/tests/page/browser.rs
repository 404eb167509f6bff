//! Headless Chromium, driven by chromedriver.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::key::Key;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::{Mutex, MutexGuard};

/// How long a page may take to show something. A test that passes never waits so long.
const PATIENCE: Duration = Duration::from_secs(30);

/// One browser at a time: each has several processes.
static TURN: Mutex<()> = Mutex::const_new(());

/// A browser with a profile of its own.
pub(crate) struct Browser {
    pub(crate) client: Client,
    _driver: Driver,
    _profile: TempDir,
    _turn: MutexGuard<'static, ()>,
}

/// What a browser is started with.
#[derive(Clone, Copy)]
pub(crate) struct Look {
    pub(crate) width: u32,
    pub(crate) language: &'static str,
    pub(crate) runs_scripts: bool,
}

pub(crate) const DESKTOP: Look = Look { width: 1280, language: "en", runs_scripts: true };

struct Driver {
    child: Child,
    url: String,
}

impl Drop for Driver {
    fn drop(&mut self) {
        // The browsers that it started are in its group.
        let group = format!("-{}", self.child.id());
        let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
        let _ = self.child.wait();
    }
}

impl Driver {
    /// Starts chromedriver on a free port; `None` if it is not installed.
    fn start() -> Option<Self> {
        let mut command = Command::new("chromedriver");
        command.arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null());
        command.process_group(0);
        let mut child = command.spawn().ok()?;
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        for line in lines.map_while(Result::ok) {
            if let Some((_, port)) = line.split_once("started successfully on port ") {
                let url = format!("http://127.0.0.1:{}", port.trim_end_matches('.'));
                return Some(Self { child, url });
            }
        }
        let _ = child.kill();
        panic!("chromedriver ended before it listened");
    }
}

impl Browser {
    /// Starts a browser; `None` if there is none, which the caller then skips.
    pub(crate) async fn start(look: Look) -> Option<Self> {
        let turn = TURN.lock().await;
        let Some(driver) = Driver::start() else {
            assert!(std::env::var("CI").is_err(), "chromedriver is not installed");
            let name = std::thread::current().name().unwrap_or_default().to_owned();
            // The harness captures what `eprintln` writes.
            let _ = writeln!(std::io::stderr(), "skipped {name}: chromedriver is not installed");
            return None;
        };
        let profile = tempfile::tempdir().unwrap();
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(capabilities(look, &profile));
        let client = builder.connect(&driver.url).await.unwrap();
        Some(Self { client, _driver: driver, _profile: profile, _turn: turn })
    }

    pub(crate) async fn open(&self, url: &str) {
        self.client.goto(url).await.unwrap();
    }

    /// Ends the browser. A test that fails leaves it to chromedriver.
    pub(crate) async fn close(self) {
        self.client.clone().close().await.unwrap();
    }

    /// Runs a script, and returns its value.
    pub(crate) async fn script(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.unwrap()
    }

    /// Runs a script that calls its last argument when it is done.
    pub(crate) async fn wait_for_script(&self, script: &str) -> Value {
        self.client.execute_async(script, Vec::new()).await.unwrap()
    }

    /// Clicks the first element that a selector finds. A page that is live may replace it in between.
    pub(crate) async fn click(&self, selector: &str) {
        let start = Instant::now();
        while let Err(error) = self.found(selector).await.click().await {
            let is_replaced = error.is_stale_element_reference();
            assert!(is_replaced && start.elapsed() < PATIENCE, "{selector}: {error}");
        }
    }

    /// Clicks an element of the only frame, once it is visible.
    pub(crate) async fn click_in_frame(&self, selector: &str) {
        self.found("iframe").await;
        self.client.enter_frame(0).await.unwrap();
        let condition =
            format!("(it => it && it.checkVisibility())(document.querySelector('{selector}'))");
        self.holds(&condition).await;
        self.click(selector).await;
        self.client.enter_parent_frame().await.unwrap();
    }

    /// Fills a field.
    pub(crate) async fn fill(&self, selector: &str, text: &str) {
        let field = self.found(selector).await;
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// Chooses an option by its value.
    pub(crate) async fn choose(&self, selector: &str, value: &str) {
        self.found(selector).await.select_by_value(value).await.unwrap();
    }

    /// Presses keys wherever the focus is.
    pub(crate) async fn press(&self, keys: &str) {
        self.client.active_element().await.unwrap().send_keys(keys).await.unwrap();
    }

    pub(crate) async fn enter(&self) {
        self.press(&char::from(Key::Enter).to_string()).await;
    }

    /// Waits for an element.
    pub(crate) async fn found(&self, selector: &str) -> fantoccini::elements::Element {
        let wait = self.client.wait().at_most(PATIENCE);
        let found = wait.for_element(Locator::Css(selector)).await;
        match found {
            Ok(element) => element,
            Err(error) => panic!("{selector}: {error}\n{}", self.text().await),
        }
    }

    pub(crate) async fn count(&self, selector: &str) -> usize {
        self.client.find_all(Locator::Css(selector)).await.unwrap().len()
    }

    /// Returns the text that the page shows.
    pub(crate) async fn text(&self) -> String {
        let text = self.script("return document.body ? document.body.innerText : ''").await;
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until the page shows a text.
    pub(crate) async fn shows(&self, text: &str) {
        let start = Instant::now();
        loop {
            let shown = self.text().await;
            if shown.contains(text) {
                return;
            }
            assert!(start.elapsed() < PATIENCE, "`{text}` is not in:\n{shown}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits until a script returns `true`.
    pub(crate) async fn holds(&self, condition: &str) {
        let start = Instant::now();
        while self.script(&format!("return Boolean({condition})")).await != json!(true) {
            assert!(start.elapsed() < PATIENCE, "{condition}\n{}", self.text().await);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Returns by how many pixels the page is wider than the window.
    pub(crate) async fn overflow(&self) -> i64 {
        let script =
            "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
        self.script(script).await.as_i64().unwrap()
    }
}

fn capabilities(look: Look, profile: &TempDir) -> serde_json::Map<String, Value> {
    let data = format!("--user-data-dir={}", profile.path().display());
    let language = format!("--accept-lang={}", look.language);
    let size = format!("--window-size={},900", look.width.max(600));
    let arguments = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
        // A name that an attacker lets resolve to this machine.
        "--host-resolver-rules=MAP rebound.test 127.0.0.1",
        &data,
        &language,
        &size,
    ];
    let scripts = if look.runs_scripts { 1 } else { 2 };
    let mut options = json!({
        "args": arguments,
        "prefs": {
            "intl.accept_languages": look.language,
            "profile.managed_default_content_settings.javascript": scripts,
        },
    });
    if look.width < 600 {
        let metrics = json!({ "width": look.width, "height": 740, "pixelRatio": 1.0 });
        options["mobileEmulation"] = json!({ "deviceMetrics": metrics });
    }
    let all = json!({ "goog:chromeOptions": options, "unhandledPromptBehavior": "ignore" });
    all.as_object().unwrap().clone()
}
