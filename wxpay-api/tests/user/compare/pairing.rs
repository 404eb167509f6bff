//! The pairing of sub-orders: there is no difference if a pairing without one exists.

use proptest::prelude::*;
use serde_json::{Value, json};
use wxpay_api::compare::{ExpectedCombinedPayment, ExpectedSubOrder};
use wxpay_api::v3::combine_transactions::types::CombineTransaction;

use super::{paths, read};

/// A sub-order of few possible values, so that many share numbers and merchants.
#[derive(Clone, Debug)]
struct Sold {
    number: &'static str,
    shop: &'static str,
    app: &'static str,
    total: i64,
}

impl Sold {
    fn json(&self) -> Value {
        json!({
            "mchid": "1900000109", "out_trade_no": self.number, "sub_mchid": self.shop,
            "sub_appid": self.app, "trade_state": "SUCCESS",
            "amount": { "total_amount": self.total },
        })
    }

    /// The expected sub-order, with or without the shop and the app.
    fn ordered(&self, shop: bool, app: bool) -> ExpectedSubOrder {
        let mut order = ExpectedSubOrder::new("1900000109", self.number, self.total);
        if shop {
            order = order.sub_mchid(self.shop);
        }
        if app {
            order = order.sub_appid(self.app);
        }
        order
    }
}

fn sold() -> impl Strategy<Value = Sold> {
    let one_of = proptest::sample::select::<&'static str>;
    let total = prop_oneof![4 => Just(1_i64), 1 => Just(2)];
    (one_of(vec!["a", "b"]), one_of(vec!["1", "2", "3"]), one_of(vec!["wx1", "wx2"]), total)
        .prop_map(|(number, shop, app, total)| Sold { number, shop, app, total })
}

/// Sub-orders, each with whether its order states the shop and the app.
fn basket() -> impl Strategy<Value = Vec<(Sold, bool, bool)>> {
    proptest::collection::vec((sold(), any::<bool>(), any::<bool>()), 1..6)
}

fn orders(basket: &[(Sold, bool, bool)]) -> Vec<ExpectedSubOrder> {
    basket.iter().map(|(sold, shop, app)| sold.ordered(*shop, *app)).collect()
}

fn expected(orders: impl IntoIterator<Item = ExpectedSubOrder>) -> ExpectedCombinedPayment {
    ExpectedCombinedPayment::new("1900000109", "basket-1").sub_orders(orders)
}

fn paid<'a>(sold: impl IntoIterator<Item = &'a Sold>) -> CombineTransaction {
    let sub_orders: Vec<_> = sold.into_iter().map(Sold::json).collect();
    read(&json!({
        "combine_mchid": "1900000109", "combine_out_trade_no": "basket-1", "sub_orders": sub_orders,
    }))
}

/// Whether some pairing gives each order a different sub-order. Tries every pairing.
fn is_possible(orders: &[ExpectedSubOrder], sold: &[Sold]) -> bool {
    let Some((first, rest)) = orders.split_first() else { return sold.is_empty() };
    (0..sold.len()).any(|index| {
        let mut others = sold.to_vec();
        let one = others.remove(index);
        expected([first.clone()]).check(&paid([&one])).is_ok() && is_possible(rest, &others)
    })
}

/// The differences, each with the content of its sub-order in place of the index.
fn described(orders: Vec<ExpectedSubOrder>, sold: &[Sold]) -> Vec<String> {
    let Err(mismatch) = expected(orders).check(&paid(sold)) else { return Vec::new() };
    let place = |path: &str| match path.strip_prefix("sub_orders[").and_then(|p| p.split_once(']'))
    {
        Some((index, member)) if !index.is_empty() => {
            format!("{:?}{member}", sold[index.parse::<usize>().unwrap()])
        }
        _ => path.to_owned(),
    };
    let one = |difference: &wxpay_api::compare::Difference| {
        format!("{} {:?} {:?}", place(difference.path()), difference.expected(), difference.found())
    };
    let mut described: Vec<_> = mismatch.differences().iter().map(one).collect();
    described.sort();
    described
}

#[test]
fn an_order_that_states_less_does_not_take_the_sub_order_of_one_that_states_more() {
    let a = |shop| Sold { number: "a", shop, app: "wx1", total: 1 };
    let (any, of_one) = (a("1").ordered(false, false), a("1").ordered(true, false));
    let found = paid(&[a("1"), a("2")]);
    assert_eq!(paths(expected([any.clone(), of_one.clone()]).check(&found)), [""; 0]);
    assert_eq!(paths(expected([of_one, any.clone()]).check(&found)), [""; 0]);
    // A chain: each order takes the sub-order that only the next order can give up.
    let both = a("2").ordered(false, true);
    let found = paid(&[a("2"), Sold { app: "wx2", ..a("1") }, a("1")]);
    let orders = [any, both, a("1").ordered(true, true)];
    assert_eq!(paths(expected(orders).check(&found)), [""; 0]);
}

#[test]
fn a_wrong_total_is_reported_although_another_sub_order_would_fit() {
    let a = |total| Sold { number: "a", shop: "1", app: "wx1", total };
    let orders = || [a(1).ordered(false, false), a(1).ordered(true, false)];
    let path = "sub_orders[1].amount.total_amount";
    assert_eq!(paths(expected(orders()).check(&paid(&[a(1), a(2)]))), [path]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

    #[test]
    fn sub_orders_are_paired_in_any_order(
        (basket, shuffled) in basket().prop_flat_map(|basket| {
            let sold: Vec<_> = basket.iter().map(|(sold, ..)| sold.clone()).collect();
            (Just(basket), Just(sold).prop_shuffle())
        }),
    ) {
        prop_assert_eq!(described(orders(&basket), &shuffled), [""; 0]);
    }

    /// There is neither an avoidable difference nor an impossible match.
    #[test]
    fn a_difference_is_reported_exactly_where_no_pairing_avoids_it(
        basket in basket(),
        other in proptest::collection::vec(sold(), 0..6),
        keep in any::<bool>(),
    ) {
        let mut sold: Vec<_> = basket.iter().rev().map(|(sold, ..)| sold.clone()).collect();
        match (keep, other.first()) {
            // Change one of them.
            (true, Some(one)) => sold[0] = one.clone(),
            _ => sold = other,
        }
        let orders = orders(&basket);
        let is_possible = is_possible(&orders, &sold);
        prop_assert_eq!(expected(orders).check(&paid(&sold)).is_ok(), is_possible);
    }

    #[test]
    fn any_permutation_gives_the_same_differences(
        (basket, permuted) in basket().prop_flat_map(|basket| (Just(basket.clone()), Just(basket).prop_shuffle())),
        (sold, shuffled) in proptest::collection::vec(sold(), 0..6)
            .prop_flat_map(|sold| (Just(sold.clone()), Just(sold).prop_shuffle())),
    ) {
        let differences = described(orders(&basket), &sold);
        prop_assert_eq!(&described(orders(&permuted), &sold), &differences);
        prop_assert_eq!(&described(orders(&basket), &shuffled), &differences);
    }
}
