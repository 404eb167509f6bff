//! Example responses of lists: the total is the number of elements, and no page follows the last.

use serde_json::{Value, json};
use wxpay_api::sandbox::Sandbox;

use crate::support::Forgery;

/// A book with a list in pages.
fn book(pages: &Value) -> String {
    let number = |name: &str, example: i64| json!({ "name": name, "required": false, "schema": { "type": "integer" }, "example": example });
    let text = |name: &str| json!({ "name": name, "required": false, "schema": { "type": "string" }, "example": "next" });
    let item = json!({ "type": "object", "members": [text("id")] });
    let list =
        json!({ "name": "data", "required": true, "schema": { "type": "list", "items": item } });
    let operation = json!({
        "method": "GET", "path": "/v3/lists", "status": 200, "pages": pages,
        "query": [number("offset", 0), number("page", 1), number("limit", 10), text("token")],
        "response": { "type": "object", "members": [
            list, number("total_count", 1000), number("offset", 0), text("next_token"),
        ] },
    });
    json!({ "operations": [operation] }).to_string()
}

async fn get(pages: &Value, query: &str) -> Value {
    let sandbox = Sandbox::builder().examples().book(book(pages)).start().await.unwrap();
    let got = Forgery::get(&format!("/v3/lists{query}")).send(&sandbox).await;
    assert_eq!(got.status, 200, "{}", got.text());
    got.json()
}

fn length(list: &Value) -> usize {
    list["data"].as_array().unwrap().len()
}

#[tokio::test]
async fn a_list_by_offset_ends() {
    let pages = json!({
        "items": "data", "input": "offset", "by": "offset", "total": "total_count",
    });
    for (query, found) in
        [("", 1), ("?offset=0", 1), ("?offset=1", 0), ("?offset=1000&limit=10", 0)]
    {
        let list = get(&pages, query).await;
        assert_eq!((length(&list), &list["total_count"]), (found, &json!(1)), "{query}");
    }
    assert_eq!(get(&pages, "?offset=7").await["offset"], 7);
}

#[tokio::test]
async fn a_list_by_number_ends() {
    for (first, query, found) in
        [(0, "?page=0", 1), (0, "?page=1", 0), (1, "?page=1", 1), (1, "?page=2", 0)]
    {
        let pages = json!({
            "items": "data", "input": "page", "by": "number", "first": first,
            "total": "total_count",
        });
        let list = get(&pages, query).await;
        assert_eq!((length(&list), &list["total_count"]), (found, &json!(1)), "{first} {query}");
    }
}

#[tokio::test]
async fn a_list_by_token_ends() {
    let pages = json!({
        "items": "data", "input": "token", "by": "token", "next": "next_token",
    });
    for (query, found) in [("", 1), ("?token=", 1), ("?token=next", 0)] {
        let list = get(&pages, query).await;
        assert_eq!((length(&list), &list["next_token"]), (found, &json!("")), "{query}");
        assert_eq!(list["total_count"], 1, "an undocumented total counts, too");
    }
}

#[tokio::test]
async fn a_test_of_examples_gets_the_whole_one() {
    let pages =
        json!({ "items": "data", "by": "offset", "input": "offset", "total": "total_count" });
    let sandbox = Sandbox::builder().book(book(&pages)).examples_only().start().await.unwrap();
    let list = Forgery::get("/v3/lists?offset=7").send(&sandbox).await.json();
    assert_eq!((length(&list), &list["total_count"]), (1, &json!(1000)));
}

#[tokio::test]
async fn a_list_that_is_not_in_pages_has_its_total() {
    let list = get(&Value::Null, "?offset=7").await;
    assert_eq!((length(&list), &list["total_count"]), (1, &json!(1)));
}

#[cfg(feature = "full")]
#[tokio::test]
async fn the_obvious_loop_over_a_real_list_ends() {
    use futures_util::TryStreamExt as _;

    let sandbox = Sandbox::builder().examples().start().await.unwrap();
    let wx = sandbox.client().unwrap();
    let complaints = wx.v3().merchant_service().complaints_v2();
    let call = complaints.get(|r| r.begin_date("2019-01-01").end_date("2019-01-02"));
    let items: Vec<_> = call.items().try_collect().await.unwrap();
    assert_eq!(items.len(), 1);
    let stocks = wx.v3().marketing().favor().stocks();
    let call = stocks.get(|r| r.offset(0).limit(10).stock_creator_mchid("9800064"));
    let items: Vec<_> = call.items().try_collect().await.unwrap();
    assert_eq!(items.len(), 1);
}
