//! Lists that come in pages: every element once, no page too many, and a way to go on after an error.

use futures_util::{StreamExt as _, TryStreamExt as _};
use proptest::prelude::{ProptestConfig, proptest};
use serde_json::{Value, json};
use wxpay_api::sandbox::{PlannedResponse, Sandbox};
use wxpay_api::v3::marketing::favor::stocks::get as stocks;
use wxpay_api::v3::marketing::partner::product_coupon::product_coupons::_product_coupon_id_::stocks::get as coupons;
use wxpay_api::v3::merchant_service::complaints_v2::get as complaints;
use wxpay_api::{Call, Client, ErrorKind, InputError, Outcome, PageError, Retries};

use crate::sandbox;

const COMPLAINTS: &str = "/v3/merchant-service/complaints-v2";
const STOCKS: &str = "/v3/marketing/favor/stocks";
const COUPONS: &str =
    "/v3/marketing/partner/product-coupon/product-coupons/{product_coupon_id}/stocks";

/// Complaints are a list by offset.
fn by_offset(wx: &Client) -> Call<complaints::Operation> {
    wx.v3()
        .merchant_service()
        .complaints_v2()
        .get(|r| r.begin_date("2019-01-01").end_date("2019-01-02"))
        .retries(Retries::none())
}

/// Stocks are a list by the page's number.
fn by_number(wx: &Client, limit: i64) -> Call<stocks::Operation> {
    wx.v3()
        .marketing()
        .favor()
        .stocks()
        .get(|r| r.offset(0).limit(limit).stock_creator_mchid("9800064"))
}

/// Stocks of product coupons are a list by token.
fn by_token(wx: &Client) -> Call<coupons::Operation> {
    let coupons = wx.v3().marketing().partner().product_coupon().product_coupons();
    coupons.product_coupon_id("200000001").stocks().get(|r| r.brand_id("120344"))
}

fn complaint(number: usize) -> Value {
    json!({ "complaint_id": number.to_string() })
}

/// Plans the pages of a list by offset, as WeChat Pay would cut them.
fn plan(sandbox: &Sandbox, total: usize, limit: usize) {
    for begin in (0..total).step_by(limit) {
        let data: Vec<Value> = (begin..total.min(begin + limit)).map(complaint).collect();
        let page = json!({ "data": data, "limit": limit, "offset": begin, "total_count": total });
        sandbox.respond("GET", COMPLAINTS, PlannedResponse::json(page)).unwrap();
    }
}

/// The value of one input in every request that came.
fn sent(sandbox: &Sandbox, name: &str) -> Vec<Option<String>> {
    let value = |target: &str| {
        let query = target.split_once('?').map_or("", |(_, query)| query);
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.filter(|(key, _)| *key == name).map(|(_, value)| value.to_owned()).next()
    };
    sandbox.received().iter().map(|request| value(&request.target)).collect()
}

async fn ids(call: Call<complaints::Operation>) -> Result<Vec<String>, PageError> {
    call.items().map_ok(|complaint| complaint.complaint_id).try_collect().await
}

#[tokio::test]
async fn a_list_by_offset_is_read_to_its_end() {
    let (sandbox, wx) = sandbox().await;
    plan(&sandbox, 5, 2);
    let read = ids(by_offset(&wx).with(|r| r.limit(2))).await.unwrap();
    assert_eq!(read, ["0", "1", "2", "3", "4"]);
    let offsets = sent(&sandbox, "offset");
    assert_eq!(offsets, [Some("0"), Some("2"), Some("4")].map(|one| one.map(str::to_owned)));
}

#[tokio::test]
async fn a_limit_that_wechat_pay_lowers_skips_nothing() {
    let (sandbox, wx) = sandbox().await;
    plan(&sandbox, 5, 2);
    let read = ids(by_offset(&wx).with(|r| r.limit(50))).await.unwrap();
    assert_eq!(read, ["0", "1", "2", "3", "4"]);
}

