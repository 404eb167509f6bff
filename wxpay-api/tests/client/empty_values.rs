//! Empty counts as absent: an empty optional value is left out. An empty required value is refused
//! with its key path, before anything is sent.

use std::future::IntoFuture;

use proptest::prelude::{Just, Strategy, prop_oneof, proptest};
use proptest::{collection, option};
use serde_json::{Value, json};
use wxpay_api::codegen::Encoder;
use wxpay_api::hk::v3::statements::get as statements;
use wxpay_api::sandbox::Sandbox;
use wxpay_api::v3::pay::transactions::jsapi::post as jsapi;
use wxpay_api::v3::smartguide::guides::_guide_id_::patch as guide;
use wxpay_api::{Client, Encode, Error, Operation as _, Outcome, encode};

use crate::sandbox;

fn body(sandbox: &Sandbox) -> Value {
    let received = sandbox.received().pop().unwrap();
    serde_json::from_slice(&received.body).unwrap()
}

/// Asserts that nothing was sent because the value at `place` is empty.
async fn assert_refused<T>(
    sandbox: &Sandbox,
    call: impl IntoFuture<Output = Result<T, Error>>,
    place: &str,
) {
    let Err(error) = call.into_future().await else { panic!("{place} was sent") };
    assert_eq!(error.outcome(), Outcome::NotSent, "{error}");
    let words = format!("{place}: it must not be empty");
    assert!(error.to_string().contains(&words), "{place}: {error}");
    assert!(sandbox.received().is_empty(), "{place}");
}

fn order(description: &str, openid: &str) -> jsapi::Request {
    jsapi::Request::builder()
        .appid("wxd678efh567hg6787")
        .mchid("1230000109")
        .description(description)
        .out_trade_no("1217752501201407033233368018")
        .amount(|a| a.total(100))
        .notify_url("https://shop.example/paid")
        .payer(|p| p.openid(openid))
}

fn pay(wx: &Client, order: jsapi::Request) -> wxpay_api::Call<jsapi::Operation> {
    wx.v3().pay().transactions().jsapi().post(|_| order)
}

#[tokio::test]
async fn empty_optional_texts_times_and_lists_are_left_out() {
    let (sandbox, wx) = sandbox().await;
    let none: [&str; 0] = [];
    let call = pay(&wx, order("苹果", "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"));
    call.with(|r| r.attach("").goods_tag("").time_expire("").limit_pay(none)).await.unwrap();
    let body = body(&sandbox);
    for name in ["attach", "goods_tag", "time_expire", "limit_pay"] {
        assert!(body.get(name).is_none(), "{name}: {body}");
    }
}

#[tokio::test]
async fn white_space_and_an_empty_object_stay() {
    let (sandbox, wx) = sandbox().await;
    let call = pay(&wx, order("苹果", "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"));
    call.with(|r| r.attach(" ").detail(|d| d.invoice_id(""))).await.unwrap();
    let body = body(&sandbox);
    assert_eq!((&body["attach"], &body["detail"]), (&json!(" "), &json!({})));
}

#[tokio::test]
async fn an_empty_required_text_is_refused_by_its_key_path() {
    let (sandbox, wx) = sandbox().await;
    assert_refused(&sandbox, pay(&wx, order("", "oUpF")), "description").await;
    assert_refused(&sandbox, pay(&wx, order("苹果", "")), "payer.openid").await;
    let goods = pay(&wx, order("苹果", "oUpF")).with(|r| {
        r.detail(|d| {
            d.goods_detail(|list| list.push(|g| g.merchant_goods_id("").quantity(1).unit_price(1)))
        })
    });
    assert_refused(&sandbox, goods, "detail.goods_detail[0].merchant_goods_id").await;
}

#[tokio::test]
async fn an_absent_id_of_one_response_is_not_passed_to_the_next_request() {
    let (sandbox, wx) = sandbox().await;
    let refund = wxpay_api::v3::refund::domestic::refunds::post::Response::default();
    assert_eq!(refund.transaction_id, "");
    let call = wx.v3().refund().domestic().refunds().post(|r| {
        r.out_refund_no("1217752501201407033233368018")
            .amount(|a| a.refund(1).total(1).currency("CNY"))
            .transaction_id(refund.transaction_id)
            .out_trade_no("1217752501201407033233368018")
    });
    call.await.unwrap();
    assert!(body(&sandbox).get("transaction_id").is_none());
}

