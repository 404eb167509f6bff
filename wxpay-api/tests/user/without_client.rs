//! An operation driven by any other HTTP stack: no `Client` is in scope.

use wxpay_api::protocol::{Nonce, issuing::Identity};
use wxpay_api::v3::payscore::serviceorder::_out_order_no_::cancel::post::{Request, operation};
use wxpay_api::{Merchant, Operation as _};

#[test]
fn an_operation_gives_method_target_body_and_is_signed() {
    let request =
        Request::builder().appid("wxd678efh567hg6787").service_id("500001").reason("用户投诉");
    let operation = operation("2304203423948239423", request);
    let prepared = operation.prepare(None).unwrap();
    assert_eq!(prepared.method, "POST");
    assert_eq!(prepared.target, "/v3/payscore/serviceorder/2304203423948239423/cancel");
    assert_eq!(
        String::from_utf8_lossy(&prepared.body.to_bytes()),
        r#"{"appid":"wxd678efh567hg6787","service_id":"500001","reason":"用户投诉"}"#
    );

    let identity = Identity::merchant("1230000109").unwrap();
    let merchant = Merchant::from_pem(
        "1230000109",
        identity.certificate_pem(),
        identity.private_key_pem().unwrap(),
    )
    .unwrap();
    let authorization = merchant
        .authorization(
            prepared.method,
            &prepared.target,
            1_554_208_460,
            Nonce::random().unwrap(),
            &prepared.signed_body,
        )
        .unwrap();
    let key = identity.certificate().public_key();
    let (method, target) = (prepared.method, prepared.target.as_str());
    assert!(authorization.is_signed_by(key, method, target, &prepared.signed_body));
    assert!(!authorization.is_signed_by(key, method, target, b"{}"));
}
