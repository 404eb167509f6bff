//! `wxpay sandbox` as a user runs it: its folder, its messages, its end.

#![cfg(all(unix, feature = "full"))]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub,
    reason = "a failed expectation is a failed test"
)]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use proptest::prelude::{ProptestConfig, proptest};
use serde_json::{Value, json};
use tempfile::TempDir;
use wxpay_api::protocol::Merchant;

use support::{Running, client, command, environment};

/// The files that must be the same at each start, with their content.
fn kept(folder: &Path) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    for file in names.filter(|file| file.is_file()) {
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        // What the sandbox remembers changes, and so may its ports.
        let others = ["env.json", "env.sh", "sandbox.redb"];
        if !name.starts_with('.') && !others.contains(&name.as_str()) {
            files.insert(name, fs::read_to_string(&file).unwrap());
        }
    }
    files
}

/// Compares the files of a folder with those of an earlier start.
fn assert_kept(folder: &Path, earlier: &BTreeMap<String, String>) {
    let now = kept(folder);
    assert!(now.keys().eq(earlier.keys()), "{:?} {:?}", now.keys(), earlier.keys());
    for (name, content) in earlier {
        assert_eq!(&now[name], content, "{name}");
    }
}

/// Runs the program until it fails, and returns its exit code and the error.
fn failure(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let output = command(folder, arguments).output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn each_start_has_the_same_keys_even_after_a_kill() {
    let parent = TempDir::new().unwrap();
    let folder = parent.path().join("sandbox");
    let mut running = Running::start(&folder, &[]);
    let first = kept(&folder);
    for name in ["apiclient_cert.pem", "apiclient_key.pem", "pub_key.pem", "sandbox.json"] {
        assert!(first.contains_key(name), "{name}");
    }
    assert!(!running.signal("-KILL").success());

    let mut running = Running::start(&folder, &[]);
    assert_kept(&folder, &first);
    assert!(running.signal("-TERM").success());
    drop(Running::start(&folder, &[]));
    assert_kept(&folder, &first);
}

#[test]
fn only_the_owner_can_read_the_folder() {
    let parent = TempDir::new().unwrap();
    let folder = parent.path().join("sandbox");
    let running = Running::start(&folder, &[]);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let mut folders = vec![folder];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        assert_eq!(mode(&folder), 0o700, "{}", folder.display());
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                // The certificate of the proxy's authority is public, but for the folder around it.
                let expected = if path.ends_with("ca.pem") { 0o644 } else { 0o600 };
                assert_eq!(mode(&path), expected, "{}", path.display());
                files += 1;
            }
        }
    }
    assert!(files >= 14, "{files}");
    drop(running);
}

#[tokio::test]
async fn the_files_make_a_client() {
    let parent = TempDir::new().unwrap();
    let folder = parent.path().join("sandbox");
    let running = Running::start(&folder, &["--mchid", "1900000109"]);
    let environment = environment(&folder);
    assert_eq!(environment["url"], running.line["url"]);
    assert_eq!(environment["apiv3_key"].as_str().unwrap().len(), 32);
    assert!(environment["openid"].as_str().unwrap().starts_with('o'));
    assert!(environment["service_id"].as_str().unwrap().len() >= 20);
    let check = client(&folder).self_test().await;
    assert!(check.is_ok(), "{check:?}");
    let serial = environment["serial_no"].as_str().unwrap();
    let merchant = Merchant::from_files(
        "1900000109",
        folder.join("apiclient_cert.pem"),
        folder.join("apiclient_key.pem"),
    );
    assert_eq!(merchant.unwrap().serial().to_string(), serial);
}