#[tokio::test]
async fn an_empty_open_enum_a_list_without_elements_and_an_empty_element_are_refused() {
    let (sandbox, wx) = sandbox().await;
    let refund = |currency: &str| {
        let currency = currency.to_owned();
        wx.v3()
            .refund()
            .domestic()
            .refunds()
            .post(|r| r.out_refund_no("1").amount(|a| a.refund(1).total(1).currency(currency)))
    };
    assert_refused(&sandbox, refund(""), "amount.currency").await;
    let limited = pay(&wx, order("苹果", "oUpF")).with(|r| r.limit_pay([""]));
    assert_refused(&sandbox, limited, "limit_pay[0]").await;
    let batch = wx.v3().transfer().batches().post(|r| {
        r.appid("wxf636efh567hg4356")
            .out_batch_no("plfk2020042013")
            .batch_name("分部报销单")
            .batch_remark("分部报销单")
            .total_amount(1)
            .total_num(1)
            .transfer_detail_list(|list| list)
    });
    assert_refused(&sandbox, batch, "transfer_detail_list").await;
    let kind = wx.v3().apply4subject().applyment().post(|r| applyment(r, ""));
    assert_refused(&sandbox, kind, "subject_info.subject_type").await;
}

#[tokio::test]
async fn empty_secrets_are_treated_like_empty_texts() {
    let (sandbox, wx) = sandbox().await;
    let transfer = |name: &str| {
        let name = name.to_owned();
        wx.v3().transfer().batches().post(|r| {
            r.appid("wxf636efh567hg4356")
                .out_batch_no("plfk2020042013")
                .batch_name("分部报销单")
                .batch_remark("分部报销单")
                .total_amount(1)
                .total_num(1)
                .transfer_detail_list(|list| {
                    list.push(|t| {
                        t.out_detail_no("x23zy545Bd5436")
                            .transfer_amount(1)
                            .transfer_remark("报销")
                            .openid("o-MYE42l80oelYMDE34nYD456Xoy")
                            .user_name(name)
                    })
                })
        })
    };
    let required = wx.v3().apply4subject().applyment().post(|r| {
        let mut request = applyment(r, "SUBJECT_TYPE_INDIVIDUAL");
        request.contact_info.name = "".into();
        request
    });
    assert_refused(&sandbox, required, "contact_info.name").await;
    transfer("").await.unwrap();
    assert!(body(&sandbox)["transfer_detail_list"][0].get("user_name").is_none());
    transfer("张三").await.unwrap();
    assert!(body(&sandbox)["transfer_detail_list"][0]["user_name"].as_str().unwrap().len() > 300);
}

