//! Lists, in pages.

use serde_json::{Value, json};

use crate::support::start;

fn numbers(list: &Value) -> Vec<&str> {
    list["data"].as_array().unwrap().iter().map(|it| it["out_trade_no"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_list_has_what_fulfils_its_conditions() {
    let shop = start().await;
    assert_eq!(shop.get("/v3/shop/orders").await, json!({ "data": [], "total_count": 0 }));
    for number in ["A1", "A2", "A3"] {
        shop.order(number, 7).await;
    }
    shop.paid("A4", 7).await;
    let all = shop.get("/v3/shop/orders").await;
    assert_eq!(numbers(&all), ["A1", "A2", "A3", "A4"]);
    assert_eq!(numbers(&shop.get("/v3/shop/orders?state=SUCCESS").await), ["A4"]);
    let page = shop.get("/v3/shop/orders?offset=1&limit=2&state=NOTPAY").await;
    assert_eq!(numbers(&page), ["A2", "A3"]);
    assert_eq!((&page["total_count"], &page["offset"]), (&json!(3), &json!(1)));
    let beyond = shop.get("/v3/shop/orders?offset=9").await;
    assert_eq!((numbers(&beyond).len(), &beyond["total_count"]), (0, &json!(4)));
}

#[tokio::test]
async fn a_list_shows_only_the_merchants_own() {
    let shop = start().await;
    shop.order("A1", 7).await;
    let other = shop.sandbox.add_merchant("1900000001").unwrap().client().unwrap();
    assert_eq!(other.get("/v3/shop/orders").await.unwrap()["total_count"], 0);
}