#[test]
fn snippets_have_the_values_of_the_folder() {
    let parent = TempDir::new().unwrap();
    let folder = parent.path().join("sandbox");
    for keys in ["public-key", "certificates"] {
        let _running = Running::start(&folder, &["--keys", keys]);
        let environment = environment(&folder);
        let mchid = environment["mchid"].as_str().unwrap();
        let snippets = fs::read_dir(folder.join("snippets")).unwrap();
        let snippets: Vec<_> = snippets.map(|entry| entry.unwrap().path()).collect();
        assert_eq!(snippets.len(), 7);
        for file in snippets {
            let text = fs::read_to_string(&file).unwrap();
            assert_eq!(placeholder(&text), None, "{}", file.display());
            // The Rust client reads the merchant from the variables of `env.sh`.
            let names_merchant = text.contains(mchid) || text.contains("Config::from_env");
            assert!(names_merchant, "{}", file.display());
            let has_public_key = text.contains("PUB_KEY_ID_") || text.contains("pub_key.pem");
            assert!(!has_public_key || keys == "public-key", "{}", file.display());
        }
    }
}

/// Finds a rest such as `@mchid@`.
fn placeholder(text: &str) -> Option<&str> {
    let mut parts = text.split('@');
    parts.next();
    parts.find(|part| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_' || byte == b'3')
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever an interrupted start left out is written again, with the same keys.
    #[test]
    fn a_half_written_folder_is_completed(missing in proptest::bits::u8::ANY) {
        let parent = TempDir::new().unwrap();
        let folder = parent.path().join("sandbox");
        drop(Running::start(&folder, &[]));
        let first = kept(&folder);
        // The authority of the proxy is not a copy of anything.
        let originals = ["sandbox.json", "ca.pem", "proxy-keys.json"];
        let copies = first.keys().filter(|name| !originals.contains(&name.as_str()));
        for (index, name) in copies.enumerate() {
            if missing & 1 << (index % 8) != 0 {
                fs::remove_file(folder.join(name)).unwrap();
            }
        }
        drop(Running::start(&folder, &[]));
        assert_kept(&folder, &first);
    }
}

#[test]
fn keys_are_never_replaced() {
    let parent = TempDir::new().unwrap();
    let folder = parent.path().join("sandbox");
    drop(Running::start(&folder, &[]));
    let first = kept(&folder);

    let key = folder.join("apiclient_key.pem");
    fs::write(&key, "another key").unwrap();
    let (code, error) = failure(&folder, &[]);
    assert_eq!(code, 1, "{error}");
    assert!(error.contains("apiclient_key.pem is not the one"), "{error}");
    assert_eq!(fs::read(&key).unwrap(), b"another key");
    fs::write(&key, &first["apiclient_key.pem"]).unwrap();

    let kept_file = folder.join("sandbox.json");
    for damaged in [first["sandbox.json"].get(..100).unwrap(), ""] {
        fs::write(&kept_file, damaged).unwrap();
        let (code, error) = failure(&folder, &[]);
        assert_eq!(code, 1, "{error}");
        assert!(error.contains("does not replace keys"), "{error}");
        assert_eq!(fs::read_to_string(&kept_file).unwrap(), damaged);
    }

    // Without it, the folder could be that of a real merchant.
    fs::remove_file(&kept_file).unwrap();
    let (code, error) = failure(&folder, &[]);
    assert_eq!(code, 1, "{error}");
    assert!(error.contains("not the folder of a sandbox"), "{error}");
    assert_eq!(fs::read_to_string(&key).unwrap(), first["apiclient_key.pem"]);
}

/// Makes and pays an order; returns what the sandbox generated.
async fn generated(running: &Running, folder: &Path) -> Value {
    let wx = client(folder);
    let order = wx.v3().pay().transactions().native().post(|r| {
        r.appid("wxd678efh567hg6787")
            .mchid(wx.id())
            .description("QQ公仔")
            .out_trade_no("order-1")
            .amount(|a| a.total(100))
            .notify_url("http://127.0.0.1:9/notify")
    });
    order.await.unwrap();
    running.control("POST", "/resources/order-1/events", Some(json!({ "event": "pay" }))).await;
    let order = wx.v3().pay().transactions().out_trade_no().out_trade_no("order-1");
    let order = order.get(|r| r.mchid(wx.id())).await.unwrap();
    json!(order.transaction_id)
}

#[tokio::test]
async fn a_seed_fixes_ids_and_numbers_but_no_key() {
    let parent = TempDir::new().unwrap();
    let folders = ["a", "b"].map(|name| parent.path().join(name));
    let mut numbers = Vec::new();
    for folder in &folders {
        let running = Running::start(folder, &["--seed", "7"]);
        numbers.push(generated(&running, folder).await);
    }
    assert!(numbers[0].is_string());
    assert_eq!(numbers[0], numbers[1]);
    let [a, b] = folders.each_ref().map(|folder| environment(folder));
    for name in ["mchid", "appid", "openid", "service_id", "sub_mchid"] {
        assert_eq!(a[name], b[name], "{name}");
    }
    for name in ["serial_no", "apiv3_key", "apiv2_key", "platform_certificate_files"] {
        assert_ne!(a[name], b[name], "{name}");
    }
    // The ids of a seed are part of users' tests.
    assert_eq!(a["mchid"], "1900007274");
    assert_eq!(a["appid"], "wx1dd1ac08f9cbbd2c");
    let (_, error) = failure(&folders[0], &["--seed", "8"]);
    assert!(error.contains("another seed"), "{error}");
    let (_, error) = failure(&folders[0], &["--mchid", "1900000109"]);
    assert!(error.contains("belongs to the merchant 1900007274"), "{error}");
}

#[tokio::test]
async fn changed_keys_and_added_accounts_survive_a_restart() {
    let parent = TempDir::new().unwrap();
    let folder = parent.path().join("sandbox");
    let mut running = Running::start(&folder, &[]);
    let mchid = environment(&folder)["mchid"].as_str().unwrap().to_owned();
    let keys = format!("/accounts/{mchid}/keys");
    let key = "0123456789abcdef0123456789ABCDEF";
    running.control("PUT", &format!("{keys}/apiv3"), Some(json!({ "key": key }))).await;
    let rotation = Some(json!({ "pause": "0s" }));
    let rotated = running.control("POST", &format!("{keys}/rotation"), rotation).await;
    let second = Some(json!({ "pause": "30d" }));
    running.control("POST", &format!("{keys}/rotation"), second).await;
    running.control("POST", "/accounts", Some(json!({ "id": "1900000999" }))).await;
    let shown = running.control("GET", &keys, None).await;
    let other = running.control("GET", "/accounts/1900000999/keys", None).await;
    // The changes are in the folder before the control surface responds.
    running.signal("-KILL");

    let running = Running::start(&folder, &[]);
    assert_eq!(running.control("GET", &keys, None).await, shown);
    assert_eq!(running.control("GET", "/accounts/1900000999/keys", None).await, other);
    assert_eq!(environment(&folder)["apiv3_key"], key);
    let serial = rotated["serial"].as_str().unwrap();
    assert!(folder.join(format!("wechatpay_{serial}.pem")).is_file());
    assert!(folder.join("accounts/1900000999/apiclient_key.pem").is_file());
    assert_eq!(environment(&folder)["account_folders"], json!(["accounts/1900000999"]));

    let withdrawn = format!("{keys}/certificates/{serial}");
    running.control("DELETE", &withdrawn, None).await;
    assert!(!folder.join(format!("wechatpay_{serial}.pem")).exists());
    running.control("PUT", &format!("{keys}/mode"), Some(json!({ "mode": "certificates" }))).await;
    assert!(!folder.join("pub_key.pem").exists());
    assert_eq!(environment(&folder)["wechatpay_public_key_id"], Value::Null);
}

#[test]
fn what_keeps_it_from_starting_is_said() {
    let parent = TempDir::new().unwrap();
    let folder = parent.path().join("sandbox");
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let arguments = ["sandbox", "--json", "--no-proxy", "--port", &port, "--dir"];
    let mut used = std::process::Command::new(env!("CARGO_BIN_EXE_wxpay"));
    let output = used.args(arguments).arg(&folder).output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{error}");
    assert!(error.contains("another program listens") && error.contains("`--port`"), "{error}");

    let file = parent.path().join("file");
    fs::write(&file, "").unwrap();
    let (code, error) = failure(&file.join("sandbox"), &[]);
    assert_eq!(code, 1);
    assert!(error.contains("cannot be made"), "{error}");

    let _running = Running::start(&folder, &[]);
    let (code, error) = failure(&folder, &[]);
    assert_eq!(code, 1);
    assert!(error.contains("a sandbox runs in the folder"), "{error}");
}

#[tokio::test]
async fn an_unknown_merchant_is_refused_and_warned_of_once() {
    let parent = TempDir::new().unwrap();
    let folder = parent.path().join("sandbox");
    let running = Running::start(&folder, &[]);
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let mchid = environment(&folder)["mchid"].as_str().unwrap().to_owned();
    for (id, times) in [("1230000109", 3), (mchid.as_str(), 2)] {
        for _ in 0..times {
            let authorization = format!(
                "WECHATPAY2-SHA256-RSA2048 mchid=\"{id}\",nonce_str=\"n\",signature=\"YQ==\",timestamp=\"1\",\
                 serial_no=\"5157F09EFDC096DE15EBE81A47057A7232F1B8E1\""
            );
            let url = format!("{}/v3/certificates", running.url());
            let request = http.get(url).header("authorization", authorization);
            assert_eq!(request.send().await.unwrap().status().as_u16(), 401);
        }
    }
    let warnings = running.stderr();
    assert_eq!(
        warnings.matches("warning: refused GET /v3/certificates with 401").count(),
        2,
        "{warnings}"
    );
    assert!(warnings.contains("merchant 1230000109 with the certificate 5157F0"), "{warnings}");
    assert!(warnings.contains(&format!("is not that of merchant {mchid}")), "{warnings}");
}

#[test]
fn signals_end_it_with_exit_code_zero() {
    let parent = TempDir::new().unwrap();
    let folder = parent.path().join("sandbox");
    for signal in ["-TERM", "-INT"] {
        let mut running = Running::start(&folder, &[]);
        assert_eq!(running.signal(signal).code(), Some(0), "{signal}");
        assert_eq!(running.stderr(), "", "{signal}");
    }
}

#[test]
fn on_other_than_loopback_it_warns_and_shows_a_token() {
    let parent = TempDir::new().unwrap();
    let folder = parent.path().join("sandbox");
    let running = Running::start(&folder, &[]);
    assert_eq!(running.line["control_token"], Value::Null);
    assert!(running.url().starts_with("http://127.0.0.1:"));
    drop(running);
    let running = Running::start(&folder, &["--bind", "0.0.0.0"]);
    let token = running.line["control_token"].as_str().unwrap();
    assert!(token.len() >= 32);
    assert_eq!(environment(&folder)["control_token"], token);
    assert!(running.stderr().contains("0.0.0.0 is not loopback"), "{}", running.stderr());
}

/// The announcement follows `--language`, else the environment, and says the same in both languages.
#[test]
fn it_speaks_the_language_of_the_environment() {
    for (arguments, locale, texts) in [
        (&[][..], "zh_CN.UTF-8", ["不涉及真实资金", "页面", "按 Ctrl-C 停止", "已停止"]),
        (&[][..], "C", ["no money moves", "Page", "Ctrl-C stops it", "stopped"]),
        (&["--language", "zh"][..], "C", ["沙箱", "代理", "商户", "目录"]),
    ] {
        let parent = TempDir::new().unwrap();
        let folder = parent.path().join("sandbox");
        let mut program = Command::new(env!("CARGO_BIN_EXE_wxpay"));
        program.args(["sandbox", "--port", "0", "--proxy", "0", "--dir"]).arg(&folder);
        program.args(arguments).env_clear().env("LANG", locale).stdout(Stdio::piped());
        let mut child = program.spawn().unwrap();
        let mut told = String::new();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        while !told.contains("Ctrl-C") && stdout.read_line(&mut told).unwrap() > 0 {}
        let id = child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        stdout.read_to_string(&mut told).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(0));
        for text in texts {
            assert!(told.contains(text), "{locale} {arguments:?} {text}: {told}");
        }
        let environment = environment(&folder);
        for name in ["url", "proxy", "mchid", "appid"] {
            assert!(told.contains(environment[name].as_str().unwrap()), "{name}: {told}");
        }
    }
}
