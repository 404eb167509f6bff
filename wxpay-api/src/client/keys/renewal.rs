//! Downloads certificates and keeps them current (docs/protocol/keys.md §3.3).

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http::HeaderMap;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout};
use tracing::Instrument;

use crate::client::call::deadline::{Deadline, Limits};
use crate::client::call::options::Options;
use crate::client::call::request::EncodedRequest;
use crate::client::call::send::exchange;
use crate::client::core::Core;
use crate::client::error::failure::AttemptFailure;
use crate::client::keys::key_store::{Cause, LiveKeys, Need, Turn};
use crate::client::operation::facts::{OperationFacts, Trust};
use crate::client::transport::raw_response::RawResponse;
use crate::client::{
    CertificateDownload, CertificateError, Client, Error, ErrorKind, Idempotency, Outcome,
    Prepared, Retries,
};
use crate::protocol::SERIAL;
use crate::protocol::is_public_key_id;
use crate::protocol::{Scheme, SignedHeaders, platform_certificates};

/// How long one download may take. A notification needs its response within five seconds.
pub(crate) const PATIENCE: Duration = Duration::from_secs(4);

/// Whether the certificates are old or missing, and a download is not too soon.
pub(crate) fn is_due(client: &Client) -> bool {
    client.key_store().live().is_due()
}

/// Renews old certificates in the background, so that a notification does not wait. The client then
/// holds a new certificate before WeChat Pay signs with it, even without any call.
pub(crate) fn renew_old_in_background(client: &Client) {
    if is_due(client) {
        // No call waits for it.
        drop(start_renewal(client));
    }
}

/// Starts to renew old certificates, unless another call did. The renewal ends even if the call is
/// dropped.
fn start_renewal(client: &Client) -> Option<JoinHandle<()>> {
    let renewal = client.key_store().try_renewal()?;
    let client = client.clone();
    let task = async move {
        let turn = client.key_store().turn().await;
        let live = client.key_store().live();
        // They may have been renewed while this one waited.
        if live.is_due() {
            // The certificates held serve on, if this fails.
            let _ = take_over(&client, &live, Cause::Age).await;
        }
        drop((turn, renewal));
    };
    Some(tokio::spawn(task.in_current_span()))
}

/// Returns the keys to sign with. Downloads certificates where none is valid. Renews old ones: only
/// this call waits for that, and at most for `patience`.
pub(crate) async fn core_to_sign(
    client: &Client,
    patience: Duration,
) -> Result<Core, AttemptFailure> {
    match client.key_store().live().need() {
        Need::None => {}
        Need::Due => {
            if let Some(renewal) = start_renewal(client) {
                // The certificates held serve on, if this takes too long.
                let _ = timeout(patience, renewal).await;
            }
        }
        Need::Urgent => first_download(client).await.map_err(AttemptFailure::not_sent)?,
    }
    Ok(client.key_store().core())
}

/// Returns the keys to check a response or a notification with: those of the call's start, if they
/// have the signing key. Otherwise the current ones, renewed if they lack it too and no renewal was
/// tried just now.
pub(crate) async fn core_to_check(client: &Client, core: &Core, headers: &HeaderMap) -> Core {
    if knows_signer(core, headers) {
        return core.clone();
    }
    let asked = Instant::now();
    let knows = |live: &LiveKeys| live.download.is_none() || knows_signer(&live.core, headers);
    if !knows(&client.key_store().live()) {
        let turn = client.key_store().turn().await;
        let live = client.key_store().live();
        if !knows(&live) && !live.rests() && !live.was_tried_since(asked) {
            // Verification fails without the key, and says why there is none.
            let _ = renew(client, live, Cause::UnknownSerial, turn).await;
        }
    }
    let live = client.key_store().live();
    match live.last_error() {
        Some(error) if !knows_signer(&live.core, headers) => live.core.after_failed_download(error),
        _ => live.core,
    }
}

/// Downloads certificates because no key is valid. One call downloads, and all waiting calls share
/// its result.
async fn first_download(client: &Client) -> Result<(), CertificateError> {
    let asked = Instant::now();
    let turn = client.key_store().turn().await;
    let live = client.key_store().live();
    if !matches!(live.need(), Need::Urgent) {
        return Ok(());
    }
    match live.last_error() {
        Some(error) if live.was_tried_since(asked) => Err(error),
        Some(error) if !error.is_transient() && live.rests() => Err(error),
        _ => renew(client, live, Cause::Age, turn).await,
    }
}

/// Downloads the certificates in a separate task. The task continues if its call is dropped: other
/// calls may wait for it, and its time counts for the pause between downloads.
async fn renew(
    client: &Client,
    live: LiveKeys,
    cause: Cause,
    turn: Turn,
) -> Result<(), CertificateError> {
    let client = client.clone();
    let renewal = async move {
        let result = take_over(&client, &live, cause).await;
        drop(turn);
        result
    };
    // Callers look at the keys again if the runtime ends the task.
    tokio::spawn(renewal.in_current_span()).await.unwrap_or(Ok(()))
}

