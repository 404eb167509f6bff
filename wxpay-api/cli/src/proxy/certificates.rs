//! The certificates of a folder: kept in it, renewed in time, and chosen for each TLS handshake.

use std::collections::HashMap;
use std::fmt;
use std::fs::{self, Permissions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};
use tokio_rustls::rustls::crypto::{CryptoProvider, aws_lc_rs};
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::{ClientHello, NoServerSessionStorage, ResolvesServerCert};
use tokio_rustls::rustls::sign::CertifiedKey;
use tokio_rustls::rustls::{self, ServerConfig};
use wxpay_api::sandbox::OfficialHost;

use super::ProxyError;
use super::authority::Authority;

/// The certificates to trust, for variables such as `NODE_EXTRA_CA_CERTS`.
pub(crate) const CA_FILE: &str = "ca.pem";

/// The certificates of the hosts with their keys.
const KEYS_FILE: &str = "proxy-keys.json";

/// How long before the end of an authority its successor is trusted too.
const OVERLAP: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// The certificates of a folder.
pub(super) struct Certificates {
    folder: PathBuf,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    /// The authority that signed what is served, and its successor, if it has one.
    authorities: Vec<Arc<Authority>>,
    served: Arc<ServedCertificates>,
}

/// The content of the file with the keys.
#[derive(Deserialize, Serialize)]
struct KeysFile<A> {
    authorities: Vec<A>,
}

/// What a check of the certificates changed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum CertificateChange {
    /// There is a new authority, which clients must trust from now on.
    New,
    /// There is a successor. The file has both, and clients that read it now know both.
    Announced,
    /// The successor has taken over.
    Switched,
}

impl Certificates {
    /// Reads the certificates of a folder, or makes them. Returns what changed, if the folder had some.
    pub(super) fn open(
        folder: &Path,
        now: SystemTime,
    ) -> Result<(Self, Option<CertificateChange>), ProxyError> {
        let file = folder.join(KEYS_FILE);
        let found: Vec<Authority> = match fs::read(&file) {
            Ok(content) => {
                let parsed: Result<KeysFile<_>, _> = serde_json::from_slice(&content);
                let damaged = |source| ProxyError::Damaged { file, source: Box::new(source) };
                parsed.map_err(damaged)?.authorities
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(source) => return Err(ProxyError::File { file, source }),
        };
        let found: Vec<_> = found.into_iter().map(Arc::new).collect();
        let certificates = Self { folder: folder.to_owned(), kept: Mutex::default() };
        certificates.kept().authorities.clone_from(&found);
        let change = certificates.check(now)?;
        if change.is_none() {
            certificates.keep(&mut certificates.kept(), found.clone())?;
        }
        Ok((certificates, change.filter(|_| !found.is_empty())))
    }

    /// Returns the certificates to serve.
    pub(super) fn served(&self) -> Arc<ServedCertificates> {
        Arc::clone(&self.kept().served)
    }

    /// Renews what ends soon.
    pub(super) fn check(&self, now: SystemTime) -> Result<Option<CertificateChange>, ProxyError> {
        let mut kept = self.kept();
        let usable = kept.authorities.iter().filter(|authority| authority.is_usable(now));
        let mut authorities: Vec<_> = usable.cloned().collect();
        let change = match authorities.as_slice() {
            [] => CertificateChange::New,
            [only] if only.left(now) <= OVERLAP => CertificateChange::Announced,
            usable if usable.len() < kept.authorities.len() => CertificateChange::Switched,
            _ => return Ok(None),
        };
        if change != CertificateChange::Switched {
            authorities.push(Arc::new(Authority::issue(now)?));
        }
        self.keep(&mut kept, authorities)?;
        Ok(Some(change))
    }

    /// Writes the files, and serves what the first authority signed. If that fails, all stays as it was.
    fn keep(&self, kept: &mut Kept, authorities: Vec<Arc<Authority>>) -> Result<(), ProxyError> {
        let file = || self.folder.join(KEYS_FILE);
        let served = match authorities.first() {
            Some(first) => ServedCertificates::new(first)
                .map_err(|source| ProxyError::Damaged { file: file(), source })?,
            None => ServedCertificates::default(),
        };
        let content = KeysFile { authorities: authorities.iter().map(Arc::as_ref).collect() };
        let content = serde_json::to_vec_pretty(&content)
            .map_err(|error| ProxyError::File { file: file(), source: error.into() })?;
        let trusted: String =
            authorities.iter().map(|authority| authority.certificate.as_str()).collect();
        self.write(KEYS_FILE, &content, 0o600)?;
        self.write(CA_FILE, trusted.as_bytes(), 0o644)?;
        *kept = Kept { authorities, served: Arc::new(served) };
        Ok(())
    }

    /// Replaces a file as a whole, unless it is as it should be.
    fn write(&self, name: &str, content: &[u8], mode: u32) -> Result<(), ProxyError> {
        let file = self.folder.join(name);
        if fs::read(&file).is_ok_and(|existing| existing == content) && has_mode(&file, mode) {
            return Ok(());
        }
        let write = || {
            let mut builder = tempfile::Builder::new();
            if let Some(permissions) = permissions(mode) {
                builder.permissions(permissions);
            }
            let mut temporary = builder.tempfile_in(&self.folder)?;
            temporary.write_all(content)?;
            temporary.as_file().sync_all()?;
            temporary.persist(&file)?;
            Ok(())
        };
        write().map_err(|source| ProxyError::File { file: file.clone(), source })
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(unix)]
fn permissions(mode: u32) -> Option<Permissions> {
    Some(std::os::unix::fs::PermissionsExt::from_mode(mode))
}

#[cfg(not(unix))]
fn permissions(_: u32) -> Option<Permissions> {
    None
}

/// Returns whether nobody may do more with a file than this mode says.
#[cfg(unix)]
fn has_mode(file: &Path, mode: u32) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(file).is_ok_and(|metadata| metadata.permissions().mode() & 0o777 & !mode == 0)
}

#[cfg(not(unix))]
fn has_mode(_: &Path, _: u32) -> bool {
    true
}

/// The certificates that are served now, as settings of TLS.
#[derive(Default)]
pub(super) struct ServedCertificates {
    /// For a client that asked for a host before.
    connected: HashMap<OfficialHost, Arc<ServerConfig>>,
    /// For a client whose handshake names the host.
    named: Option<Arc<ServerConfig>>,
}

impl ServedCertificates {
    fn new(authority: &Authority) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let mut keys = HashMap::new();
        for host in OfficialHost::all() {
            let Some(signed) = authority.host(host) else { continue };
            let chain = vec![CertificateDer::from_pem_slice(signed.certificate.as_bytes())?];
            let key = PrivateKeyDer::from_pem_slice(signed.private_key.as_bytes())?;
            keys.insert(host, Arc::new(CertifiedKey::from_der(chain, key, &provider)?));
        }
        let keys = Arc::new(keys);
        let connected = OfficialHost::all()
            .map(|host| Ok((host, config(&provider, CertificateChoice::new(&keys, Some(host)))?)));
        Ok(Self {
            connected: connected.collect::<Result<_, rustls::Error>>()?,
            named: Some(config(&provider, CertificateChoice::new(&keys, None))?),
        })
    }

