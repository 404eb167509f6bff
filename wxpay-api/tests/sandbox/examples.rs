//! Every operation that is compiled in, called with the examples of its descriptor.

use std::io::Read;
use std::path::Path;

use flate2::read::GzDecoder;
use serde_json::{Map, Value, json};
use wxpay_api::protocol::digest::{sha256_hex, sm3_hex};
use wxpay_api::sandbox::{Account, Sandbox, SandboxNotification};

use crate::support::{Forgery, Got, assert_signed, encrypted, percent_encode};

const FILE: &[u8] = b"file";
const BOUNDARY: &str = "boundary-1";
const REPORTS: &str = "transfer_scene_report_infos";
const OWN_NUMBER: [&str; 3] = ["mchid", "sp_mchid", "combine_mchid"];

/// The books beside the generated code, including those of features that are off.
fn books() -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../src/generated/sandbox");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let read = |path| {
        let mut text = String::new();
        let file = std::fs::File::open(path).unwrap();
        GzDecoder::new(file).read_to_string(&mut text).unwrap();
        serde_json::from_str(&text).unwrap()
    };
    files.map(read).collect()
}

/// The reports of every transfer scene that wants some.
fn reports() -> Value {
    let report = |kind| json!({ "info_type": kind, "info_content": "text" });
    ["活动名称", "奖励说明", "岗位类型", "报酬说明"].map(report).into()
}

/// A text of a format.
fn text_of(format: Option<&str>) -> &'static str {
    match format {
        Some("date-time") => "2025-01-01T12:00:00+08:00",
        Some("date") => "2025-01-01",
        Some("compact-time") => "20250101120000",
        Some("month-year") => "09/25",
        Some("numeric") => "1",
        _ => "text",
    }
}

/// Makes the values of requests.
struct Maker<'a> {
    account: &'a Account,
    types: &'a Value,
}

impl Maker<'_> {
    fn object(&self, members: &Value) -> Map<String, Value> {
        let members = members.as_array().unwrap().iter();
        let wanted = members.filter(|it| it["required"] == true || it.get("example").is_some());
        let named = wanted.map(|it| match it["name"].as_str().unwrap() {
            REPORTS => (REPORTS.to_owned(), reports()),
            name => (name.to_owned(), self.member(it)),
        });
        named.collect()
    }

    fn member(&self, member: &Value) -> Value {
        match (member["computed"].as_str(), member.get("constant")) {
            (Some("sha256"), _) => json!(sha256_hex(FILE)),
            (Some("sm3"), _) => json!(sm3_hex(FILE)),
            (Some(_), _) => json!("a.png"),
            (None, Some(constant)) => constant.clone(),
            (None, None) if OWN_NUMBER.iter().any(|name| member["name"] == *name) => {
                json!(self.account.merchant().id())
            }
            (None, None) => {
                long_enough(self.value(&member["schema"], member.get("example")), member)
            }
        }
    }

    fn value(&self, schema: &Value, example: Option<&Value>) -> Value {
        match schema["type"].as_str().unwrap() {
            "named" => self.value(&self.types[schema["name"].as_str().unwrap()], example),
            "object" => Value::Object(self.object(&schema["members"])),
            "list" => match example {
                Some(example) => example.clone(),
                None => json!([self.value(&schema["items"], None)]),
            },
            "json-text" => json!(self.value(&schema["content"], None).to_string()),
            "secret" => {
                json!(encrypted(self.account, example.and_then(Value::as_str).unwrap_or("secret")))
            }
            "enum" if schema["integer"] == true => {
                let first = || schema["values"][0].as_str().unwrap().parse::<i64>().unwrap().into();
                example.cloned().unwrap_or_else(first)
            }
            "enum" => example.unwrap_or(&schema["values"][0]).clone(),
            "string" => {
                example.cloned().unwrap_or_else(|| json!(text_of(schema["format"].as_str())))
            }
            "boolean" => example.cloned().unwrap_or(json!(true)),
            "json" => example.cloned().unwrap_or(json!({})),
            _ => example.cloned().unwrap_or(json!(1)),
        }
    }

    fn target(&self, operation: &Value) -> String {
        let mut target = operation["path"].as_str().unwrap().to_owned();
        for (name, value) in self.object(&operation["parameters"]) {
            target = target.replace(&format!("{{{name}}}"), &percent_encode(&text(&value)));
        }
        let mut separator = '?';
        for (name, value) in self.object(&operation["query"]) {
            let list = value.as_array().cloned().unwrap_or(vec![value]);
            for value in list {
                target += &format!("{separator}{name}={}", percent_encode(&text(&value)));
                separator = '&';
            }
        }
        target
    }

    fn request(&self, operation: &Value) -> Forgery {
        let target = self.target(operation);
        let method = operation["method"].as_str().unwrap();
        let request = match (&operation["upload"], &operation["body"]) {
            (Value::Null, Value::Null) => Forgery::new(method, &target, Vec::new()),
            (Value::Null, schema) => {
                let body = self.value(schema, None).to_string();
                Forgery::new(method, &target, body.into())
                    .header("Content-Type", "application/json")
            }
            (upload, _) => self.upload(&target, upload),
        };
        let headers = self.object(&operation["header"]);
        headers.iter().fold(request, |request, (name, value)| request.header(name, &text(value)))
    }

    fn upload(&self, target: &str, upload: &Value) -> Forgery {
        let meta = Value::Object(self.object(&upload["meta"])).to_string();
        let head = |disposition: &str| {
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; {disposition}\r\n\r\n")
        };
        let mut body = format!("{}{meta}\r\n", head("name=\"meta\""));
        for (name, value) in self.object(&upload["parts"]) {
            body += &format!("{}{}\r\n", head(&format!("name=\"{name}\"")), text(&value));
        }
        let file = upload["file"].as_str().unwrap();
        body += &head(&format!("name=\"{file}\"; filename=\"a.png\""));
        let body = [body.as_bytes(), FILE, format!("\r\n--{BOUNDARY}--\r\n").as_bytes()].concat();
        let content_type = format!("multipart/form-data; boundary={BOUNDARY}");
        Forgery::new("POST", target, body).signing_body(meta).header("Content-Type", &content_type)
    }
}

