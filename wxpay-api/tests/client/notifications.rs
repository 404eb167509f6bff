//! Notifications: verified, decrypted, matched to their resource; otherwise refused.

use serde_json::json;
use wxpay_api::notifications::Event;
use wxpay_api::sandbox::{SandboxNotification, SignatureFault, SignedHeader};
use wxpay_api::v3::fund_app::types::TransferBill;
use wxpay_api::v3::pay::types::{PartnerTransaction, TradeState, Transaction};
use wxpay_api::v3::payscore::types::ServiceOrder;
use wxpay_api::{Notification, NotificationError, ResourceError};

use crate::sandbox;

/// Signs and encrypts a notification as the sandbox does, and passes it to the client.
async fn receive(sent: SandboxNotification) -> Result<Notification, NotificationError> {
    let (sandbox, wx) = sandbox().await;
    let (headers, body) = sandbox.notification(sent.unchecked()).unwrap();
    wx.notification(&headers, &body).await
}

#[tokio::test]
async fn a_payscore_order_that_was_paid() {
    let sent =
        SandboxNotification::example("payscore/service_order").event_type("PAYSCORE.USER_PAID");
    let notification = receive(sent.with(json!({ "out_order_no": "order-1" }))).await.unwrap();
    assert_eq!(notification.event_type(), "PAYSCORE.USER_PAID");
    assert!(!notification.id().is_empty());
    let order: ServiceOrder = notification.resource().unwrap();
    assert_eq!(order.out_order_no, "order-1");
    assert!(matches!(notification.event(), Event::PayscoreServiceOrder(_)));
}

#[tokio::test]
async fn one_event_with_three_shapes() {
    let direct = receive(SandboxNotification::example("pay/transaction")).await.unwrap();
    let Event::PayTransaction(transaction) = direct.event() else { panic!("{:?}", direct.event()) };
    assert_eq!(transaction.trade_state, TradeState::Success);
    let partner = receive(SandboxNotification::example("pay/partner_transaction")).await.unwrap();
    assert!(matches!(partner.event(), Event::PayPartnerTransaction(_)), "{:?}", partner.event());
    let combined =
        receive(SandboxNotification::example("combine-transactions/transaction")).await.unwrap();
    assert!(matches!(combined.event(), Event::CombineTransaction(_)), "{:?}", combined.event());
}

#[tokio::test]
async fn a_resource_of_another_shape_is_not_read_as_the_wanted_one() {
    for name in ["pay/partner_transaction", "combine-transactions/transaction"] {
        let error =
            receive(SandboxNotification::example(name)).await.unwrap().resource::<Transaction>();
        assert!(matches!(error, Err(ResourceError::OtherShape { .. })), "{name}: {error:?}");
    }
    let sharing = SandboxNotification::example("pay/transaction").original_type("profitsharing");
    let notification = receive(sharing).await.unwrap();
    assert!(notification.resource::<Transaction>().is_err());
    assert!(matches!(notification.event(), Event::Unknown));
    receive(SandboxNotification::example("pay/transaction"))
        .await
        .unwrap()
        .resource::<Transaction>()
        .unwrap();
}

/// Pages give `original_type` in examples only.
#[tokio::test]
async fn another_original_type_hides_no_resource_that_is_the_only_one_of_its_event() {
    for original_type in ["transfer_bill", "MCH_PAYMENT", ""] {
        let sent = SandboxNotification::example("fund-app/transfer_bill");
        let notification = receive(sent.original_type(original_type)).await.unwrap();
        assert!(matches!(notification.event(), Event::FundAppTransferBill(_)), "{original_type}");
        notification.resource::<TransferBill>().unwrap();
    }
}

