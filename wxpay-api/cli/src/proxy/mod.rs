//! The proxy: answers in the name of WeChat Pay's hosts with a certificate authority of the folder's own, so that an SDK
//! with hard-coded hosts reaches the sandbox by `HTTPS_PROXY` and a CA variable alone.

pub(crate) mod authority;
mod certificates;
mod connect;
mod listener;

use std::error::Error;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio::time::sleep;
use wxpay_api::sandbox::SandboxConnections;

pub(crate) use certificates::{CA_FILE, CertificateChange};
pub(crate) use listener::Limits;

use certificates::Certificates;
use listener::{Server, accept};

/// How often a running process looks whether its certificates end soon.
const CHECK_EVERY: Duration = Duration::from_secs(60 * 60);

/// Where to listen. Port 0 is any free port.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ProxySettings {
    /// Takes `CONNECT`, for `HTTPS_PROXY`.
    pub(crate) proxy: Option<SocketAddr>,
    /// Takes TLS at once, for entries in a hosts file.
    pub(crate) tls: Option<SocketAddr>,
    pub(crate) limits: Limits,
}

/// A running proxy. Dropping it stops it, and ends its connections.
#[derive(Debug)]
#[must_use = "the proxy stops when it is dropped"]
pub(crate) struct Proxy {
    address: Option<SocketAddr>,
    tls_address: Option<SocketAddr>,
    ca_file: PathBuf,
    certificates: Arc<Certificates>,
    _tasks: JoinSet<()>,
}

/// Why the proxy does not run.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ProxyError {
    /// An address is taken, or not of this machine.
    #[error("cannot listen on {address}; choose another port with `{option}`")]
    Bind {
        address: SocketAddr,
        option: &'static str,
        #[source]
        source: io::Error,
    },
    /// A file of the folder.
    #[error("{} cannot be read or written", file.display())]
    File {
        file: PathBuf,
        #[source]
        source: io::Error,
    },
    /// A file of the folder that was changed.
    #[error("{} is damaged; delete it, and clients must trust a new authority", file.display())]
    Damaged {
        file: PathBuf,
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// The cryptographic library.
    #[error("no certificate can be made")]
    Certificate(#[from] rcgen::Error),
}

/// Starts the proxy of a folder.
pub(crate) async fn start(
    folder: &Path,
    settings: ProxySettings,
    connections: SandboxConnections,
) -> Result<Proxy, ProxyError> {
    let ProxySettings { proxy, tls, limits } = settings;
    let (certificates, change) = Certificates::open(folder, SystemTime::now())?;
    if let Some(change) = change {
        say(change.message());
    }
    let certificates = Arc::new(certificates);
    let server = Arc::new(Server { limits, certificates: Arc::clone(&certificates), connections });
    let (proxy, tls) = (bind(proxy, "--proxy").await?, bind(tls, "--tls").await?);
    let (address, tls_address) = (address(proxy.as_ref()), address(tls.as_ref()));
    let mut tasks = JoinSet::new();
    if let Some(listener) = proxy {
        let server = Arc::clone(&server);
        tasks.spawn(accept(listener, limits, move |stream| {
            connect::serve(stream, Arc::clone(&server))
        }));
    }
    if let Some(listener) = tls {
        let port = tls_address.map_or(listener::HTTPS, |address| address.port());
        tasks.spawn(accept(listener, limits, move |stream| {
            let server = Arc::clone(&server);
            async move { Box::pin(server.end_tls(stream, None, port)).await }
        }));
    }
    tasks.spawn(renew(Arc::clone(&certificates)));
    let ca_file = folder.join(CA_FILE);
    Ok(Proxy { address, tls_address, ca_file, certificates, _tasks: tasks })
}

impl Proxy {
    /// Returns the address for `HTTPS_PROXY`.
    pub(crate) fn address(&self) -> Option<SocketAddr> {
        self.address
    }

    /// Returns the address that takes TLS at once.
    pub(crate) fn tls_address(&self) -> Option<SocketAddr> {
        self.tls_address
    }

    /// Returns the file with the certificate to trust.
    pub(crate) fn ca_file(&self) -> &Path {
        &self.ca_file
    }

    /// Renews certificates that end soon, as the proxy does by itself every hour.
    #[allow(dead_code, reason = "tests choose the time")]
    pub(crate) fn renew(&self, now: SystemTime) -> Result<Option<CertificateChange>, ProxyError> {
        self.certificates.check(now)
    }
}

async fn bind(
    address: Option<SocketAddr>,
    option: &'static str,
) -> Result<Option<TcpListener>, ProxyError> {
    let Some(address) = address else {
        return Ok(None);
    };
    match TcpListener::bind(address).await {
        Ok(listener) => Ok(Some(listener)),
        Err(source) => Err(ProxyError::Bind { address, option, source }),
    }
}

fn address(listener: Option<&TcpListener>) -> Option<SocketAddr> {
    listener.and_then(|listener| listener.local_addr().ok())
}

/// Renews the certificates until the task is aborted, and says so on stderr.
async fn renew(certificates: Arc<Certificates>) {
    loop {
        sleep(CHECK_EVERY).await;
        let message = match certificates.check(SystemTime::now()) {
            Ok(None) => continue,
            Ok(Some(change)) => change.message().to_owned(),
            Err(error) => format!("the proxy's certificates cannot be renewed: {error}"),
        };
        say(&message);
    }
}

fn say(message: &str) {
    // Without a place for messages, the proxy runs on.
    let _ = writeln!(io::stderr(), "{message}");
}

impl CertificateChange {
    /// Says what changed, and what to do.
    pub(crate) fn message(self) -> &'static str {
        match self {
            Self::New => {
                "the proxy has a new certificate authority: start your programs again, so that they read ca.pem; Java \
                 needs a new trust store"
            }
            Self::Announced => {
                "the proxy's certificate authority ends in 30 days; ca.pem has its successor too: start your programs \
                 again within that time, and make a new trust store for Java when it has taken over"
            }
            Self::Switched => {
                "the proxy has changed to its next certificate authority: programs that started more than 29 days ago \
                 must start again, and Java needs a new trust store"
            }
        }
    }
}
