//! Uploads: parts, digests and what is refused.

use serde_json::{Value, json};
use wxpay_api::protocol::digest::{sha256_hex, sm3_hex};
use wxpay_api::sandbox::Sandbox;

use crate::support::{Forgery, Got, assert_refused, assert_signed, encrypted, start};

const FILE: &[u8] = b"\x89PNG\r\n--\r\n\xff";
const BOUNDARY: &str = "boundary-1";

fn meta() -> Value {
    json!({
        "filename": "a.png", "sha256": sha256_hex(FILE), "digest": sm3_hex(FILE), "algorithm": "SM3",
    })
}

fn meta_with(name: &str, value: Value) -> Value {
    let mut meta = meta();
    meta[name] = value;
    meta
}

fn meta_part(meta: &str) -> Vec<u8> {
    part("name=\"meta\"; ", meta.as_bytes())
}

fn item_part(item: &str) -> Vec<u8> {
    part("name=\"item_id\"", item.as_bytes())
}

fn file_part() -> Vec<u8> {
    part("name=\"picture\"; filename=\"a.png\";", FILE)
}

fn part(disposition: &str, content: &[u8]) -> Vec<u8> {
    let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; {disposition}\r\n\r\n");
    [head.as_bytes(), content, b"\r\n"].concat()
}

/// Signs `meta` and sends the parts.
fn upload(meta: &str, parts: &[Vec<u8>]) -> Forgery {
    let body = [parts.concat(), format!("--{BOUNDARY}--\r\n").into_bytes()].concat();
    Forgery::new("POST", "/v3/media/upload", body)
        .signing_body(meta)
        .header("Content-Type", &format!("multipart/form-data; boundary={BOUNDARY}"))
}

async fn send(meta: &Value) -> Got {
    let meta = meta.to_string();
    let sandbox = start().await;
    upload(&meta, &[meta_part(&meta), item_part("5"), file_part()]).send(&sandbox).await
}

#[tokio::test]
async fn a_right_upload_is_accepted() {
    let sandbox = start().await;
    // The spaces prove that the signature covers the exact text.
    let meta = meta_with("phone", json!(encrypted(&sandbox, "139"))).to_string().replace(',', ", ");
    let got = upload(&meta, &[meta_part(&meta), item_part("5"), file_part()]).send(&sandbox).await;
    assert_eq!(got.status, 200, "{}", got.text());
    assert_signed(&sandbox, &got);
    assert_eq!(got.json(), json!({ "media_id": "media-1", "item_id": 5 }));
    let received = &sandbox.received()[0];
    assert_eq!(received.secret("phone"), Some("139"));
    let message = String::from_utf8(received.verified_message.clone().unwrap()).unwrap();
    assert!(message.ends_with(&format!("\n{meta}\n")));
}

#[tokio::test]
async fn only_meta_is_signed() {
    let sandbox = start().await;
    let sent = meta().to_string();
    let other = meta_with("filename", json!("b.png")).to_string();
    let got = upload(&other, &[meta_part(&sent), item_part("5"), file_part()]).send(&sandbox).await;
    assert_eq!(got.status, 401);
}

#[tokio::test]
async fn computed_members_are_compared_with_the_file() {
    let wrong = "a".repeat(64);
    assert_refused(
        &send(&meta_with("sha256", json!(wrong))).await,
        &[("meta", "sha256", "digest of the file")],
    );
    assert_refused(
        &send(&meta_with("digest", json!(wrong))).await,
        &[("meta", "digest", "digest of the file")],
    );
    assert_refused(
        &send(&meta_with("filename", json!("b.png"))).await,
        &[("meta", "filename", "file's name")],
    );
    assert_refused(
        &send(&meta_with("algorithm", json!("SHA256"))).await,
        &[("meta", "algorithm", "`SM3`")],
    );
}

#[tokio::test]
async fn meta_is_checked_like_a_body() {
    assert_refused(
        &send(&meta_with("surprise", json!(1))).await,
        &[("meta", "surprise", "not a member")],
    );
    assert_refused(
        &send(&meta_with("phone", json!("139"))).await,
        &[("meta", "phone", "must be encrypted")],
    );
    assert_refused(
        &send(&json!([])).await,
        &[("meta", "/", "a JSON object"), ("form", "item_id", "required")][..1],
    );
}

#[tokio::test]
async fn the_other_parts_are_checked() {
    let sandbox = start().await;
    let meta = meta().to_string();
    for (parts, field, issue) in [
        (vec![file_part()], "item_id", "required"),
        (vec![item_part("five"), file_part()], "item_id", "an integer"),
        (vec![item_part("5"), item_part("5"), file_part()], "item_id", "comes twice"),
        (vec![item_part("5"), file_part(), part("name=\"more\"", b"1")], "more", "not a member"),
        (vec![item_part("5")], "picture", "required"),
        (vec![item_part("5"), file_part(), file_part()], "picture", "comes twice"),
    ] {
        let parts = [vec![meta_part(&meta)], parts].concat();
        let got = upload(&meta, &parts).send(&sandbox).await;
        assert_refused(&got, &[("form", field, issue)]);
    }
}

#[tokio::test]
async fn a_file_needs_a_name() {
    let sandbox = start().await;
    let meta = meta().to_string();
    let nameless = part("name=\"picture\"", FILE);
    let got = upload(&meta, &[meta_part(&meta), item_part("5"), nameless]).send(&sandbox).await;
    let expected = [
        ("form", "picture", "must have a file name"),
        ("meta", "filename", "file's name in the form"),
    ];
    assert_refused(&got, &expected);
}

