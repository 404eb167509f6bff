//! The merchants that are served, and how they follow their folder without a restart.

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};
use std::time::{Duration, Instant, SystemTime};

use tokio::sync::Mutex;
use tokio::task::{JoinSet, spawn_blocking};
use wxpay_api::{CheckOutcome, Client, Clients, SelfTest, Transport, TransportBuildError};

use crate::folder::{self, FolderError, Found, MerchantFile};
use crate::service::Settings;

/// How many merchants are tested at a time.
const AT_A_TIME: usize = 16;

/// How long a configuration that was refused rests, unless somebody asks or changes it.
const REST: Duration = Duration::from_secs(60);

/// The merchants. Clones are the same collection.
#[derive(Clone)]
pub(crate) struct Merchants {
    settings: Arc<Settings>,
    /// All merchants share their connections.
    transport: Transport,
    /// The same clients as in the entries, for the URL that merchants share.
    clients: Clients,
    entries: Arc<RwLock<BTreeMap<String, Entry>>>,
    /// One reload at a time.
    reloading: Arc<Mutex<()>>,
}

/// What is known of a merchant's folder.
#[derive(Clone, Default)]
pub(crate) struct Entry {
    /// What serves the merchant: the latest configuration that works.
    pub(crate) serving: Option<Serving>,
    /// Why the configuration in the folder is not used.
    pub(crate) problem: Option<Problem>,
}

/// A merchant with its keys. Who holds it goes on with these keys, whatever is loaded meanwhile.
#[derive(Clone)]
pub(crate) struct Serving {
    pub(crate) wx: Client,
    pub(crate) appid: String,
    pub(crate) since: SystemTime,
    pub(crate) self_test: SelfTest,
    digest: String,
}

/// A configuration that is not used.
#[derive(Clone)]
pub(crate) struct Problem {
    pub(crate) why: String,
    digest: String,
    tried: Instant,
}

/// What a reload changed.
#[derive(Debug, Default, Eq, PartialEq)]
pub(crate) struct Reload {
    pub(crate) loaded: Vec<String>,
    pub(crate) refused: Vec<String>,
    pub(crate) removed: Vec<String>,
}

impl Merchants {
    /// Makes an empty collection.
    pub(crate) fn new(settings: Arc<Settings>) -> Result<Self, TransportBuildError> {
        Ok(Self {
            settings,
            transport: Transport::new()?,
            clients: Clients::new(),
            entries: Arc::default(),
            reloading: Arc::default(),
        })
    }

    /// The merchant of this number, with its keys of this moment.
    pub(crate) fn get(&self, mchid: &str) -> Option<Serving> {
        self.read().get(mchid)?.serving.clone()
    }

    /// The clients of all merchants.
    pub(crate) fn clients(&self) -> Clients {
        self.clients.clone()
    }

    /// What is known of all merchants.
    pub(crate) fn entries(&self) -> BTreeMap<String, Entry> {
        self.read().clone()
    }

    /// Follows the folder. Calls in flight keep their keys, and finish.
    ///
    /// A changed configuration replaces the old one only after a self-test of its keys; until then the old one serves.
    /// `again` tries refused configurations although they are the same.
    ///
    /// # Errors
    /// [`FolderError`] if the folder itself cannot be read, or is empty. Nothing was changed then.
    pub(crate) async fn reload(&self, again: bool) -> Result<Reload, FolderError> {
        let _only_one = self.reloading.lock().await;
        let settings = Arc::clone(&self.settings);
        let found = spawn_blocking(move || folder::merchants(&settings.folder)).await??;
        let mut reload = Reload { removed: self.remove_all_but(&found), ..Reload::default() };
        let mut changed = Vec::new();
        for (mchid, digest) in found {
            match digest {
                Ok(digest) if self.is_due(&mchid, &digest, again) => changed.push((mchid, digest)),
                Ok(_) => {}
                Err(error) => {
                    self.refuse(&mchid, String::new(), &error);
                    reload.refused.push(mchid);
                }
            }
        }
        for some in changed.chunks(AT_A_TIME) {
            let tried = some.iter().cloned().map(|(mchid, digest)| {
                let merchants = self.clone();
                async move {
                    let candidate = merchants.candidate(&mchid, &digest).await;
                    (mchid, digest, candidate)
                }
            });
            for (mchid, digest, candidate) in tried.collect::<JoinSet<_>>().join_all().await {
                match candidate {
                    Ok(serving) => {
                        self.serve(&mchid, serving);
                        reload.loaded.push(mchid);
                    }
                    Err(error) => {
                        self.refuse(&mchid, digest, &error);
                        reload.refused.push(mchid);
                    }
                }
            }
        }
        Ok(reload)
    }

