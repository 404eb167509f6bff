//! The keys by which a guard recognises a notification.

use crate::contract::keys;

fn texts(id: &str, number: &str) -> Vec<String> {
    keys(id, number).iter().map(str::to_owned).collect()
}

#[test]
fn a_key_names_the_merchant_and_the_id_or_the_event_and_its_state() {
    let expected =
        ["1900000109/id/EV-1", "1900000109/TRANSACTION.SUCCESS/transaction/order-1/SUCCESS"];
    assert_eq!(texts("EV-1", "order-1"), expected);
}

#[test]
fn missing_ids_make_no_key() {
    assert_eq!(texts("EV-1", "").len(), 1);
    assert_eq!(texts("", "order-1").len(), 1);
    assert!(texts("", "").is_empty());
}

#[test]
fn ids_are_escaped_so_that_keys_do_not_collide() {
    let slash = keys("EV-1", "order/1");
    assert!(slash.iter().any(|key| key.ends_with("/order%2F1/SUCCESS")), "{slash:?}");
    assert_eq!(texts("单号 1", "")[0], "1900000109/id/%E5%8D%95%E5%8F%B7%201");
}

#[test]
fn another_state_of_the_same_number_is_another_event() {
    let one = keys("EV-1", "order-1");
    let both = one.clone().and_state("order-1", "REFUND");
    assert_eq!(both.iter().count(), 3);
    let [_, success, refund] = both.iter().collect::<Vec<_>>()[..] else { panic!("{both:?}") };
    assert_ne!(success, refund);
}