#[tokio::test]
async fn a_malformed_form_is_refused() {
    let sandbox = start().await;
    let meta = meta().to_string();
    let right = || upload(&meta, &[meta_part(&meta), item_part("5"), file_part()]);
    let quoted = format!("multipart/form-data; boundary=\"{BOUNDARY}\"");
    for (forgery, issue) in [
        (right().header("Content-Type", &quoted), "without quotes"),
        (right().header("Content-Type", "multipart/form-data; boundary=other"), "must begin with"),
        (upload(&meta, &[file_part()]), "one part `meta`"),
        (upload(&meta, &[meta_part(&meta), meta_part(&meta)]), "one part `meta`"),
        (upload(&meta, &[]), "one part `meta`"),
        (
            Forgery::new("POST", "/v3/media/upload", b"no form".to_vec())
                .header("Content-Type", "multipart/form-data"),
            "must begin with",
        ),
        (upload(&meta, &[part("name=meta", meta.as_bytes())]), "in quotes"),
        (upload(&meta, &[meta_part(&meta), b"garbage".to_vec()]), "CRLF"),
    ] {
        let got = forgery.send(&sandbox).await;
        assert_eq!(got.status, 400, "{}", got.text());
        let message = got.json()["message"].as_str().unwrap().to_owned();
        assert!(message.contains(issue), "{message}");
    }
}

#[tokio::test]
async fn parts_come_in_any_order() {
    let sandbox = start().await;
    let meta = meta().to_string();
    for parts in [
        [file_part(), item_part("5"), meta_part(&meta)],
        [item_part("5"), meta_part(&meta), file_part()],
    ] {
        let got = upload(&meta, &parts).send(&sandbox).await;
        assert_eq!(got.status, 200, "{}", got.text());
        assert_signed(&sandbox, &got);
    }
}

#[tokio::test]
async fn the_boundary_is_in_the_content_type_or_begins_the_body() {
    let sandbox = start().await;
    let meta = meta().to_string();
    let right = || upload(&meta, &[meta_part(&meta), item_part("5"), file_part()]);
    for content_type in [
        "multipart/form-data".to_owned(),
        "multipart/form-data;".to_owned(),
        format!("Multipart/Form-Data; charset=utf-8; Boundary={BOUNDARY}; x=y"),
    ] {
        let got = right().header("Content-Type", &content_type).send(&sandbox).await;
        assert_eq!(got.status, 200, "{content_type}: {}", got.text());
    }
}

#[tokio::test]
async fn meta_is_no_file() {
    let sandbox = start().await;
    let meta = meta().to_string();
    let file = part("name=\"meta\"; filename=\"meta.json\"", meta.as_bytes());
    let got = upload(&meta, &[file, item_part("5"), file_part()]).send(&sandbox).await;
    assert_refused(&got, &[("form", "meta", "must not have a file name")]);
    assert_signed(&sandbox, &got);
}

#[tokio::test]
async fn a_file_name_may_come_in_two_forms() {
    let sandbox = start().await;
    let meta = meta().to_string();
    let both = part("name=\"picture\"; filename*=UTF-8''a.png; filename=\"a.png\"", FILE);
    let got = upload(&meta, &[meta_part(&meta), item_part("5"), both]).send(&sandbox).await;
    assert_eq!(got.status, 200, "{}", got.text());
}

#[tokio::test]
async fn an_upload_that_is_json_is_refused() {
    let sandbox = start().await;
    let got = Forgery::post("/v3/media/upload", &meta()).send(&sandbox).await;
    assert_refused(&got, &[("header", "Content-Type", "multipart/form-data")]);
}

/// An upload of a file whose lines are encrypted one by one (docs/protocol/encryption.md §5).
async fn send_lines(sandbox: &Sandbox, lines: &[String]) -> Got {
    let file = lines.join("\n");
    let mut meta = meta_with("sha256", json!(sha256_hex(file.as_bytes())));
    meta["digest"] = json!(sm3_hex(file.as_bytes()));
    let meta = meta.to_string();
    let file = part("name=\"picture\"; filename=\"a.png\";", file.as_bytes());
    upload(&meta, &[meta_part(&meta), item_part("5"), file]).send(sandbox).await
}

#[tokio::test]
async fn encrypted_lines_are_decrypted_and_recorded() {
    let sandbox = start().await;
    let lines = ["one", "二"].map(|plain| encrypted(&sandbox, plain));
    assert_eq!(send_lines(&sandbox, &lines).await.status, 200);
    let received = sandbox.received().pop().unwrap();
    assert_eq!(received.secret("picture[0]"), Some("one"));
    assert_eq!(received.secret("picture[1]"), Some("二"));
    let plain = ["one", "two"].map(str::to_owned);
    assert_eq!(send_lines(&sandbox, &plain).await.status, 200);
    assert_eq!(send_lines(&sandbox, &plain).await.status, 200, "any other file is taken as it is");
    assert_eq!(sandbox.received().pop().unwrap().secrets().count(), 0);
}

#[tokio::test]
async fn every_line_must_be_encrypted_and_there_are_5500_at_most() {
    let sandbox = start().await;
    let line = encrypted(&sandbox, "one");
    let got = send_lines(&sandbox, &[line.clone(), "two".to_owned()]).await;
    assert_refused(&got, &[("form", "picture", "in line 2")]);
    let got = send_lines(&sandbox, &vec![line; 5501]).await;
    assert_refused(&got, &[("form", "picture", "at most 5500 lines, not 5501")]);
}
