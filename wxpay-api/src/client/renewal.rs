//! Keeping the keys of a client current (docs/protocol/keys.md §3.3).

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http::HeaderMap;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout};
use tracing::Instrument;

use super::core::Core;
use super::deadline::{Deadline, Limits};
use super::error::Failure;
use super::keyring::{Cause, Live, Need, Turn};
use super::options::Options;
use super::received::RawResponse;
use super::request::Request;
use super::route::{Route, Trust};
use super::{
    CertificateDownload, CertificateError, Client, Error, ErrorKind, Idempotency, Outcome,
    Prepared, Retries,
};
use crate::protocol::verification::SERIAL;
use crate::protocol::wechatpay_keys::is_public_key_id;
use crate::protocol::{Scheme, SignedHeaders, platform_certificates};

/// How long one download may take. A notification has to be answered within five seconds.
pub(super) const PATIENCE: Duration = Duration::from_secs(4);

impl Client {
    /// Whether the certificates are old or missing, and a download is not too soon.
    pub(super) fn is_due(&self) -> bool {
        self.keyring().live().is_due()
    }

    /// Renews certificates that are old, while whoever noticed it goes on: a notification does not wait, and a new
    /// certificate is held before it signs, even where nothing is ever called.
    pub(super) fn renew_old_in_background(&self) {
        if self.is_due() {
            // Nobody waits for it.
            drop(self.start_renewal());
        }
    }

    /// Begins to renew old certificates, unless another call has begun it; ends them even if the call is given up.
    fn start_renewal(&self) -> Option<JoinHandle<()>> {
        let renewal = self.keyring().try_renewal()?;
        let client = self.clone();
        let task = async move {
            let turn = client.keyring().turn().await;
            let live = client.keyring().live();
            // They may have been renewed while this one waited.
            if live.is_due() {
                // The certificates held serve on, if this fails.
                let _ = client.take_over(&live, Cause::Age).await;
            }
            drop((turn, renewal));
        };
        Some(tokio::spawn(task.in_current_span()))
    }

    /// The keys to sign with. Downloads certificates where none serves, and renews old ones, for which
    /// nobody else waits, and this call no longer than `patience`.
    pub(super) async fn core_to_sign(&self, patience: Duration) -> Result<Core, Failure> {
        match self.keyring().live().need() {
            Need::None => {}
            Need::Due => {
                if let Some(renewal) = self.start_renewal() {
                    // The certificates held serve on, if this takes too long.
                    let _ = timeout(patience, renewal).await;
                }
            }
            Need::Urgent => self.first_download().await.map_err(Failure::not_sent)?,
        }
        Ok(self.keyring().core())
    }

    /// The keys to check an answer or a notification with: those that the call began with, unless they
    /// lack the key that signed; then the ones of now, renewed if they lack it too and that was not tried
    /// just now.
    pub(super) async fn core_to_check(&self, core: &Core, headers: &HeaderMap) -> Core {
        if knows_signer(core, headers) {
            return core.clone();
        }
        let asked = Instant::now();
        let knows = |live: &Live| live.download.is_none() || knows_signer(&live.core, headers);
        if !knows(&self.keyring().live()) {
            let turn = self.keyring().turn().await;
            let live = self.keyring().live();
            if !knows(&live) && !live.rests() && !live.was_tried_since(asked) {
                // Verification fails without the key, and says why there is none.
                let _ = self.renew(live, Cause::UnknownSerial, turn).await;
            }
        }
        let live = self.keyring().live();
        match live.last_error() {
            Some(error) if !knows_signer(&live.core, headers) => {
                live.core.after_failed_download(error)
            }
            _ => live.core,
        }
    }

    /// Downloads certificates because there is no key to go on with. However many calls wait for them,
    /// one downloads, and all share its success or failure.
    async fn first_download(&self) -> Result<(), CertificateError> {
        let asked = Instant::now();
        let turn = self.keyring().turn().await;
        let live = self.keyring().live();
        if !matches!(live.need(), Need::Urgent) {
            return Ok(());
        }
        match live.last_error() {
            Some(error) if live.was_tried_since(asked) => Err(error),
            Some(error) if !error.is_transient() && live.rests() => Err(error),
            _ => self.renew(live, Cause::Age, turn).await,
        }
    }