/// Downloads the certificates, and takes them over once they are verified.
async fn take_over(client: &Client, live: &LiveKeys, cause: Cause) -> Result<(), CertificateError> {
    let Some(download) = &live.download else {
        return Ok(());
    };
    let result = certificates(client, live, download).await;
    match &result {
        Ok(core) => tracing::info!(
            merchant = live.core.merchant().id(), keys = ?core.keys().ids(),
            "platform certificates downloaded"
        ),
        Err(error) => tracing::warn!(
            merchant = live.core.merchant().id(), %error,
            "platform certificates not downloaded"
        ),
    }
    let outcome = result.as_ref().map(|_| ()).map_err(CertificateError::clone);
    client.key_store().downloaded(&live.core, cause, result);
    outcome
}

async fn certificates(
    client: &Client,
    live: &LiveKeys,
    download: &CertificateDownload,
) -> Result<Core, CertificateError> {
    let key = live.core.apiv3_key().ok_or(CertificateError::NoApiV3Key)?;
    let received = list(client, live, download).await?;
    let certificates =
        platform_certificates::decrypt(live.core.merchant().scheme(), &received.body, key)
            .map_err(|error| CertificateError::Content(Arc::new(error)))?;
    let core = live
        .with_certificates(certificates)
        .and_then(|keys| live.core.with_keys(keys))
        .map_err(|error| CertificateError::Key(Arc::new(error)))?;
    // The APIv3 key decrypted the list; now the certificate that the response names verifies it.
    // Both together prove more than either alone.
    SignedHeaders::read(live.core.merchant().scheme(), &received.headers)
        .and_then(|headers| headers.verify(core.keys(), &received.body, SystemTime::now()))
        .map_err(|error| CertificateError::Verification(Box::new(error)))?;
    Ok(core)
}

/// The list as it came, not yet verified.
async fn list(
    client: &Client,
    live: &LiveKeys,
    download: &CertificateDownload,
) -> Result<RawResponse, CertificateError> {
    let facts = OperationFacts {
        method: "GET",
        path: download.path.to_owned(),
        is_documented: true,
        idempotency: Idempotency::Safe,
        trust: Trust::Enclosed,
        errors: &[],
        may_be_accepted_only: false,
        expected: None,
    };
    let target = match live.core.merchant().scheme() {
        Scheme::Sm2 => format!("{}?algorithm_type=SM2", download.path),
        _ => download.path.to_owned(),
    };
    let prepared = Prepared::get(download.host, target);
    let key = live.core.keys().encryption_key(SystemTime::now()).ok();
    let id = key.as_ref().map(|key| key.id());
    let request =
        EncodedRequest::new(facts.clone(), prepared, client.base_urls(), id, &Options::default());
    let mut made = 1;
    let attempts = async {
        let request = request.map_err(AttemptFailure::not_sent)?;
        let call = Deadline::after(PATIENCE);
        let limits = |made| Limits::next(call, Retries::new().attempts(2), made, true, None);
        let first = exchange(client, &live.core, &request, false, 1, limits(0)).await;
        let (sent, received) = match first {
            Err(failure) if failure.is_of_connection() => {
                made = 2;
                exchange(client, &live.core, &request, true, 2, limits(1)).await?
            }
            first => first?,
        };
        live.core.verifier().judge(&request, sent, received)
    };
    let result = timeout(PATIENCE, attempts)
        .await
        .unwrap_or_else(|_| Err(AttemptFailure::unknown(ErrorKind::Deadline(PATIENCE))));
    match result {
        Ok(exchange) => Ok(exchange.received),
        Err(AttemptFailure { kind: ErrorKind::Api(refusal), outcome, received, .. })
            if matches!(refusal.status, 403 | 404)
                && (outcome == Outcome::Refused || names_a_public_key(received.as_deref())) =>
        {
            Err(CertificateError::PublicKeyMode { refusal })
        }
        Err(failure) => Err(CertificateError::Call(Arc::new(Error::new(&facts, failure, made)))),
    }
}

/// Whether the response names a WeChat Pay public key as its signer. Merchants without certificates
/// have one, and this client need not hold it. No gateway writes such an id.
fn names_a_public_key(received: Option<&RawResponse>) -> bool {
    let serial = received.and_then(|received| received.headers.get(SERIAL)?.to_str().ok());
    serial.is_some_and(is_public_key_id)
}

/// Whether the client holds the key that the headers name. Headers without a key are no reason to
/// download.
fn knows_signer(core: &Core, headers: &HeaderMap) -> bool {
    let is_known = |id: &str| is_public_key_id(id) || core.keys().find(id).is_some();
    // Nearly every response: nothing is copied.
    if headers.get(SERIAL).and_then(|id| id.to_str().ok()).is_some_and(is_known) {
        return true;
    }
    match SignedHeaders::read(core.merchant().scheme(), headers) {
        Ok(signed) => is_known(signed.key_id()),
        Err(_) => true,
    }
}