/// Lengthens an invented text that is too short for its member.
fn long_enough(value: Value, member: &Value) -> Value {
    let least = member["length"][0].as_u64().and_then(|least| usize::try_from(least).ok());
    match (value, least) {
        (Value::String(text), Some(least)) if member["schema"]["type"] == "string" => {
            json!(format!("{text:1<least$}"))
        }
        (value, _) => value,
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Whether the operation refuses the example of a link, which the sandbox did not issue.
fn is_dead_link(operation: &Value, got: &Got) -> bool {
    operation["path"] == "/v3/billdownload/file" && got.status == 400
}

#[tokio::test]
async fn every_operation_accepts_its_examples() {
    let books = books();
    // The books are passed explicitly, so that the operations of features that are off are called
    // too.
    let builder = books
        .iter()
        .fold(Sandbox::builder().examples(), |builder, book| builder.book(book.to_string()));
    let sandbox = builder.start().await.unwrap();
    let brand = sandbox.add_brand("40001").unwrap();
    let mut calls = 0;
    for book in &books {
        for operation in book["operations"].as_array().unwrap() {
            let is_of_brands = operation["path"].as_str().unwrap().starts_with("/brand/");
            let account: &Account = if is_of_brands { &brand } else { &sandbox };
            let maker = Maker { account, types: &book["types"] };
            let request = maker.request(operation).signer(account.merchant());
            let request = request.header("Wechatpay-Serial", &account.wechatpay_public_key().0);
            let got = request.send(&sandbox).await;
            let name = format!("{} {}", operation["method"], operation["path"]);
            calls += 1;
            if is_dead_link(operation, &got) {
                continue;
            }
            assert_eq!(got.status, operation["status"], "{name}: {}", got.text());
            if operation["download"].is_null() {
                assert_signed(account, &got);
            }
            assert_eq!(
                got.body.is_empty(),
                operation["response"].is_null() && operation["download"].is_null()
            );
        }
    }
    assert!(calls > 10, "only {calls} operations were found");
}

#[tokio::test]
async fn every_notification_decrypts() {
    let books = books();
    let builder = books
        .iter()
        .fold(Sandbox::builder().examples(), |builder, book| builder.book(book.to_string()));
    let sandbox = builder.start().await.unwrap();
    let wx = sandbox.client().unwrap();
    for described in books.iter().flat_map(|book| book["notifications"].as_array().unwrap()) {
        let name = described["name"].as_str().unwrap();
        let (headers, body) = sandbox.notification(SandboxNotification::example(name)).unwrap();
        let notification = wx.notification(&headers, &body).await.unwrap();
        assert_eq!(notification.event_type(), described["events"][0], "{name}");
        let resource: Value = serde_json::from_slice(notification.plaintext()).unwrap();
        assert!(!resource.as_object().unwrap().is_empty(), "{name}");
    }
}
