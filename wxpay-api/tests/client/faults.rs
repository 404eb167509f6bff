//! The fault matrix: for each fault and each kind of operation, what the caller gets, and how often
//! WeChat Pay executed the operation.

use std::time::Duration;

use wxpay_api::sandbox::{Fault, Sandbox, SignatureFault, SignedHeader};
use wxpay_api::{Client, Error, Outcome, Retries};

use crate::cancel;

/// What a caller gets, a success or an outcome, and how often the operation was executed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Got {
    Success { executed: usize },
    Failure { outcome: Outcome, executed: usize },
}

/// One fault, and its results.
struct Case {
    fault: Fault,
    /// For an operation that must not run twice.
    never: Got,
    /// For an operation whose number makes a retry harmless.
    natural_key: Got,
    /// For an operation that changes nothing.
    safe: Got,
}

const fn success(executed: usize) -> Got {
    Got::Success { executed }
}

const fn unknown(executed: usize) -> Got {
    Got::Failure { outcome: Outcome::Unknown, executed }
}

impl Case {
    /// A retry would succeed. It happens where it is harmless.
    fn retried(fault: impl Into<Fault>, executed: usize, outcome: Outcome) -> Self {
        let never = Got::Failure { outcome, executed };
        let done = success(executed + 1);
        Self { fault: fault.into(), never, natural_key: done, safe: done }
    }

    /// A retry would fail in the same way, so it does not happen.
    fn final_for_all(fault: impl Into<Fault>, got: Got) -> Self {
        Self { fault: fault.into(), never: got, natural_key: got, safe: got }
    }
}

fn unavailable(status: u16) -> Fault {
    Fault::Unavailable { status, retry_after: None }
}

fn html(status: u16) -> Fault {
    Fault::Html { status, signed: false }
}

fn matrix() -> Vec<Case> {
    let unsure = Outcome::Unknown;
    vec![
        // The operation was executed, and its response does not prove it.
        Case::retried(SignatureFault::OtherBody, 1, unsure),
        Case::retried(SignatureFault::Probe, 1, unsure),
        Case::final_for_all(SignatureFault::UnknownSerial, unknown(1)),
        Case::final_for_all(SignatureFault::OtherKey, unknown(1)),
        Case::final_for_all(SignatureFault::Clock(-400), unknown(1)),
        Case::final_for_all(SignatureFault::Clock(400), unknown(1)),
        Case::final_for_all(SignatureFault::Without(SignedHeader::Timestamp), unknown(1)),
        Case::final_for_all(SignatureFault::Without(SignedHeader::Nonce), unknown(1)),
        Case::final_for_all(SignatureFault::Without(SignedHeader::Signature), unknown(1)),
        Case::final_for_all(SignatureFault::Without(SignedHeader::Serial), unknown(1)),
        Case::final_for_all(SignatureFault::SignatureType("WECHATPAY2-SM2-WITH-SM3"), unknown(1)),
        Case::final_for_all(html(200), unknown(1)),
        // The operation was executed, and its response is lost on the way.
        Case::retried(Fault::TruncatedBody, 1, unsure),
        Case::retried(Fault::CloseAfterReading, 1, unsure),
        Case::retried(Fault::ResetAfterReading, 1, unsure),
        Case::retried(html(502), 1, unsure),
        Case::retried(html(504), 1, unsure),
        // A gateway's page, with any status, does not show whether the request was executed.
        Case::final_for_all(html(404), unknown(1)),
        Case::retried(unavailable(500), 1, unsure),
        Case::retried(unavailable(503), 1, unsure),
        // Nothing was executed, and the caller cannot know.
        Case::retried(Fault::CloseBeforeReading, 0, unsure),
        Case::retried(Fault::ResetBeforeReading, 0, unsure),
        Case::retried(unavailable(500).unexecuted(), 0, unsure),
        // A refusal is final. Throttling means that the request was not accepted.
        Case::retried(unavailable(429), 0, Outcome::Refused),
        Case::retried(
            Fault::Unavailable { status: 429, retry_after: Some(1) },
            0,
            Outcome::Refused,
        ),
        // The code decides: SYSTEM_ERROR means an unknown outcome under any status.
        Case::retried(unavailable(400).unexecuted(), 0, unsure),
        Case::retried(unavailable(403), 1, unsure),
        // A redirect proves nothing, and a signature is valid for one target.
        Case::final_for_all(
            Fault::Redirect { location: "https://example.com/".to_owned() },
            unknown(1),
        ),
        // Late or slow, and right.
        Case::final_for_all(Fault::Delay(Duration::from_millis(50)), success(1)),
        Case::final_for_all(Fault::Drip { piece: 16, pause: Duration::from_millis(1) }, success(1)),
        // Signed, and not JSON.
        Case::final_for_all(
            Fault::Garbage { length: 64 },
            Got::Failure { outcome: Outcome::Accepted, executed: 1 },
        ),
        Case::final_for_all(Fault::InvalidUtf8, Got::Success { executed: 1 }),
    ]
}

