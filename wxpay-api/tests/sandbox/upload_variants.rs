//! Every documented upload (docs/protocol/uploads.md §6.2), sent by hand.

use serde_json::{Value, json};
use wxpay_api::protocol::digest::{sha256_hex, sm3_hex};
use wxpay_api::sandbox::Sandbox;

use crate::support::{Forgery, Got, assert_signed};

const FILE: &[u8] = b"%PDF-1.4\r\n\xff";
const BOUNDARY: &str = "variant";

/// A path, its meta without the common members, the names of the digest and of the file's part, and
/// text parts.
struct Variant {
    path: &'static str,
    meta: Value,
    digest: &'static str,
    file: &'static str,
    texts: &'static [(&'static str, &'static str)],
}

fn ordinary(path: &'static str) -> Variant {
    let meta = json!({ "filename": "a.pdf", "sha256": sha256_hex(FILE) });
    Variant { path, meta, digest: "sha256", file: "file", texts: &[] }
}

fn with(path: &'static str, digest: &'static str, meta: Value) -> Variant {
    Variant { meta, digest, ..ordinary(path) }
}

fn variants() -> Vec<Variant> {
    let (sha256, sm3) = (sha256_hex(FILE), sm3_hex(FILE));
    let named = json!({ "file_name": "a.pdf", "file_digest": sha256 });
    let invoice = json!({
        "sub_mchid": "1900000109", "file_type": "PDF", "digest_alogrithm": "SM3", "digest": sm3,
    });
    let taxi = json!({
        "company_mchid": "1900000109", "region_id": 440300,
        "digest_algorithm": "DIGEST_ALGORITHM_SM3", "digest": sm3,
    });
    let bank = json!({ "filename": "a.pdf", "sha256": sha256, "bank_type": "ICBC_DEBIT" });
    let mut diligence = named.clone();
    diligence["sub_mchid"] = json!("1900000109");
    diligence["item_id"] = json!(56);
    vec![
        ordinary("/v3/merchant/media/upload"),
        ordinary("/v3/merchant/media/video_upload"),
        ordinary("/v3/marketing/favor/media/image-upload"),
        ordinary("/v3/merchant-service/images/upload"),
        ordinary("/v3/global/merchant-service/images/upload"),
        ordinary("/v3/global/merchant-storage/file/upload"),
        ordinary("/v3/marketing/partner/product-coupon/media/upload-image"),
        with("/v3/ecommerce/account/cancel-applications/media", "file_digest", named.clone()),
        with(
            "/v3/new-tax-control-fapiao/fapiao-applications/upload-fapiao-file",
            "digest",
            invoice,
        ),
        with("/v3/taxi-invoice/cards/upload-file", "digest", taxi),
        with("/v3/marketing/bank/packages/8473295/tasks", "sha256", bank),
        Variant {
            file: "submission_file",
            texts: &[("item_id", "56"), ("manage_record_id", "57")],
            ..with(
                "/v3/mch-manage/submission-files/sub-mchid/1900000109/upload",
                "file_digest",
                named,
            )
        },
        Variant {
            file: "due_diligence_file",
            ..with(
                "/v3/mch-operation-manage/enhanced-due-diligence/1/upload",
                "file_digest",
                diligence,
            )
        },
    ]
}

async fn send(sandbox: &Sandbox, variant: &Variant, file_part: &str, meta: &Value) -> Got {
    let meta = meta.to_string();
    let mut parts = part("name=\"meta\"", meta.as_bytes());
    for (name, text) in variant.texts {
        parts.extend(part(&format!("name=\"{name}\""), text.as_bytes()));
    }
    parts.extend(part(&format!("name=\"{file_part}\"; filename=\"a.pdf\""), FILE));
    parts.extend(format!("--{BOUNDARY}--\r\n").into_bytes());
    Forgery::new("POST", variant.path, parts)
        .signing_body(meta)
        .header("Content-Type", &format!("multipart/form-data; boundary={BOUNDARY}"))
        .send(sandbox)
        .await
}

fn part(disposition: &str, content: &[u8]) -> Vec<u8> {
    let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; {disposition}\r\n\r\n");
    [head.as_bytes(), content, b"\r\n"].concat()
}

#[tokio::test]
async fn each_is_accepted_when_right() {
    let sandbox = Sandbox::builder().examples().start().await.unwrap();
    for variant in variants() {
        let got = send(&sandbox, &variant, variant.file, &variant.meta).await;
        assert_eq!(got.status, 200, "{}: {}", variant.path, got.text());
        assert_signed(&sandbox, &got);
    }
}

#[tokio::test]
async fn each_has_its_digest_compared_with_the_file() {
    let sandbox = Sandbox::builder().examples().start().await.unwrap();
    for variant in variants() {
        let mut meta = variant.meta.clone();
        meta[variant.digest] = json!(sha256_hex(b"another file"));
        let got = send(&sandbox, &variant, variant.file, &meta).await;
        assert_eq!(got.status, 400, "{}", variant.path);
        assert!(got.text().contains(variant.digest), "{}: {}", variant.path, got.text());
    }
}

#[tokio::test]
async fn each_has_its_own_part_name_for_the_file() {
    let sandbox = Sandbox::builder().examples().start().await.unwrap();
    for variant in variants() {
        let got = send(&sandbox, &variant, "another", &variant.meta).await;
        assert_eq!(got.status, 400, "{}", variant.path);
        assert!(got.text().contains(variant.file), "{}: {}", variant.path, got.text());
    }
}
