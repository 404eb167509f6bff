//! A merchant of the SM2 family signs payments with SM2, and names SM2 as the type
//! (docs/protocol/invocation.md §9.1).

use wxpay_api::Merchant;
use wxpay_api::protocol::issuing::Issue;

use crate::support::MCHID;

#[test]
fn an_sm2_merchant_signs_with_sm2() {
    let identity = Issue::new(MCHID, "微信商户系统").sm2().unwrap().build().unwrap();
    let key = identity.private_key_pem().unwrap();
    let merchant = Merchant::from_pem(MCHID, identity.certificate_pem(), key).unwrap();
    let payment = merchant.invoke().jsapi("wx8888888888888888", "wx2014").unwrap();
    assert_eq!(payment.sign_type, "SM2-WITH-SM3");
    let message = format!(
        "wx8888888888888888\n{}\n{}\nprepay_id=wx2014\n",
        payment.time_stamp, payment.nonce_str
    );
    let key = identity.private_key().public_key();
    assert!(key.verify(message.as_bytes(), &payment.pay_sign));
}