#[tokio::test]
async fn a_list_by_number_counts_pages() {
    let (sandbox, wx) = sandbox().await;
    for names in [["甲", "乙"].as_slice(), &["丙"]] {
        let data: Vec<_> = names.iter().map(|name| json!({ "stock_name": name })).collect();
        let page = json!({ "data": data, "limit": 2, "offset": 0, "total_count": 3 });
        sandbox.respond("GET", STOCKS, PlannedResponse::json(page)).unwrap();
    }
    let mut items = by_number(&wx, 2).items();
    let mut names = Vec::new();
    while let Some(stock) = items.next().await {
        names.push(stock.unwrap().stock_name);
    }
    assert_eq!(names, ["甲", "乙", "丙"]);
    assert_eq!(sent(&sandbox, "offset"), [Some("0".to_owned()), Some("1".to_owned())]);
}

#[tokio::test]
async fn a_list_by_token_ends_without_a_token_and_at_one_that_came_before() {
    for last in ["", "one"] {
        let (sandbox, wx) = sandbox().await;
        for next in ["one", "two", last] {
            let page = json!({ "total_count": 90, "next_page_token": next, "stock_list": [{}] });
            sandbox.respond("GET", COUPONS, PlannedResponse::json(page)).unwrap();
        }
        let pages: Vec<_> = by_token(&wx).pages().collect().await;
        assert!(pages.iter().all(Result::is_ok));
        let position = wxpay_api::PagePosition::Token("token of a user".to_owned());
        assert!(!format!("{position:?} {position}").contains("token of a user"));
        let tokens = [None, Some("one".to_owned()), Some("two".to_owned())];
        assert_eq!(sent(&sandbox, "page_token"), tokens, "{last}");
    }
}

#[tokio::test]
async fn an_empty_page_ends_a_list_that_promises_more_and_says_what_is_missing() {
    let (sandbox, wx) = sandbox().await;
    for data in [json!([complaint(0)]), json!([])] {
        let page = json!({ "data": data, "limit": 1, "offset": 0, "total_count": 1000 });
        sandbox.respond("GET", COMPLAINTS, PlannedResponse::json(page)).unwrap();
    }
    let mut items = by_offset(&wx).items();
    assert_eq!(items.next().await.unwrap().unwrap().complaint_id, "0");
    assert_eq!(items.missing(), None, "the list goes on");
    assert!(items.next().await.is_none());
    assert_eq!((items.missing(), sandbox.received().len()), (Some(999), 2));
}

#[tokio::test]
async fn pages_end_when_as_many_elements_came_as_there_are() {
    let (sandbox, wx) = sandbox().await;
    // A server that has forgotten the offset.
    for _ in 0..20 {
        let data = [complaint(0), complaint(1)];
        let page = json!({ "data": data, "limit": 10, "offset": 0, "total_count": 30 });
        sandbox.respond("GET", COMPLAINTS, PlannedResponse::json(page)).unwrap();
    }
    let read = ids(by_offset(&wx).with(|r| r.limit(50))).await.unwrap();
    assert_eq!((sandbox.received().len(), read.len()), (15, 30));
}

#[tokio::test]
async fn tokens_that_never_end_stop_with_the_total() {
    let (sandbox, wx) = sandbox().await;
    for next in 0..20 {
        let next = next.to_string();
        let page =
            json!({ "total_count": 30, "next_page_token": next, "stock_list": [{}, {}, {}] });
        sandbox.respond("GET", COUPONS, PlannedResponse::json(page)).unwrap();
    }
    let pages: Vec<_> = by_token(&wx).pages().collect().await;
    assert_eq!((pages.len(), sandbox.received().len()), (11, 11), "30 / 3 + 1");
}

/// Plans a list of stocks, whose pages have a number, with these many elements on its pages.
fn plan_stocks(sandbox: &Sandbox, pages: &[usize], limit: usize, total: usize) {
    let mut names = 0..;
    for count in pages {
        let data: Vec<_> = names
            .by_ref()
            .take(*count)
            .map(|name| json!({ "stock_name": name.to_string() }))
            .collect();
        let page = json!({ "data": data, "limit": limit, "offset": 0, "total_count": total });
        sandbox.respond("GET", STOCKS, PlannedResponse::json(page)).unwrap();
    }
}