    /// Downloads the certificates, even if the call that waits for them is given up meanwhile: it may be one
    /// of many, and what was begun counts against the pause between two downloads.
    async fn renew(&self, live: Live, cause: Cause, turn: Turn) -> Result<(), CertificateError> {
        let client = self.clone();
        let renewal = async move {
            let result = client.take_over(&live, cause).await;
            drop(turn);
            result
        };
        // Whoever waits looks at the keys again, should the runtime end the task.
        tokio::spawn(renewal.in_current_span()).await.unwrap_or(Ok(()))
    }

    /// Downloads the certificates, and takes them over once they are verified.
    async fn take_over(&self, live: &Live, cause: Cause) -> Result<(), CertificateError> {
        let Some(download) = &live.download else {
            return Ok(());
        };
        let result = self.certificates(live, download).await;
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
        self.keyring().downloaded(&live.core, cause, result);
        outcome
    }

    async fn certificates(
        &self,
        live: &Live,
        download: &CertificateDownload,
    ) -> Result<Core, CertificateError> {
        let key = live.core.apiv3_key().ok_or(CertificateError::NoApiV3Key)?;
        let received = self.list(live, download).await?;
        let certificates =
            platform_certificates::open(live.core.merchant().scheme(), &received.body, key)
                .map_err(|error| CertificateError::Content(Arc::new(error)))?;
        let core = live
            .with_certificates(certificates)
            .and_then(|keys| live.core.with_keys(keys))
            .map_err(|error| CertificateError::Key(Arc::new(error)))?;
        // Decrypted with the merchant's own key, and now verified by the certificate that the answer
        // names, which is more than either proves alone.
        SignedHeaders::read(live.core.merchant().scheme(), &received.headers)
            .and_then(|headers| headers.verify(core.keys(), &received.body, SystemTime::now()))
            .map_err(|error| CertificateError::Verification(Box::new(error)))?;
        Ok(core)
    }

    /// The list as it came, not yet verified.
    async fn list(
        &self,
        live: &Live,
        download: &CertificateDownload,
    ) -> Result<RawResponse, CertificateError> {
        let route = Route {
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
        let key = live.core.keys().sealing_key(SystemTime::now()).ok();
        let id = key.as_ref().map(|key| key.id());
        let request = Request::new(route.clone(), prepared, self.site(), id, &Options::default());
        let mut made = 1;
        let attempts = async {
            let request = request.map_err(Failure::not_sent)?;
            let call = Deadline::after(PATIENCE);
            let limits = |made| Limits::next(call, Retries::new().attempts(2), made, true, None);
            let first = self.exchange(&live.core, &request, false, 1, limits(0)).await;
            let (sent, received) = match first {
                Err(failure) if failure.is_of_connection() => {
                    made = 2;
                    self.exchange(&live.core, &request, true, 2, limits(1)).await?
                }
                first => first?,
            };
            live.core.judge(&request, sent, received)
        };
        let result = timeout(PATIENCE, attempts)
            .await
            .unwrap_or_else(|_| Err(Failure::unknown(ErrorKind::Deadline(PATIENCE))));
        match result {
            Ok(exchange) => Ok(exchange.received),
            Err(Failure { kind: ErrorKind::Api(refusal), outcome, received, .. })
                if matches!(refusal.status, 403 | 404)
                    && (outcome == Outcome::Refused || names_a_public_key(received.as_deref())) =>
            {
                Err(CertificateError::PublicKeyMode { refusal })
            }
            Err(failure) => {
                Err(CertificateError::Call(Arc::new(Error::new(&route, failure, made))))
            }
        }
    }
}

/// Whether a response is said to be signed by a WeChat Pay public key, which a merchant without
/// certificates has, and a client that downloads certificates need not hold. No gateway writes its id.
fn names_a_public_key(received: Option<&RawResponse>) -> bool {
    let serial = received.and_then(|received| received.headers.get(SERIAL)?.to_str().ok());
    serial.is_some_and(is_public_key_id)
}

/// Whether the key that is said to have signed is held. What names no key is not a reason to ask.
fn knows_signer(core: &Core, headers: &HeaderMap) -> bool {
    match SignedHeaders::read(core.merchant().scheme(), headers) {
        Ok(signed) => signed.is_by_public_key() || core.keys().find(signed.key_id()).is_some(),
        Err(_) => true,
    }
}
