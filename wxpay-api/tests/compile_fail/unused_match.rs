//! A match does not mean that the order is paid, so neither it nor the result may be dropped.

#![deny(unused_must_use)]

use wxpay_api::compare::{ExpectedPayment, Mismatch};
use wxpay_api::v3::pay::types::Transaction;

fn main() {}

pub fn ship(order: &ExpectedPayment, payment: &Transaction) -> Result<(), Mismatch> {
    order.check(payment)?;
    order.check(payment);
    Ok(())
}
