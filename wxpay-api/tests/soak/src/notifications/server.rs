//! One of the merchant's servers: the axum extractor, the guard in Redis, and a handler with an effect.
//!
//! The effect is a transaction by the notification's id: a file that can be created once. So a handler that runs twice
//! has one effect, as with a unique key in a database. Each run is logged, with its end.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{FromRef, State};
use axum::routing::post;
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;
use wxpay_api::axum::Notified;
use wxpay_api::replay::{RedisReplayGuard, ReplayGuard, once};
use wxpay_api::v3::pay::types::Transaction;
use wxpay_api::{Acknowledgement, CertificateDownload, Client, Config};

use super::log::StderrLog;
use super::plan::Stall;
use crate::report::Failure;

/// How long a handler works at most, in milliseconds.
const WORK: u64 = 20;

/// What the soak tells its servers, in a file.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Settings {
    pub(crate) ports: Vec<u16>,
    pub(crate) url: String,
    pub(crate) redis: String,
    pub(crate) lease: Duration,
    pub(crate) at_least_apart: Duration,
    pub(crate) mchid: String,
    pub(crate) apiv3_key: String,
    pub(crate) certificate: PathBuf,
    pub(crate) private_key: PathBuf,
    pub(crate) platform_certificates: Vec<PathBuf>,
}

impl Settings {
    /// The file in the folder of the soak.
    pub(crate) const FILE: &str = "settings.json";

    fn client(&self) -> Result<Client, Failure> {
        let mut config = Config::default();
        config.mchid = Some(self.mchid.clone());
        config.apiv3_key = Some(self.apiv3_key.as_str().into());
        config.certificate_file = Some(self.certificate.clone());
        config.private_key_file = Some(self.private_key.clone());
        config.platform_certificate_files = self.platform_certificates.clone();
        let download = CertificateDownload::new().at_least_apart(self.at_least_apart);
        let builder = config.client_builder()?.base_url(&self.url);
        Ok(builder.download_certificates(download).build()?)
    }
}

#[derive(Clone)]
struct Server {
    wx: Client,
    guard: Arc<dyn ReplayGuard>,
    folder: Arc<Path>,
    runs: Arc<File>,
}

impl FromRef<Server> for Client {
    fn from_ref(server: &Server) -> Self {
        server.wx.clone()
    }
}

/// Serves until the process is killed.
pub(crate) async fn serve(folder: &Path, index: usize) -> Result<(), Failure> {
    tracing::subscriber::set_global_default(StderrLog)?;
    let settings: Settings = serde_json::from_slice(&std::fs::read(folder.join(Settings::FILE))?)?;
    let port = *settings.ports.get(index).ok_or("no such server")?;
    let runs = runs(folder, index);
    let server = Server {
        wx: settings.client()?,
        guard: Arc::new(RedisReplayGuard::new(&settings.redis)?.lease(settings.lease)),
        folder: folder.into(),
        runs: Arc::new(OpenOptions::new().create(true).append(true).open(runs)?),
    };
    let routes = Router::new().route("/notify", post(notified)).with_state(server);
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    Ok(axum::serve(listener, routes).await?)
}

/// The log of a server's runs: `begin`, `effect` or `end`, and the id.
pub(crate) fn runs(folder: &Path, index: usize) -> PathBuf {
    folder.join(format!("runs-{index}"))
}

/// The file that is the effect of a notification.
pub(crate) fn effect(folder: &Path, id: &str) -> PathBuf {
    folder.join("effects").join(id)
}

/// The file that says which process stalls in the handler of a notification.
pub(crate) fn stall(folder: &Path, id: &str) -> PathBuf {
    folder.join("stalls").join(id)
}

async fn notified(
    State(server): State<Server>,
    Notified(notification): Notified,
) -> Acknowledgement {
    let Ok(transaction) = notification.resource::<Transaction>() else {
        return Acknowledgement::failed("not a payment");
    };
    let keys = notification
        .replay_keys()
        .and_state(&transaction.out_trade_no, transaction.trade_state.as_str());
    let work = async {
        match server.act(notification.id(), &transaction).await {
            Ok(()) => Acknowledgement::handled(),
            Err(error) => {
                tracing::error!(%error, "the handler failed");
                Acknowledgement::failed("the handler failed")
            }
        }
    };
    once(&*server.guard, &keys, work).await
}

impl Server {
    async fn act(&self, id: &str, transaction: &Transaction) -> Result<(), Failure> {
        self.log("begin", id)?;
        let attach = transaction.attach.as_str();
        if attach == Stall::BeforeTheEffect.attach() {
            self.stall_once(id).await?;
        }
        tokio::time::sleep(Duration::from_millis(fastrand::u64(0..=WORK))).await;
        if create(&effect(&self.folder, id), &transaction.out_trade_no)? {
            self.log("effect", id)?;
        }
        if attach == Stall::AfterTheEffect.attach() {
            self.stall_once(id).await?;
        }
        self.log("end", id)
    }

    /// The first handler of a notification never ends.
    async fn stall_once(&self, id: &str) -> Result<(), Failure> {
        if create(&stall(&self.folder, id), &std::process::id().to_string())? {
            std::future::pending::<()>().await;
        }
        Ok(())
    }

    /// One write, so that lines of several threads do not mix, and a kill cuts none.
    fn log(&self, what: &str, id: &str) -> Result<(), Failure> {
        Ok((&*self.runs).write_all(format!("{what} {id}\n").as_bytes())?)
    }
}

/// Creates a file with this content unless there is one. Returns whether it was created.
fn create(path: &Path, content: &str) -> Result<bool, Failure> {
    match File::create_new(path) {
        Ok(mut file) => {
            file.write_all(content.as_bytes())?;
            Ok(true)
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error.into()),
    }
}