/// Registers a guide: WeChat Pay cannot recognise a retry of it.
async fn register(wx: &Client) -> Result<(), Error> {
    let call = wx.v3().smartguide().guides().post(|r| {
        r.corpid("1234567890")
            .store_id(12345678)
            .userid("robert")
            .name("robert")
            .mobile("13900000000")
            .qr_code("https://open.work.weixin.qq.com/wwopen/userQRCode?vcode=xxx")
            .avatar("https://example.com/avatar.png")
    });
    call.await.map(drop)
}

async fn query(wx: &Client) -> Result<(), Error> {
    let orders = wx.v3().pay().transactions().out_trade_no().out_trade_no("order-1");
    orders.get(|r| r.mchid("1230000109")).await.map(drop)
}

async fn cancel_order(wx: &Client) -> Result<(), Error> {
    cancel(wx).await.map(drop)
}

/// What the caller of `call` gets, with retries as the descriptor allows them.
async fn got(fault: Fault, call: impl AsyncFnOnce(&Client) -> Result<(), Error>) -> Got {
    let sandbox = Sandbox::builder().examples().start().await.unwrap();
    let retries = Retries::new().first_pause(Duration::from_millis(10));
    let wx = sandbox.client_builder().retries(retries).build().unwrap();
    sandbox.inject_fault(fault);
    let result = call(&wx).await;
    let executed = sandbox.received().iter().filter(|request| request.executed).count();
    match result {
        Ok(()) => Got::Success { executed },
        Err(error) => Got::Failure { outcome: error.outcome(), executed },
    }
}

#[tokio::test]
async fn each_fault_with_each_kind_of_operation() {
    let mut wrong = Vec::new();
    for case in matrix() {
        let rows = [
            ("never", case.never, got(case.fault.clone(), register).await),
            ("natural key", case.natural_key, got(case.fault.clone(), cancel_order).await),
            ("safe", case.safe, got(case.fault.clone(), query).await),
        ];
        for (kind, expected, got) in rows {
            if got != expected {
                wrong.push(format!("{:?}, {kind}: {got:?}, not {expected:?}", case.fault));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn a_lasting_fault_never_executes_a_non_idempotent_operation_twice() {
    for case in matrix() {
        let sandbox = Sandbox::builder().examples().start().await.unwrap();
        let wx = sandbox.client().unwrap();
        for _ in 0..5 {
            sandbox.inject_fault(case.fault.clone());
        }
        let _ = register(&wx).await;
        let executed = sandbox.received().iter().filter(|request| request.executed).count();
        assert!(executed <= 1, "{:?}: {executed} times", case.fault);
    }
}

#[tokio::test]
async fn a_deadline_leaves_the_outcome_unknown() {
    for fault in [
        Fault::Delay(Duration::from_secs(5)),
        Fault::Drip { piece: 1, pause: Duration::from_secs(5) },
    ] {
        let sandbox = Sandbox::builder().examples().start().await.unwrap();
        let wx = sandbox.client_builder().retries(Retries::none()).build().unwrap();
        sandbox.inject_fault(fault.clone());
        let error = cancel(&wx).deadline(Duration::from_millis(300)).await.unwrap_err();
        assert_eq!(error.outcome(), Outcome::Unknown, "{fault:?}: {error}");
        assert_eq!(sandbox.received().len(), 1, "{fault:?}");
    }
}

/// A POST goes to the backup host only if it cannot have arrived at the first one.
#[tokio::test]
async fn a_request_that_must_not_run_twice_goes_to_the_backup_host_only_without_a_connection() {
    let (first, second) = (
        Sandbox::builder().examples().start().await.unwrap(),
        Sandbox::builder().examples().start().await.unwrap(),
    );
    let builder = || second.client_builder().backup_url(second.url());
    let wx = builder().base_url(first.url()).build().unwrap();
    first.inject_fault(Fault::ResetBeforeReading);
    assert_eq!(register(&wx).await.unwrap_err().outcome(), Outcome::Unknown);
    assert!(second.received().is_empty());
    let wx = builder().base_url(first.dead_url()).build().unwrap();
    register(&wx).await.unwrap();
    assert_eq!(second.received().len(), 1);
}

/// Where a retry is harmless, the client tries the backup host after any failure of the connection.
#[tokio::test]
async fn an_idempotent_request_goes_to_the_backup_host_after_a_lost_response() {
    let sandbox = Sandbox::builder().examples().start().await.unwrap();
    // The same machine under another name, so that the test sees which host got the request.
    let backup = sandbox.url().replace("127.0.0.1", "localhost");
    let wx = sandbox.client_builder().backup_url(&backup).build().unwrap();
    for (fault, origin) in [
        (Fault::ResetAfterReading, &*backup),
        (Fault::CloseBeforeReading, &*backup),
        // A response with an error status does not lead to the backup host.
        (unavailable(500), sandbox.url()),
    ] {
        sandbox.inject_fault(fault.clone());
        let reply = cancel(&wx).reply().await.unwrap();
        assert_eq!((reply.sent().attempts, &*reply.sent().origin), (2, origin), "{fault:?}");
    }
}