#[tokio::test]
async fn empty_values_of_queries_headers_and_json_texts_are_left_out_or_refused() {
    let (sandbox, wx) = sandbox().await;
    let list = |begin: &str| {
        let begin = begin.to_owned();
        let call = wx.v3().merchant_service().complaints_v2();
        call.get(|r| r.begin_date(begin).end_date("2019-01-01").complainted_mchid(""))
    };
    assert_refused(&sandbox, list(""), "begin_date").await;
    list("2019-01-01").await.unwrap();
    let target = sandbox.received().pop().unwrap().target;
    assert!(!target.contains("complainted_mchid"), "{target}");
    let partners = wx.v3().marketing().partnerships().get();
    partners.with(|r| r.partner(|p| p.r#type("APPID").merchant_id("")).limit(5)).await.unwrap();
    let target = sandbox.received().pop().unwrap().target;
    assert!(!target.contains("merchant_id") && target.contains("limit=5"), "{target}");
}

#[tokio::test]
async fn an_empty_header_is_left_out_and_an_empty_part_of_an_upload_refused() {
    let (sandbox, wx) = sandbox().await;
    let statement = statements::Request::builder().date("2019-01-01").accept_encoding("");
    let prepared = statements::operation(statement).prepare(None).unwrap();
    assert!(prepared.headers.is_empty(), "{:?}", prepared.headers);
    let before = sandbox.received().len();
    let upload =
        wx.v3().mch_manage().submission_files().sub_mchid().sub_mchid("123000110").upload();
    let file = wxpay_api::File::new("demo.png", "content");
    let call = upload.post(|r| r.item_id(56).manage_record_id("").file(file));
    let error = call.await.unwrap_err();
    assert!(error.to_string().contains("manage_record_id: it must not be empty"), "{error}");
    assert_eq!(sandbox.received().len(), before);
}

#[tokio::test]
async fn an_empty_value_that_the_descriptor_allows_is_sent() {
    let (sandbox, wx) = sandbox().await;
    let order = || wx.v3().payscore().serviceorder().out_order_no("order-1");
    let modify = order().modify().post(|r| {
        r.appid("wxd678efh567hg6787")
            .service_id("500001")
            .post_payments(|list| list)
            .post_discounts(|list| list)
            .total_amount(0)
            .reason("用户投诉")
    });
    modify.await.unwrap();
    let sent = body(&sandbox);
    assert_eq!((&sent["post_payments"], &sent["post_discounts"]), (&json!([]), &json!([])));
    let stock = wx.v3().marketing().busifavor().stocks().stock_id("101156451224");
    stock.patch(|r| r.out_request_no("1").comment("")).await.unwrap();
    assert_eq!(body(&sandbox)["comment"], json!(""));
    stock.patch(|r| r.out_request_no("1")).await.unwrap();
    assert!(body(&sandbox).get("comment").is_none(), "absent is absent");
}

#[tokio::test]
async fn an_update_clears_members_marked_as_clearable() {
    let (sandbox, wx) = sandbox().await;
    let card = wx.v3().brand().partner().card_member().user_cards().user_card_code("478515832665");
    let call = card.patch(|r| r.card_id("pbLatjvWOibDc5").brand_id("1004").openid("obLatjnx9"));
    call.with(|r| r.attach("").level("").card_picture_url("")).await.unwrap();
    let cleared = json!({
        "brand_id": "1004", "openid": "obLatjnx9", "attach": "", "level": "", "card_picture_url": "",
    });
    assert_eq!(body(&sandbox), cleared);

    let card = wx.v3().marketing().membercard_open().cards().card_id("pbLatjvWOibDc5");
    let rights = card.rights().patch().with(|r| {
        r.bonus(|b| b.init_bonus(100).bonus_cost_word(""))
            .favor(|f| f.member_price_word(""))
            .fapiao(|f| f.fapiao_jump_word("").fapiao_jump_path(""))
            .guide(|g| g.staff_name(""))
    });
    rights.await.unwrap();
    let expected = json!({
        "bonus": { "init_bonus": 100, "bonus_cost_word": "" },
        "favor": { "member_price_word": "" },
        "fapiao": { "fapiao_jump_word": "", "fapiao_jump_path": "" },
        "guide": { "staff_name": "" },
    });
    assert_eq!(body(&sandbox), expected);
    card.codes().code("478515832665").patch().with(|r| r.level("")).await.unwrap();
    assert_eq!(body(&sandbox), json!({ "level": "" }));

    let guide = wx.v3().smartguide().guides().guide_id("LLA3WJ6DSZUfiaZDS79FH5Wm5m4X69TBic");
    guide.patch().with(|r| r.qr_code("").avatar("").group_qrcode("")).await.unwrap();
    assert_eq!(body(&sandbox), json!({ "qr_code": "", "avatar": "", "group_qrcode": "" }));

    let config = wx.v3().new_tax_control_fapiao().merchant().development_config();
    config.patch().with(|r| r.callback_url("")).await.unwrap();
    assert_eq!(body(&sandbox), json!({ "callback_url": "" }));
}

#[tokio::test]
async fn a_type_of_creations_and_updates_is_cleared_by_updates_only() {
    let (sandbox, wx) = sandbox().await;
    let stores = wx.v3().merchant_store().stores();
    let store = stores.store_id("1234567890").patch();
    let change = store.with(|r| {
        r.store_business(|b| b.service_phone("").business_hours("")).store_recipient(|list| list)
    });
    change.await.unwrap();
    let cleared = json!({ "service_phone": "", "business_hours": "" });
    let expected = json!({ "store_business": cleared, "store_recipient": [] });
    assert_eq!(body(&sandbox), expected);

    let create = stores.post(|r| {
        r.store_basics(|b| b.store_name("麦当劳").branch_name(""))
            .store_address(|a| a.address_detail("深南大道10000号腾讯大厦1楼"))
            .store_business(|b| b.service_phone("").business_hours("周一至周五 09:00-20:00"))
            .store_recipient(|list| list.push(|one| one.mchid("1230000109")))
    });
    create.await.unwrap();
    let sent = body(&sandbox);
    assert!(!has_empty(&sent), "{sent}");
}

#[tokio::test]
async fn an_update_refuses_every_other_empty_value() {
    let (sandbox, wx) = sandbox().await;
    let user_card = || {
        let cards = wx.v3().brand().partner().card_member().user_cards();
        let card = cards.user_card_code("478515832665");
        card.patch(|r| r.card_id("pbLatjvWOibDc5").brand_id("1004").openid("obLatjnx9"))
    };
    assert_refused(&sandbox, user_card().with(|r| r.phone_number("")), "phone_number").await;
    assert_refused(&sandbox, user_card().with(|r| r.pickup_time("")), "pickup_time").await;

    let stock = wx.v3().marketing().busifavor().stocks().stock_id("101156451224");
    let named = || stock.patch(|r| r.out_request_no("1"));
    assert_refused(&sandbox, named().with(|r| r.stock_name("")), "stock_name").await;
    let call = named().with(|r| r.custom_entrance(|c| c.hall_id("")));
    assert_refused(&sandbox, call, "custom_entrance.hall_id").await;

    let rights = wx.v3().marketing().membercard_open().cards().card_id("1").rights().patch();
    let bonus = rights.with(|r| r.bonus(|b| b.init_bonus(1).bonus_jump_appid("")));
    assert_refused(&sandbox, bonus, "bonus.bonus_jump_appid").await;

    let url = wx.v3().merchant_risk_manage().violation_notifications().put();
    assert_refused(&sandbox, url.with(|r| r.notify_url("")), "notify_url").await;

    let order = wx.v3().payscore().serviceorder().out_order_no("order-1").modify();
    let order = order.post(|r| {
        let r = r.appid("wxd678efh567hg6787").service_id("1").post_payments(|list| list);
        r.total_amount(0).reason("用户投诉").device(|d| d.start_device_id("1").end_device_id(""))
    });
    let error = order.await.unwrap_err().to_string();
    assert!(error.contains("device.end_device_id: it must not be empty"), "{error}");
    assert!(error.contains("or leave it out, and what is stored stays as it is"), "{error}");
    assert!(sandbox.received().is_empty());
}

#[tokio::test]
async fn open_json_that_is_required_is_not_null_and_keeps_its_own_nulls() {
    let (sandbox, wx) = sandbox().await;
    let submit = |data: Value| {
        let records = wx.v3().mch_manage().mch_manage_records();
        let record = records.manage_record_id("M1210999900435123451697535102441");
        record.mch_manage_submissions().post(|r| r.sub_mchid("123000110").submit_data(data))
    };
    assert_refused(&sandbox, submit(Value::Null), "submit_data").await;
    let own = json!({ "a": null, "b": [null, ""], "c": [] });
    submit(own.clone()).await.unwrap();
    let sent = body(&sandbox)["submit_data"].as_str().unwrap().to_owned();
    assert_eq!(serde_json::from_str::<Value>(&sent).unwrap(), own);
}

#[test]
fn a_required_member_of_open_json_is_refused_where_it_is_null() {
    struct Body(Value);

    impl Encode for Body {
        fn encode(&self, out: Encoder<'_>) {
            out.object().put("data", &self.0);
        }
    }

    let error = encode(&Body(Value::Null), None).unwrap_err().to_string();
    assert!(error.starts_with("data: it must not be empty"), "{error}");
    let sent = encode(&Body(json!([null, { "a": null }])), None).unwrap();
    assert_eq!(sent, br#"{"data":[null,{"a":null}]}"#);
    assert_eq!(encode(&Value::Null, None).unwrap(), b"null", "a whole body is the caller's own");
}

#[tokio::test]
async fn an_untyped_call_sends_what_the_caller_gave() {
    let (sandbox, wx) = sandbox().await;
    let given = json!({ "attach": "", "list": [], "nothing": null });
    let _ = wx.post("/v3/not/known", given.clone()).await;
    assert_eq!(body(&sandbox), given);
    let _ = wx.patch("/v3/not/known", given.clone()).await;
    assert_eq!(body(&sandbox), given);
    let _ = wx.post("/v3/not/known", Some(Value::Null)).await;
    assert_eq!(body(&sandbox), Value::Null);
}

#[tokio::test]
async fn one_value_in_two_places_is_sent_only_where_it_was_set_and_never_in_both() {
    let (sandbox, wx) = sandbox().await;
    let apply = || {
        let call = wx.v3().apply4subject().applyment();
        call.post(|r| applyment(r, "SUBJECT_TYPE_INDIVIDUAL"))
    };
    let both = apply().with(|r| r.query_channel_id("12345678").channel_id("12345678"));
    let error = both.await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotSent);
    let text = error.to_string();
    assert!(text.contains("`query_channel_id` and `channel_id` are both set"), "{text}");
    assert!(sandbox.received().is_empty());

    let seen = |sandbox: &Sandbox| {
        let target = sandbox.received().pop().unwrap().target;
        (target.contains("channel_id=12345678"), body(sandbox).get("channel_id").is_some())
    };
    apply().with(|r| r.query_channel_id("12345678").channel_id("")).await.unwrap();
    assert_eq!(seen(&sandbox), (true, false));
    apply().with(|r| r.channel_id("12345678")).await.unwrap();
    assert_eq!(seen(&sandbox), (false, true));
    apply().await.unwrap();
    assert_eq!(seen(&sandbox), (false, false));
}

type Start = wxpay_api::v3::apply4subject::applyment::post::request::Needs<
    wxpay_api::v3::apply4subject::applyment::post::request::needs::business_code,
>;

fn applyment(
    start: Start,
    subject_type: &str,
) -> wxpay_api::v3::apply4subject::applyment::post::Request {
    start
        .business_code("1900013511_10000")
        .contact_info(|c| c.contact_type("LEGAL").name("张三").mobile("13900000000"))
        .subject_info(|s| s.subject_type(subject_type))
        .identification_info(|i| {
            i.identification_type("IDENTIFICATION_TYPE_IDCARD").identification_name("张三")
        })
}

/// A text that is often empty, or only white space.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), Just(" ".to_owned()), "[a-z]{1,4}"]
}

/// Whether `""`, `[]` or `null` stands anywhere.
fn has_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty() || list.iter().any(has_empty),
        Value::Object(members) => members.values().any(has_empty),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

proptest! {
    /// A request is refused if a required text or an element is empty. Otherwise it has nothing
    /// empty in it.
    #[test]
    fn no_request_sends_anything_empty(
        [description, openid, goods_id] in [text(), text(), text()],
        [attach, tag, expire, name] in
            [option::of(text()), option::of(text()), option::of(text()), option::of(text())],
        limits in option::of(collection::vec(text(), 0..3)),
    ) {
        let mut request = order(&description, &openid);
        request.attach = attach;
        request.goods_tag = tag;
        request.time_expire = expire.map(Into::into);
        request = match &limits {
            Some(limits) => request.limit_pay(limits.iter().map(String::as_str)),
            None => request,
        };
        request = request.detail(|d| d.goods_detail(|list| list.push(|g| {
            let mut goods = g.merchant_goods_id(goods_id.as_str()).quantity(1).unit_price(1);
            goods.goods_name = name;
            goods
        })));
        let limits = limits.unwrap_or_default();
        let refused = [&description, &openid, &goods_id].into_iter().chain(&limits).any(String::is_empty);
        match jsapi::operation(request).prepare(None) {
            Ok(prepared) => {
                let body: Value = serde_json::from_slice(&prepared.body.to_bytes()).unwrap();
                assert!(!refused && !has_empty(&body), "{body}");
            }
            Err(error) => {
                assert!(refused, "{error}");
                assert!(error.to_string().contains("it must not be empty"), "{error}");
            }
        }
    }

    /// An update is refused, or sends every value that was set.
    #[test]
    fn no_update_leaves_out_a_value_that_was_set(
        [sub_mchid, qr_code, avatar] in [option::of(text()), option::of(text()), option::of(text())],
    ) {
        let mut request = guide::Request::builder();
        request.sub_mchid.clone_from(&sub_mchid);
        request.qr_code.clone_from(&qr_code);
        request.avatar.clone_from(&avatar);
        let operation = guide::operation("LLA3WJ6DSZUfiaZDS79FH5Wm5m4X69TBic").with(|_| request);
        match operation.prepare(None) {
            Ok(prepared) => {
                let body: Value = serde_json::from_slice(&prepared.body.to_bytes()).unwrap();
                for (name, set) in [("sub_mchid", &sub_mchid), ("qr_code", &qr_code), ("avatar", &avatar)] {
                    assert_eq!(body.get(name).and_then(Value::as_str), set.as_deref(), "{name}");
                }
                assert_ne!(sub_mchid.as_deref(), Some(""), "no id is sent empty");
            }
            Err(error) => {
                assert_eq!(sub_mchid.as_deref(), Some(""));
                assert!(error.to_string().contains("sub_mchid: it must not be empty"), "{error}");
            }
        }
    }
}
