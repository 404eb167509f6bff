//! The keys of a running client. The caller or a download replaces them.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::SystemTime;

use tokio::sync::{Mutex, OwnedMutexGuard};
use tokio::time::Instant;

use crate::client::core::Core;
use crate::client::{CertificateDownload, CertificateError};
use crate::protocol::{Certificate, KeyError, WechatPayKeys};

/// The current keys, and the downloads that keep them current.
#[derive(Debug)]
pub(crate) struct KeyStore {
    live: RwLock<LiveKeys>,
    /// Held by the one download, however many calls wait for it.
    downloading: Arc<Mutex<()>>,
    /// Held by the one renewal by age, while it waits to download and while it does.
    ageing: Arc<Mutex<()>>,
}

/// The right to download.
pub(crate) type Turn = OwnedMutexGuard<()>;

/// The keys of a client at one moment.
#[derive(Clone, Debug)]
pub(crate) struct LiveKeys {
    pub(crate) core: Core,
    pub(crate) download: Option<CertificateDownload>,
    /// The keys that were configured; a download adds its certificates to them.
    configured: WechatPayKeys,
    downloaded_at: Option<Instant>,
    last_attempt: Option<LastAttempt>,
    /// The latest attempt that was not made for an unknown serial. Renewals by age keep their
    /// distance from it alone, so that forged serials cannot delay them.
    last_by_age: Option<LastAttempt>,
}

/// Why certificates are downloaded.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Cause {
    /// The held certificates are old, or there are none.
    Age,
    /// A signature names an unknown serial number. Anyone can write one.
    UnknownSerial,
}

/// The latest attempt to download; further ones keep a distance.
#[derive(Clone, Debug)]
struct LastAttempt {
    at: Instant,
    error: Option<CertificateError>,
}

/// Whether certificates have to be downloaded.
#[derive(Clone, Debug)]
pub(crate) enum Need {
    None,
    /// The keys serve for now, but are old.
    Due,
    /// No key is valid.
    Urgent,
}

impl KeyStore {
    pub(crate) fn new(live: LiveKeys) -> Self {
        Self { live: RwLock::new(live), downloading: Arc::default(), ageing: Arc::default() }
    }

    /// Returns the current keys. A call keeps those it began with.
    pub(crate) fn live(&self) -> LiveKeys {
        self.live.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn core(&self) -> Core {
        self.live.read().unwrap_or_else(PoisonError::into_inner).core.clone()
    }

    /// Replaces the keys; calls in flight keep theirs.
    pub(crate) fn replace(&self, live: LiveKeys) {
        *self.live.write().unwrap_or_else(PoisonError::into_inner) = live;
    }

    /// Waits until no other call downloads.
    pub(crate) async fn turn(&self) -> Turn {
        Arc::clone(&self.downloading).lock_owned().await
    }

    /// Returns the right to renew old certificates, unless another call has it. A renewal then
    /// waits for its turn to download like every other download.
    pub(crate) fn try_renewal(&self) -> Option<Turn> {
        Arc::clone(&self.ageing).try_lock_owned().ok()
    }

    /// Stores the result of a download with `core`, unless the caller replaced the keys meanwhile.
    pub(crate) fn downloaded(
        &self,
        core: &Core,
        cause: Cause,
        result: Result<Core, CertificateError>,
    ) {
        let mut live = self.live.write().unwrap_or_else(PoisonError::into_inner);
        if !live.core.is(core) {
            return;
        }
        let now = Instant::now();
        let attempt = LastAttempt { at: now, error: result.as_ref().err().cloned() };
        if cause == Cause::Age {
            live.last_by_age = Some(attempt.clone());
        }
        live.last_attempt = Some(attempt);
        if let Ok(core) = result {
            live.core = core;
            live.downloaded_at = Some(now);
        }
    }
}

impl LiveKeys {
    pub(crate) fn new(core: Core, download: Option<CertificateDownload>) -> Self {
        let configured = core.keys().clone();
        Self {
            core,
            download,
            configured,
            downloaded_at: None,
            last_attempt: None,
            last_by_age: None,
        }
    }

    /// The configured keys with these certificates.
    pub(crate) fn with_certificates(
        &self,
        certificates: Vec<Certificate>,
    ) -> Result<WechatPayKeys, KeyError> {
        certificates
            .into_iter()
            .try_fold(self.configured.clone(), WechatPayKeys::with_parsed_certificate)
    }

    pub(crate) fn need(&self) -> Need {
        let Some(download) = &self.download else {
            return Need::None;
        };
        if self.core.keys().encryption_key(SystemTime::now()).is_err() {
            return Need::Urgent;
        }
        match self.downloaded_at {
            Some(at) if at.elapsed() < download.refresh_after => Need::None,
            _ if self.rests_from(self.last_by_age.as_ref()) => Need::None,
            _ => Need::Due,
        }
    }

    /// Whether it is time to renew the certificates by age, or to download the first ones.
    pub(crate) fn is_due(&self) -> bool {
        match self.need() {
            Need::None => false,
            Need::Due => true,
            Need::Urgent => !self.rests(),
        }
    }

    /// Whether it is too early for another download because of an unknown serial.
    pub(crate) fn rests(&self) -> bool {
        self.rests_from(self.last_attempt.as_ref())
    }

    fn rests_from(&self, last: Option<&LastAttempt>) -> bool {
        let (Some(download), Some(last)) = (&self.download, last) else {
            return false;
        };
        last.at.elapsed() < download.rest_after(last.error.as_ref())
    }

    /// Whether certificates were downloaded for these keys.
    pub(crate) fn has_downloaded(&self) -> bool {
        self.downloaded_at.is_some()
    }

    /// Whether an attempt ended after this moment.
    pub(crate) fn was_tried_since(&self, moment: Instant) -> bool {
        self.last_attempt.as_ref().is_some_and(|last| last.at >= moment)
    }

    /// Why the latest attempt failed, if it did.
    pub(crate) fn last_error(&self) -> Option<CertificateError> {
        self.last_attempt.as_ref()?.error.clone()
    }
}
