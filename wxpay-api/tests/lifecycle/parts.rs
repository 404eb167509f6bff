//! A whole and its parts, which have a lifecycle of their own.

use serde_json::{Value, json};

use crate::support::{Fixture, start};

async fn batch(shop: &Fixture, number: &str, items: &[(&str, i64)]) -> Value {
    let items =
        items.iter().map(|(number, amount)| json!({ "out_item_no": number, "amount": amount }));
    let items: Vec<_> = items.collect();
    shop.post("/v3/shop/batches", json!({ "out_batch_no": number, "items": items })).await
}

#[tokio::test]
async fn the_whole_shows_its_parts() {
    let shop = start().await;
    let made = batch(&shop, "B1", &[("I1", 3), ("I2", 4)]).await;
    assert_eq!(made["total"], 7);
    assert_eq!(made["items"][1]["out_item_no"], "I2");
    assert_eq!(made["items"][1]["state"], "WAITING");
    assert!(made["items"][0]["item_id"].is_i64(), "a number where the descriptor says so: {made}");
    shop.sandbox.resource("shop/item", "I1").unwrap().event("fail").unwrap();
    let queried = shop.get("/v3/shop/batches/B1").await;
    assert_eq!(queried["items"][0]["state"], "FAILED");
    assert_eq!(queried["items"][1]["state"], "WAITING");
}

#[tokio::test]
async fn an_event_of_the_whole_leaves_finished_parts_alone() {
    let shop = start().await;
    batch(&shop, "B1", &[("I1", 3), ("I2", 4), ("I3", 5)]).await;
    let whole = shop.sandbox.resource("shop/batch", "B1").unwrap();
    whole.parts().unwrap()[1].event("fail").unwrap();
    whole.event("finish").unwrap();
    let states: Vec<_> = whole.parts().unwrap().iter().map(|part| part.state().unwrap()).collect();
    assert_eq!(states, ["DONE", "FAILED", "DONE"]);
    assert_eq!(whole.state().unwrap(), "FINISHED");
    // A part reads its whole.
    assert_eq!(shop.get("/v3/shop/batches/B1").await["items"][0]["batch"], "B1");
}

#[tokio::test]
async fn an_effect_on_parts_has_a_condition_and_inputs() {
    let shop = start().await;
    for (number, item, amount, expected) in
        [("B1", "I1", 99, json!("CANCELLED")), ("B2", "I2", 100, Value::Null)]
    {
        batch(&shop, number, &[(item, amount)]).await;
        shop.sandbox.resource("shop/batch", number).unwrap().event("cancel").unwrap();
        let shown = shop.get(&format!("/v3/shop/batches/{number}")).await;
        assert_eq!(shown["items"][0]["reason"], expected);
    }
}

#[tokio::test]
async fn the_number_of_a_part_is_unique_too() {
    let shop = start().await;
    batch(&shop, "B1", &[("I1", 3)]).await;
    let items = json!([{ "out_item_no": "I2", "amount": 1 }, { "out_item_no": "I1", "amount": 1 }]);
    let body = json!({ "out_batch_no": "B2", "items": items });
    assert_eq!(shop.refused("/v3/shop/batches", body).await, "400 INVALID_REQUEST");
    assert!(shop.sandbox.resource("shop/batch", "B2").is_err());
    assert!(shop.sandbox.resource("shop/item", "I2").is_err(), "all or nothing");
    let items = json!([{ "out_item_no": "I3", "amount": 1 }, { "out_item_no": "I3", "amount": 1 }]);
    let body = json!({ "out_batch_no": "B3", "items": items });
    assert_eq!(shop.refused("/v3/shop/batches", body).await, "400 PARAM_ERROR");
}