/// A shop must not take another product's payment for its own.
#[tokio::test]
async fn an_event_of_several_resources_is_told_apart_by_its_original_type() {
    for name in ["pay/transaction", "pay/partner_transaction", "combine-transactions/transaction"] {
        let sent = SandboxNotification::example(name).original_type("another_product");
        let notification = receive(sent).await.unwrap();
        assert!(matches!(notification.event(), Event::Unknown), "{name}");
        assert!(!notification.plaintext().is_empty(), "the text is still there");
    }
    // The events of profit sharing are its own, but for TRANSACTION.SUCCESS.
    let sharing = SandboxNotification::example("profitsharing/profit_sharing");
    let own = receive(sharing.clone().event_type("PROFITSHARING.SUCCESS").original_type("sharing"));
    assert!(!matches!(own.await.unwrap().event(), Event::Unknown));
    let borrowed = sharing.event_type("TRANSACTION.SUCCESS");
    let other = receive(borrowed.clone().original_type("sharing")).await.unwrap();
    assert!(matches!(other.event(), Event::Unknown));
    let right = receive(borrowed.original_type("profitsharing")).await.unwrap();
    assert!(!matches!(right.event(), Event::Unknown));
}

#[tokio::test]
async fn an_unknown_event_stays_usable() {
    let sent = SandboxNotification::new("BRAND.NEW", json!({ "answer": 42 }));
    let notification = receive(sent).await.unwrap();
    assert!(matches!(notification.event(), Event::Unknown));
    let plaintext: serde_json::Value = serde_json::from_slice(notification.plaintext()).unwrap();
    assert_eq!(plaintext["answer"], 42);
    let error = notification.resource::<Transaction>().unwrap_err();
    assert!(matches!(error, ResourceError::OtherEvent { .. }));
    assert!(error.to_string().contains("BRAND.NEW"), "{error}");
}

#[tokio::test]
async fn the_error_for_a_resource_that_is_no_object_names_its_kind() {
    let sent = SandboxNotification::new("TRANSACTION.SUCCESS", json!(null));
    let error = receive(sent).await.unwrap().resource::<Transaction>().unwrap_err();
    let expected = "the resource of TRANSACTION.SUCCESS is JSON, but not an object";
    assert_eq!(error.to_string(), expected);
}

#[tokio::test]
async fn a_deviating_resource_is_read_and_its_corrections_listed() {
    let sent = SandboxNotification::example("pay/transaction")
        .with(json!({ "amount": { "total": "100" } }));
    let notification = receive(sent).await.unwrap();
    let (transaction, corrections) = notification.corrected_resource::<Transaction>().unwrap();
    assert_eq!(transaction.amount.and_then(|amount| amount.total), Some(100));
    assert_eq!(corrections.len(), 1);
    assert_eq!(corrections[0].path, "amount.total");
}

#[tokio::test]
async fn forged_stale_and_probe_notifications_are_refused() {
    for (fault, probe) in [
        (SignatureFault::OtherBody, false),
        (SignatureFault::Clock(-301), false),
        (SignatureFault::UnknownSerial, false),
        (SignatureFault::Without(SignedHeader::Signature), false),
        (SignatureFault::Probe, true),
    ] {
        let error = receive(SandboxNotification::example("pay/transaction").fault(fault.clone()))
            .await
            .unwrap_err();
        assert_eq!(error.is_probe(), probe, "{fault:?}: {error}");
        let untrusted = matches!(error, NotificationError::Verification(_));
        assert_eq!(untrusted, !probe, "{fault:?}: {error}");
    }
}

#[tokio::test]
async fn a_changed_body_and_another_merchants_key_are_refused() {
    let (sandbox, wx) = sandbox().await;
    let (headers, body) =
        sandbox.notification(SandboxNotification::example("pay/transaction")).unwrap();
    let changed = String::from_utf8_lossy(&body).replace("TRANSACTION.SUCCESS", "TRANSACTION.FAIL");
    assert_ne!(changed.as_bytes(), &body[..]);
    assert!(wx.notification(&headers, changed.as_bytes()).await.is_err());

    let other =
        sandbox.client_builder().apiv3_key("0123456789abcdefghijABCDEFGHIJ01").build().unwrap();
    let error = other.notification(&headers, &body).await.unwrap_err();
    assert!(matches!(error, NotificationError::Resource { .. }), "{error}");
}

