//! Repeats happen where they are harmless, are signed anew, and never make an outcome look better.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use wxpay_api::sandbox::{Answer, Misbehaviour, SignatureFault};
use wxpay_api::{Client, Error, Outcome, Retries};

use crate::{CANCEL, cancel, sandbox};

#[tokio::test]
async fn an_operation_with_a_natural_key_is_repeated_and_signed_anew() {
    for misbehaviour in [
        Misbehaviour::Unavailable { status: 500, retry_after: None },
        Misbehaviour::Unavailable { status: 429, retry_after: None },
        Misbehaviour::CloseAfterReading,
        SignatureFault::Probe.into(),
    ] {
        let (sandbox, wx) = sandbox().await;
        sandbox.misbehave(misbehaviour.clone());
        let reply = cancel(&wx).reply().await;
        let reply = reply.unwrap_or_else(|error| panic!("{misbehaviour:?}: {error}"));
        assert_eq!(reply.sent().attempts, 2);
        let received = sandbox.received();
        assert_eq!(received.len(), 2);
        assert_eq!(received[0].body, received[1].body);
        let messages: HashSet<_> = received.iter().map(|one| &one.verified_message).collect();
        assert_eq!(messages.len(), 2, "the same signature was sent twice");
    }
}

#[tokio::test]
async fn an_operation_that_must_not_run_twice_never_does() {
    /// Registers a guide: nothing in it makes a repeat recognisable.
    async fn register(wx: &Client) -> Result<(), Error> {
        let guides = wx.v3().smartguide().guides();
        let call = guides.post(|r| {
            r.corpid("1234567890")
                .store_id(12345678)
                .userid("robert")
                .name("robert")
                .mobile("13900000000")
                .qr_code("https://open.work.weixin.qq.com/wwopen/userQRCode?vcode=xxx")
                .avatar("http://wx.qlogo.cn/mmopen/ajNVdqHZLLA3WJ6DSZUfiakYe37PKnQhBIeOQBO4czqrnZDS79FH5Wm5m4X69TBicnHFlhiafvDwklOpZeXYQQ2icg/0")
        });
        call.await.map(drop)
    }
    for misbehaviour in [
        Misbehaviour::Unavailable { status: 500, retry_after: None },
        Misbehaviour::Unavailable { status: 429, retry_after: None },
        Misbehaviour::CloseAfterReading,
        SignatureFault::Probe.into(),
    ] {
        let (sandbox, wx) = sandbox().await;
        sandbox.misbehave(misbehaviour);
        register(&wx).await.unwrap_err();
        assert_eq!(sandbox.received().len(), 1);
    }
}

#[tokio::test]
async fn a_refusal_after_an_unknown_outcome_stays_unknown() {
    let (sandbox, wx) = sandbox().await;
    sandbox.misbehave(Misbehaviour::CloseAfterReading);
    sandbox.answer("POST", CANCEL, Answer::json(serde_json::json!({})));
    sandbox.answer("POST", CANCEL, Answer::error(400, "INVALID_REQUEST", "订单已取消"));
    let error = cancel(&wx).await.unwrap_err();
    assert_eq!(error.api().unwrap().code, "INVALID_REQUEST");
    assert_eq!(error.attempts(), 2);
    assert_eq!(error.outcome(), Outcome::Unknown, "the first attempt may have cancelled it");
}

#[tokio::test]
async fn nothing_that_stays_wrong_is_repeated() {
    for fault in [
        SignatureFault::Clock(-301),
        SignatureFault::UnknownSerial,
        SignatureFault::Without("Wechatpay-Nonce"),
        SignatureFault::SignatureType("WECHATPAY2-SM2-WITH-SM3"),
    ] {
        let (sandbox, wx) = sandbox().await;
        sandbox.misbehave(fault.clone());
        let error = cancel(&wx).await.unwrap_err();
        assert_eq!((error.attempts(), error.outcome()), (1, Outcome::Unknown), "{fault:?}");
        assert_eq!(sandbox.received().len(), 1);
    }
}

#[tokio::test]
async fn a_refusal_is_not_repeated() {
    let (sandbox, wx) = sandbox().await;
    sandbox.answer("POST", CANCEL, Answer::error(400, "PARAM_ERROR", "参数错误"));
    let error = cancel(&wx).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Refused);
    assert_eq!(sandbox.received().len(), 1);
}

#[tokio::test]
async fn retry_after_is_waited_for_and_the_deadline_is_not_overrun() {
    let (sandbox, wx) = sandbox().await;
    sandbox.misbehave(Misbehaviour::Unavailable { status: 429, retry_after: Some(1) });
    let start = Instant::now();
    cancel(&wx).await.unwrap();
    assert!(start.elapsed() >= Duration::from_secs(1));

    sandbox.misbehave(Misbehaviour::Unavailable { status: 429, retry_after: Some(3600) });
    let error = cancel(&wx).await.unwrap_err();
    assert_eq!((error.attempts(), error.outcome()), (1, Outcome::Refused));
}

#[tokio::test]
async fn absurd_durations_are_no_trouble() {
    let (sandbox, wx) = sandbox().await;
    sandbox.misbehave(Misbehaviour::Unavailable { status: 429, retry_after: Some(u64::MAX) });
    let error = cancel(&wx).deadline(Duration::MAX).await.unwrap_err();
    assert_eq!(error.attempts(), 1);
    cancel(&wx).deadline(Duration::MAX).await.unwrap();
}

#[tokio::test]
async fn attempts_are_limited() {
    let (sandbox, _) = sandbox().await;
    let wx = sandbox.client_builder().retries(Retries::new().attempts(2)).build().unwrap();
    for _ in 0..3 {
        sandbox.misbehave(Misbehaviour::Unavailable { status: 503, retry_after: None });
    }
    let error = cancel(&wx).await.unwrap_err();
    assert_eq!((error.attempts(), error.outcome()), (2, Outcome::Unknown));
    assert_eq!(sandbox.received().len(), 2);
}