#[tokio::test]
async fn pages_with_fewer_elements_than_the_limit_they_repeat_are_all_read() {
    let (sandbox, wx) = sandbox().await;
    for begin in [0, 2, 4] {
        let data: Vec<Value> = (begin..5.min(begin + 2)).map(complaint).collect();
        let page = json!({ "data": data, "limit": 50, "offset": begin, "total_count": 5 });
        sandbox.respond("GET", COMPLAINTS, PlannedResponse::json(page)).unwrap();
    }
    let read = ids(by_offset(&wx).with(|r| r.limit(50))).await.unwrap();
    assert_eq!(read, ["0", "1", "2", "3", "4"]);
    assert_eq!(sent(&sandbox, "offset")[1..], ["2", "4"].map(|one| Some(one.to_owned())));

    let (sandbox, wx) = self::sandbox().await;
    plan_stocks(&sandbox, &[2, 2, 1], 10, 5);
    let read: Vec<_> = by_number(&wx, 10).items().try_collect().await.unwrap();
    assert_eq!((read.len(), sandbox.received().len()), (5, 3));
}

#[tokio::test]
async fn a_total_on_the_first_page_counts_for_all_pages() {
    let (sandbox, wx) = sandbox().await;
    for (begin, total) in [(0, Some(5)), (2, None), (4, None)] {
        let data: Vec<Value> = (begin..5.min(begin + 2)).map(complaint).collect();
        let page = json!({ "data": data, "limit": 50, "offset": begin, "total_count": total });
        sandbox.respond("GET", COMPLAINTS, PlannedResponse::json(page)).unwrap();
    }
    let read = ids(by_offset(&wx).with(|r| r.limit(50))).await.unwrap();
    assert_eq!((read.len(), sandbox.received().len()), (5, 3));
}

#[tokio::test]
async fn a_list_by_number_goes_on_in_the_middle_and_ends_with_its_last_page() {
    let (sandbox, wx) = sandbox().await;
    plan_stocks(&sandbox, &[2, 2, 1], 2, 7);
    let position = wxpay_api::PagePosition::Number(1);
    let mut items = by_number(&wx, 2).items().starting_at(position);
    let mut count = 0;
    while let Some(stock) = items.next().await {
        stock.unwrap();
        count += 1;
    }
    assert_eq!((count, sandbox.received().len(), items.missing()), (5, 3, None));
}

const DETAILS: &str = "/v3/partner-transfer/batches/batch-id/{batch_id}";

/// Details of transfers are a list by offset that has neither a total nor a repeated limit.
async fn details(pages: &[&[&str]]) -> (usize, usize) {
    let (sandbox, wx) = sandbox().await;
    for names in pages {
        let list: Vec<_> = names.iter().map(|name| json!({ "detail_id": name })).collect();
        let page = json!({ "transfer_detail_list": list });
        sandbox.respond("GET", DETAILS, PlannedResponse::json(page)).unwrap();
    }
    let batch = wx.v3().partner_transfer().batches().batch_id().batch_id("1");
    let call = batch.get(|r| r.need_query_detail(true)).with(|r| r.offset(0).limit(100));
    let call = call.retries(Retries::none());
    let read: Vec<_> = call.items().try_collect().await.unwrap();
    (read.len(), sandbox.received().len())
}

#[tokio::test]
async fn a_list_without_a_total_is_read_although_its_pages_are_smaller_than_asked_for() {
    assert_eq!(
        details(&[&["a", "b"], &["c", "d"], &["e"]]).await,
        (5, 3),
        "a shorter page ends it"
    );
    assert_eq!(details(&[&["a", "b"], &["c", "d"], &[]]).await, (4, 3));
    assert_eq!(details(&[&["a"], &["a"], &["a"]]).await, (1, 2), "the same page again ends it");
}

