//! Secrets, uploads and downloads by `wxpay call`.

use serde_json::json;
use wxpay_api::sandbox::{PlannedResponse, Sandbox};

use crate::support::Folder;

const TRANSFER: [&str; 11] = [
    "POST /v3/fund-app/mch-transfer/transfer-bills",
    "appid=wxf636efh567hg4356",
    "out_bill_no=plfk2020042013",
    "transfer_scene_id=1000",
    "openid=o-MYE42l80oelYMDE34nYD456Xoy",
    "transfer_amount=400000",
    "transfer_remark=新会员开通有礼",
    "transfer_scene_report_infos[0].info_type=活动名称",
    "transfer_scene_report_infos[0].info_content=注册会员有礼",
    "transfer_scene_report_infos[1].info_type=奖励说明",
    "transfer_scene_report_infos[1].info_content=注册会员抽奖一等奖",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_secret_is_encrypted_and_never_shown() {
    let folder = Folder::start().await;
    let name = folder.file("name.txt", "张三丰\n".as_bytes());
    let name = format!("user_name=@{name}");
    let preview = folder.call_json(&[&TRANSFER[..], &[&name, "--dry-run"]].concat()).ok();
    assert!(!preview.stdout.contains("张三丰"), "{}", preview.stdout);
    assert_eq!(preview.json()["body"]["user_name"], "******");
    assert!(preview.json()["headers"]["wechatpay-serial"].is_string());

    folder.call(&[&TRANSFER[..], &[&name]].concat()).ok();
    let request = folder.last();
    let (id, _) = folder.sandbox.wechatpay_public_key();
    assert_eq!(request.headers["wechatpay-serial"], id.as_str());
    // The sandbox decrypted it: it is the text of the file, without the line break.
    assert_eq!(request.secret("user_name"), Some("张三丰"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_repeats_no_secret() {
    let folder = Folder::start().await;
    let refusal = json!({
        "code": "PARAM_ERROR",
        "message": "张三丰 is no name",
        "detail": { "field": "user_name", "value": "张三丰", "issue": "张三丰 is too long", "location": "body" },
    });
    let path = "/v3/fund-app/mch-transfer/transfer-bills";
    let refusal = PlannedResponse::json(refusal).status(400).unchecked();
    folder.sandbox.respond("POST", path, refusal).expect("planned");
    let run = folder.call_json(&[&TRANSFER[..], &["user_name=张三丰"]].concat()).fails(3);
    assert!(!run.stderr.contains("张三丰"), "{}", run.stderr);
    let detail = &run.error()["detail"];
    assert_eq!(detail["code"], "PARAM_ERROR");
    assert_eq!(detail["details"][0]["field"], "user_name");
    assert_eq!(detail["details"][0]["issue"], "****** is too long");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn secrets_of_a_response_are_hidden_unless_asked_for() {
    let folder = Folder::of(Sandbox::builder().examples_only()).await;
    let call = ["/v3/merchant-service/complaints-v2/200201820200101080076610000"];
    let hidden = folder.call_json(&call).ok().json();
    assert_eq!(hidden["body"]["payer_phone"], "******");
    let shown = folder.call_json(&[&call[..], &["--secrets"]].concat()).ok().json();
    assert_eq!(shown["body"]["payer_phone"], "13900000000");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_is_uploaded_with_its_digest() {
    let folder = Folder::start().await;
    let picture = folder.file("licence.png", b"\x89PNG\r\n\x1a\n a picture");
    let file = format!("file=@{picture}");
    let uploaded = folder.call_json(&["POST /v3/merchant/media/upload", &file]).ok().json();
    assert!(uploaded["body"]["media_id"].is_string());

    let own = folder.call(&["POST /v3/merchant/media/upload", &file, "sha256=00"]).fails(2);
    assert!(own.stderr.contains("sha256: it is computed"), "{}", own.stderr);
    let text = folder.call(&["POST /v3/merchant/media/upload", "file=licence.png"]).fails(2);
    assert!(text.stderr.contains("write `file=@FILE`"), "{}", text.stderr);
    let none = folder.call(&["POST /v3/merchant/media/upload"]).fails(2);
    assert!(none.stderr.contains("file: required"), "{}", none.stderr);
    // The library refuses a picture that is none.
    let wrong = folder.file("wrong.png", b"GIF89a no PNG");
    let wrong = format!("file=@{wrong}");
    folder.call(&["POST /v3/merchant/media/upload", &wrong]).fails(1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_lines_of_a_file_are_encrypted_if_asked_for() {
    let folder = Folder::of(Sandbox::builder().examples_only()).await;
    let lines = folder.file("users.csv", "6222020200112233\n6222020200112244\n".as_bytes());
    let file = format!("file=@{lines}");
    let upload = ["POST /v3/marketing/bank/packages/8473295/tasks", "bank_type=ICBC_DEBIT", &file];
    folder.call(&[&upload[..], &["--encrypt-lines"]].concat()).ok();
    let request = folder.last();
    let body = String::from_utf8_lossy(&request.body).into_owned();
    assert!(!body.contains("6222020200112233"), "{body}");
    let (id, _) = folder.sandbox.wechatpay_public_key();
    assert_eq!(request.headers["wechatpay-serial"], id.as_str());
    let order = folder.call(&["/v3/pay/transactions/id/1", "--encrypt-lines"]).fails(2);
    assert!(order.stderr.contains("has no file"), "{}", order.stderr);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_download_is_compared_with_its_digest() {
    let folder = Folder::of(Sandbox::builder().examples_only()).await;
    let bill = folder.call_json(&["/v3/bill/tradebill", "bill_date=2019-06-11"]).ok().json();
    let link = bill["body"]["download_url"].as_str().expect("a link").to_owned();
    let digest = bill["body"]["hash_value"].as_str().expect("a digest").to_owned();
    let file = folder.path().join("bill.csv").display().to_string();

    let missing = folder.call(&[&link, "--output", &file]).fails(1);
    assert!(missing.stderr.contains("digest"), "{}", missing.stderr);
    let wrong = "79bb0f45fc4c42234a918000b2668d689e2bde04";
    folder.call(&[&link, "--output", &file, "--sha1", wrong]).fails(6);
    assert!(!std::path::Path::new(&file).exists());

    let written = folder.call_json(&[&link, "--output", &file, "--sha1", &digest]).ok().json();
    assert_eq!(written["digest_compared"], true);
    let content = std::fs::read(&file).expect("a bill");
    assert!(!content.is_empty());
    // Without a file, a pipe gets the bytes.
    let piped = folder.call(&[&link, "--sha1", &digest]).ok();
    assert_eq!(piped.stdout.as_bytes(), content);
    let json = folder.call(&["/v3/bill/tradebill", "bill_date=2019-06-11", "--output", &file]);
    assert!(json.fails(2).stderr.contains("`--output` is for downloads"));
}
