//! Text that WeChat Pay does not accept is refused before sending, with its place in the error
//! (docs/protocol.md, base conventions).

use std::future::IntoFuture;

use serde_json::json;
use wxpay_api::sandbox::Sandbox;
use wxpay_api::{EncryptedLinesError, Error, File, Outcome};

use crate::sandbox;

/// One character of four bytes.
const CRAB: &str = "螃蟹🦀";

/// Asserts that nothing was sent because of the text at `place`.
async fn assert_refused<T>(
    sandbox: &Sandbox,
    call: impl IntoFuture<Output = Result<T, Error>>,
    place: &str,
) {
    let Err(error) = call.into_future().await else { panic!("{place} was sent") };
    assert_eq!(error.outcome(), Outcome::NotSent, "{error}");
    let words = format!(": {place}: it has a character of four bytes in UTF-8");
    assert!(error.to_string().contains(&words), "{place}: {error}");
    assert!(!format!("{error:?}").contains(CRAB), "{error:?}");
    assert!(sandbox.received().is_empty(), "{place}");
}

#[tokio::test]
async fn in_a_body_by_its_key_path() {
    let (sandbox, wx) = sandbox().await;
    let orders = wx.v3().pay().transactions().jsapi();
    let order = |description: &str| {
        let description = description.to_owned();
        orders.post(|r| {
            r.appid("wxd678efh567hg6787")
                .mchid("1230000109")
                .description(description)
                .out_trade_no("1217752501201407033233368018")
                .amount(|a| a.total(100))
                .notify_url("https://shop.example/paid")
                .payer(|p| p.openid("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"))
        })
    };
    assert_refused(&sandbox, order(CRAB), "description").await;
    let store = order("蟹").with(|r| {
        r.scene_info(|s| s.payer_client_ip("127.0.0.1").store_info(|s| s.id("1").name(CRAB)))
    });
    assert_refused(&sandbox, store, "scene_info.store_info.name").await;
    let goods = order("蟹").with(|r| {
        r.detail(|d| {
            d.goods_detail(|list| {
                let list = list.push(|g| g.merchant_goods_id("1").quantity(1).unit_price(1));
                list.push(|g| g.merchant_goods_id("2").quantity(1).unit_price(1).goods_name(CRAB))
            })
        })
    });
    assert_refused(&sandbox, goods, "detail.goods_detail[1].goods_name").await;
}

#[tokio::test]
async fn in_a_path_or_a_query() {
    let (sandbox, wx) = sandbox().await;
    let orders = wx.v3().pay().transactions().out_trade_no();
    let call = orders.out_trade_no(CRAB).get(|r| r.mchid("1230000109"));
    assert_refused(&sandbox, call, "path parameter out_trade_no").await;
    let call = orders.out_trade_no("1217752501201407033233368018").get(|r| r.mchid(CRAB));
    assert_refused(&sandbox, call, "mchid").await;
}

#[tokio::test]
async fn in_an_upload() {
    let (sandbox, wx) = sandbox().await;
    let upload = wx.v3().merchant().media().upload();
    let named = |name: &str| File::new(name, "content");
    let call = upload.post(|r| r.file(named("🦀.png")));
    assert_refused(&sandbox, call, "the file's name").await;
    let call = upload.post(|r| r.file(named("a.png").media_type("image/🦀")));
    assert_refused(&sandbox, call, "the file's media type").await;

    let receipts = wx.v3().marketing().shopping_receipt().shopping_receipts();
    let call = receipts.post(|r| {
        r.transaction_id("1217752501201407033233368018")
            .openid(CRAB)
            .file(named("receipt.png"))
            .merchant_contact_information(|c| c.consultation_phone_number("0755-86010000"))
    });
    assert_refused(&sandbox, call, "openid").await;

    let submissions = wx.v3().mch_manage().submission_files();
    let submissions = submissions.sub_mchid().sub_mchid("123000110").upload();
    let call = submissions.post(|r| r.item_id(56).manage_record_id(CRAB).file(named("demo.png")));
    assert_refused(&sandbox, call, "manage_record_id").await;
}

#[tokio::test]
async fn in_a_secret() {
    let (sandbox, wx) = sandbox().await;
    let receipts = wx.v3().marketing().shopping_receipt().shopping_receipts();
    let call = receipts.post(|r| {
        r.transaction_id("1217752501201407033233368018")
            .openid("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o")
            .file(File::new("receipt.png", "content"))
            .merchant_contact_information(|c| c.consultation_phone_number(CRAB))
    });
    let place = "merchant_contact_information.consultation_phone_number";
    assert_refused(&sandbox, call, place).await;
}

#[tokio::test]
async fn in_an_untyped_call() {
    let (sandbox, wx) = sandbox().await;
    let body = json!({ "goods": [{ "name": "蟹" }, { "name": CRAB }] });
    assert_refused(&sandbox, wx.post("/v3/any", body), "goods[1].name").await;
    let body = json!({ "goods": { "🦀": 1 } });
    assert_refused(&sandbox, wx.put("/v3/any", body), "goods.🦀").await;
    assert_refused(&sandbox, wx.patch("/v3/any", json!(CRAB)), "the body").await;
    for path in ["/v3/%F0%9F%A6%80", "/v3/🦀"] {
        assert_refused(&sandbox, wx.get(path), "the path").await;
    }
    for query in ["/v3/any?mchid=1&name=%F0%9F%A6%80", "/v3/any?mchid=1&name=🦀"] {
        assert_refused(&sandbox, wx.delete(query, None), "query parameter name").await;
    }
}

#[tokio::test]
async fn three_bytes_are_accepted() {
    let (sandbox, wx) = sandbox().await;
    let last = "\u{ffff}é蟹";
    let _ = wx.post("/v3/any", json!({ "name": last })).await;
    let received = sandbox.received().pop().unwrap();
    assert_eq!(received.body, json!({ "name": last }).to_string());
}

#[tokio::test]
async fn in_an_encrypted_line_of_a_file() {
    let (_sandbox, wx) = sandbox().await;
    let keys = wx.keys();
    let key = keys.encryption_key(std::time::SystemTime::now()).unwrap();
    let error = File::encrypted_lines("users.csv", ["张三", CRAB], &key).unwrap_err();
    assert_eq!(error, EncryptedLinesError::Character { line: 2 });
}