    /// Returns the settings for a client that asked for a host, or whose handshake must name it.
    pub(super) fn config(&self, connected: Option<OfficialHost>) -> Option<Arc<ServerConfig>> {
        match connected {
            Some(host) => self.connected.get(&host).cloned(),
            None => self.named.clone(),
        }
    }
}

fn config(
    provider: &Arc<CryptoProvider>,
    choice: CertificateChoice,
) -> Result<Arc<ServerConfig>, rustls::Error> {
    let mut config = ServerConfig::builder_with_provider(Arc::clone(provider))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(choice));
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    // Resumed sessions save little on one machine. Without them there is nothing to remember, and each handshake is
    // made with the certificates of now.
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    Ok(Arc::new(config))
}

/// Chooses the certificate of a handshake, or none.
struct CertificateChoice {
    keys: Arc<HashMap<OfficialHost, Arc<CertifiedKey>>>,
    connected: Option<OfficialHost>,
}

impl CertificateChoice {
    fn new(
        keys: &Arc<HashMap<OfficialHost, Arc<CertifiedKey>>>,
        connected: Option<OfficialHost>,
    ) -> Self {
        Self { keys: Arc::clone(keys), connected }
    }
}

impl ResolvesServerCert for CertificateChoice {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let host = match (self.connected, hello.server_name()) {
            (Some(connected), None) => connected,
            (None, None) => return None,
            (connected, Some(name)) => {
                // A handshake for another host than the tunnel's is a mistake, or an attempt to hide the host.
                OfficialHost::find(name).filter(|host| connected.is_none_or(|it| it == *host))?
            }
        };
        self.keys.get(&host).cloned()
    }
}

impl fmt::Debug for CertificateChoice {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("CertificateChoice").finish_non_exhaustive()
    }
}

impl fmt::Debug for Certificates {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Certificates").field("folder", &self.folder).finish_non_exhaustive()
    }
}
