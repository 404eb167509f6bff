//! The private API is called like any other, typed and verified. The sandbox knows it, too.

use private_api::v3::greyscale::vouchers::_voucher_id_::get::response::State;
use wxpay_api::Outcome;
use wxpay_api::sandbox::{PlannedResponse, Sandbox, SignatureFault};

#[tokio::test]
async fn a_private_operation_is_typed_signed_and_verified() {
    let sandbox = Sandbox::builder().examples().book(private_api::BOOK).start().await.unwrap();
    let wx = sandbox.client().unwrap();
    let vouchers = private_api::v3(&wx).greyscale().vouchers();
    let voucher = vouchers.voucher_id("4711").get(|r| r.mchid("1230000109")).await.unwrap();
    assert_eq!(voucher.voucher_id, "4711");
    assert_eq!(voucher.state, State::Used);
    assert_eq!(voucher.amount, Some(500));

    sandbox.inject_fault(SignatureFault::OtherBody);
    let call = vouchers.voucher_id("4711").get(|r| r.mchid("1230000109"));
    assert_eq!(call.allow_retries(false).await.unwrap_err().outcome(), Outcome::Unknown);

    let path = "/v3/greyscale/vouchers/{voucher_id}";
    sandbox
        .respond("GET", path, PlannedResponse::error(404, "RESOURCE_NOT_EXISTS", "券不存在"))
        .unwrap();
    let call = vouchers.voucher_id("4712").get(|r| r.mchid("1230000109"));
    assert_eq!(call.await.unwrap_err().api().unwrap().code, "RESOURCE_NOT_EXISTS");
}