    /// Tests the keys of every merchant again. Keys expire, and are revoked on the merchant platform.
    pub(crate) async fn test(&self) {
        let serving: Vec<_> = self.entries().into_values().filter_map(|it| it.serving).collect();
        for some in serving.chunks(AT_A_TIME) {
            let tests = some.iter().cloned().map(|serving| async move {
                let self_test = serving.wx.self_test().await;
                (serving, self_test)
            });
            for (serving, self_test) in tests.collect::<JoinSet<_>>().join_all().await {
                if !self_test.is_ok() {
                    let (mchid, failures) = (serving.wx.id(), failures(&self_test));
                    tracing::error!(mchid, failures, "the keys do not work");
                }
                let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
                let entry = entries.get_mut(serving.wx.id()).and_then(|it| it.serving.as_mut());
                // Perhaps another configuration serves by now, which has its own test.
                if let Some(held) = entry.filter(|held| held.digest == serving.digest) {
                    held.self_test = self_test;
                }
            }
        }
    }

    /// Builds and tests what the folder configures.
    async fn candidate(&self, mchid: &str, digest: &str) -> Result<Serving, FolderError> {
        let MerchantFile { appid, mut config } = folder::read(&self.settings.folder, mchid)?;
        if let Some(download) = config.download_certificates {
            let pause = self.settings.certificate_pause;
            config.download_certificates = Some(download.at_least_apart(pause));
        }
        let mut builder = config.client_builder()?.transport(&self.transport);
        if let Some(url) = &self.settings.base_url {
            builder = builder.base_url(url);
        }
        let wx = builder.build()?;
        let self_test = wx.self_test().await;
        // Without an older configuration, bad keys are better than none: perhaps only the network is not there yet.
        if !self_test.is_ok() && self.get(mchid).is_some() {
            return Err(FolderError::SelfTest(failures(&self_test)));
        }
        let (since, digest) = (SystemTime::now(), digest.to_owned());
        Ok(Serving { wx, appid, since, self_test, digest })
    }

    fn is_due(&self, mchid: &str, digest: &str, again: bool) -> bool {
        let entries = self.read();
        let Some(Entry { serving, problem }) = entries.get(mchid) else {
            return true;
        };
        match problem {
            Some(problem) => again || problem.digest != digest || problem.tried.elapsed() > REST,
            None => serving.as_ref().is_none_or(|serving| serving.digest != digest),
        }
    }

    fn serve(&self, mchid: &str, serving: Serving) {
        let keys = serving.wx.keys().ids();
        match serving.self_test.is_ok() {
            true => tracing::info!(mchid, ?keys, "serves the merchant with its new configuration"),
            false => {
                let failures = failures(&serving.self_test);
                tracing::error!(
                    mchid,
                    ?keys,
                    failures,
                    "serves the merchant, but its keys do not work"
                );
            }
        }
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        self.clients.insert(serving.wx.clone());
        entries.insert(mchid.to_owned(), Entry { serving: Some(serving), problem: None });
    }

    fn refuse(&self, mchid: &str, digest: String, error: &FolderError) {
        let why = with_causes(error);
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        let entry = entries.entry(mchid.to_owned()).or_default();
        let is_news = entry.problem.as_ref().is_none_or(|held| held.why != why);
        let keeps_old = entry.serving.is_some();
        entry.problem = Some(Problem { why: why.clone(), digest, tried: Instant::now() });
        drop(entries);
        if is_news {
            tracing::error!(mchid, keeps_old, why, "refused a configuration");
        }
    }

    fn remove_all_but(&self, found: &Found) -> Vec<String> {
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        let gone: Vec<_> =
            entries.keys().filter(|mchid| !found.contains_key(*mchid)).cloned().collect();
        for mchid in &gone {
            entries.remove(mchid);
            self.clients.remove(mchid);
            tracing::info!(mchid, "no longer serves the merchant");
        }
        gone
    }

    fn read(&self) -> RwLockReadGuard<'_, BTreeMap<String, Entry>> {
        self.entries.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What failed in a self-test, in one line.
pub(crate) fn failures(self_test: &SelfTest) -> String {
    let failed = self_test.checks().iter().filter(|it| it.outcome == CheckOutcome::Failed);
    let failed = failed.map(|check| format!("{}: {}", check.name, check.explanation));
    failed.collect::<Vec<_>>().join("; ")
}

/// An error and its causes in one line.
pub(crate) fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text += &format!(": {error}");
        cause = error.source();
    }
    text
}