#[tokio::test]
async fn the_caller_may_cap_the_pages_and_go_on_later() {
    let (sandbox, wx) = sandbox().await;
    plan(&sandbox, 5, 2);
    let mut pages = by_offset(&wx).with(|r| r.limit(2)).pages().max_pages(1);
    assert_eq!(pages.next().await.unwrap().unwrap().value.data.len(), 2);
    assert!(pages.next().await.is_none());
    let position = pages.position().unwrap().clone();
    let rest = by_offset(&wx).with(|r| r.limit(2)).items().starting_at(position);
    let rest: Vec<_> = rest.map_ok(|one| one.complaint_id).try_collect().await.unwrap();
    assert_eq!(rest, ["2", "3", "4"]);
}

#[tokio::test]
async fn an_error_names_its_page_and_the_list_goes_on_there() {
    let (sandbox, wx) = sandbox().await;
    let first = json!({ "data": [complaint(0)], "limit": 1, "offset": 0, "total_count": 2 });
    sandbox.respond("GET", COMPLAINTS, PlannedResponse::json(first)).unwrap();
    sandbox.respond("GET", COMPLAINTS, PlannedResponse::error(403, "NO_AUTH", "no")).unwrap();
    let mut items = by_offset(&wx).with(|r| r.limit(1)).items();
    assert_eq!(items.next().await.unwrap().unwrap().complaint_id, "0");
    let error = items.next().await.unwrap().unwrap_err();
    assert_eq!(error.error().outcome(), Outcome::Refused);
    assert_eq!(error.to_string(), "the list could not be read on from offset 1");
    assert!(items.next().await.is_none(), "a failed list is asked for once");

    let second = json!({ "data": [complaint(1)], "limit": 1, "offset": 1, "total_count": 2 });
    sandbox.respond("GET", COMPLAINTS, PlannedResponse::json(second)).unwrap();
    let rest = by_offset(&wx).with(|r| r.limit(1)).items().starting_at(error.position().clone());
    let rest: Vec<_> = rest.map_ok(|one| one.complaint_id).try_collect().await.unwrap();
    assert_eq!(rest, ["1"]);
}

#[tokio::test]
async fn a_position_of_another_kind_of_list_is_refused() {
    let (sandbox, wx) = sandbox().await;
    let position = by_offset(&wx).pages().position().unwrap().clone();
    let error = by_number(&wx, 2).pages().starting_at(position).next().await.unwrap().unwrap_err();
    let kind = error.error().kind();
    assert!(matches!(kind, ErrorKind::Input(InputError::PagePosition { .. })), "{kind:?}");
    assert!(sandbox.received().is_empty());
}

#[tokio::test]
async fn a_dropped_future_loses_no_page() {
    let (sandbox, wx) = sandbox().await;
    plan(&sandbox, 2, 1);
    let mut items = by_offset(&wx).with(|r| r.limit(1)).items();
    for _ in 0..50 {
        let _ = tokio::time::timeout(std::time::Duration::ZERO, items.next()).await;
        if !sandbox.received().is_empty() {
            break;
        }
    }
    let rest: Vec<_> = items.map_ok(|one| one.complaint_id).try_collect().await.unwrap();
    // What was ready within a dropped future had been returned by it.
    assert!(rest.ends_with(&["1".to_owned()]), "{rest:?}");
    assert_eq!(sandbox.received().len(), 2);
}

#[test]
fn every_element_comes_once_and_no_page_too_many() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (sandbox, wx) = runtime.block_on(sandbox());
    proptest!(ProptestConfig::with_cases(64), |(total in 0_usize..40, limit in 1_usize..12, asked in proptest::option::of(1_i64..20))| {
        let before = sandbox.received().len();
        plan(&sandbox, total.max(1), limit);
        let call = by_offset(&wx);
        let call = if let Some(asked) = asked { call.with(|r| r.limit(asked)) } else { call };
        let read = runtime.block_on(ids(call)).unwrap();
        let every: Vec<String> = (0..total.max(1)).map(|number| number.to_string()).collect();
        assert_eq!(read, every);
        assert!(sandbox.received().len() - before <= total.max(1) / limit + 1);
    });
}