#[tokio::test]
async fn during_a_migration_certificates_sign_notifications_too() {
    let (sandbox, wx) = sandbox().await;
    let sent = SandboxNotification::example("pay/transaction").by_certificate();
    let (headers, body) = sandbox.notification(sent).unwrap();
    assert!(wx.notification(&headers, &body).await.is_err(), "the certificate is not held");
    let builder = sandbox.client_builder();
    let both = builder.platform_certificate(sandbox.platform_certificate_pem()).build().unwrap();
    let by_certificate = both.notification(&headers, &body).await.unwrap();
    assert!(!by_certificate.key_id().starts_with("PUB_KEY_ID_"));
    assert!(both.keys().find(by_certificate.key_id()).is_some());
    let (headers, body) =
        sandbox.notification(SandboxNotification::example("pay/transaction")).unwrap();
    let by_public_key = both.notification(&headers, &body).await.unwrap();
    assert_eq!(by_public_key.key_id(), sandbox.wechatpay_public_key().0);
}

/// Overseas notifications have the names of domestic ones, with other members.
#[tokio::test]
async fn an_overseas_resource_is_never_read_as_a_domestic_one() {
    let partner = json!({
        "id": "1008450740201407220000058756", "sp_appid": "wx8888888888888888", "sp_mchid": "1900000100",
        "sub_mchid": "1900000109", "out_trade_no": "1", "trade_type": "APP", "trade_state": "SUCCESS",
        "trade_state_desc": "支付成功", "success_time": "2018-06-08T10:34:56+08:00",
        "amount": { "total": 528800, "currency": "HKD" },
    });
    let direct = json!({
        "id": "1008450740201407220000058756", "appid": "wx8888888888888888", "mchid": "1900000109",
        "out_trade_no": "1", "trade_type": "APP", "trade_state": "SUCCESS", "trade_state_desc": "支付成功",
    });
    let refund = json!({
        "id": "5030", "sp_mchid": "1900000100", "sub_mchid": "1900000109", "out_refund_no": "2",
        "transaction_id": "1008", "out_trade_no": "1", "status": "SUCCESS",
    });
    let contract = json!({
        "sp_mchid": "1900000100", "sub_mchid": "1900000109", "sp_appid": "wx8888888888888888",
        "contract_id": "100005698", "plan_id": 123, "out_contract_code": "100001256", "state": "SIGNED",
    });
    let mut direct_contract = contract.clone();
    direct_contract["mchid"] = direct_contract["sp_mchid"].take();
    for (event, resource) in [
        ("TRANSACTION.SUCCESS", partner),
        ("TRANSACTION.SUCCESS", direct),
        ("REFUND.SUCCESS", refund.clone()),
        ("REFUND.CLOSED", {
            let mut it = refund;
            it["mchid"] = it["sp_mchid"].take();
            it
        }),
        ("ENTRUST.SIGN", contract),
        ("ENTRUST.TERMINATE", direct_contract),
        ("PAYSCORE.USER_PAID", json!({ "id": "1", "mchid": "1900000109" })),
        ("PAYSCORE.USER_SIGN_PLAN", json!({ "id": "1", "mchid": "1900000109" })),
        ("PAYSCORE.USER_OPEN_SERVICE", json!({ "id": "1", "mchid": "1900000109" })),
    ] {
        let notification =
            receive(SandboxNotification::new(event, resource.clone())).await.unwrap();
        match notification.event() {
            Event::GlobalPartnerTransaction(read) => assert_eq!(read.id, resource["id"]),
            Event::GlobalTransaction(read) => assert_eq!(read.id, resource["id"]),
            read => {
                assert!(matches!(read, Event::Unknown), "{event}: {read:?}");
                assert_ne!(event, "TRANSACTION.SUCCESS", "overseas payments have a type");
            }
        }
        let plain: serde_json::Value = serde_json::from_slice(notification.plaintext()).unwrap();
        assert_eq!(plain, resource);
    }
    let refused = receive(SandboxNotification::new(
        "TRANSACTION.SUCCESS",
        json!({ "sp_mchid": "1", "sp_appid": "w", "id": "1" }),
    ));
    let refused = refused.await.unwrap().resource::<PartnerTransaction>();
    assert!(matches!(refused, Err(ResourceError::OtherShape { .. })), "{refused:?}");
}
