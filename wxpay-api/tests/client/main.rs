//! The client over real sockets, with right and faulty responses.

#![cfg(all(feature = "bills", feature = "full", feature = "sandbox"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed expectation is a failed test"
)]

mod api_errors;
mod certificates;
mod characters;
mod connections;
mod corrections;
mod downloads;
mod empty_values;
mod encrypted_bills;
mod failures;
mod faults;
mod gateway;
mod limits;
mod lossy;
mod notifications;
mod outcomes;
mod paging;
mod reload;
mod responses;
mod retries;
mod saving;
mod self_test;
mod sign_errors;
mod signing;
mod streams;
mod targets;
mod transports;
mod unknown_keys;
mod uploads;

use std::time::Duration;

use wxpay_api::sandbox::Sandbox;
use wxpay_api::v3::payscore::serviceorder::_out_order_no_::cancel::post;
use wxpay_api::{Call, Client};

/// The path of the operation that most tests call.
const CANCEL: &str = "/v3/payscore/serviceorder/{out_order_no}/cancel";

/// A path that no descriptor has. It takes every method.
const UNDESCRIBED: &str = "/v3/brand/new";

async fn sandbox() -> (Sandbox, Client) {
    let methods = ["GET", "POST", "PUT", "PATCH", "DELETE"].into_iter();
    let builder = methods.fold(Sandbox::builder().examples(), |builder, method| {
        builder.undescribed(method, UNDESCRIBED)
    });
    let sandbox = builder.start().await.unwrap();
    let wx = sandbox.client().unwrap();
    (sandbox, wx)
}

/// Cancels an order. A retry is harmless, and happens unless the test forbids it.
fn cancel(wx: &Client) -> Call<post::Operation> {
    wx.v3()
        .payscore()
        .serviceorder()
        .out_order_no("order-1")
        .cancel()
        .post(|r| r.appid("wxd678efh567hg6787").service_id("500001").reason("用户投诉"))
        .deadline(Duration::from_secs(20))
}
