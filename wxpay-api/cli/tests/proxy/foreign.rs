//! The authority is worth nothing for other hosts: clients refuse what it would sign for them.
//!
//! Nobody has its key, so these tests make an authority with the same constraints and sign with it. Java does not read the
//! constraints of an authority that it trusts. There, only the key that nobody has protects.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rcgen::{CertificateParams, ExtendedKeyUsagePurpose, Issuer, KeyPair};
use tempfile::TempDir;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use crate::programs::Program;
use crate::proxy::authority::parameters;
use crate::support::{HOST, handshake, read_head};

const ACCEPTED: &str = "the certificate was accepted";

/// A thief who has the key of an authority, and a proxy that leads everything to him.
struct Thief {
    folder: TempDir,
    proxy: SocketAddr,
}

impl Thief {
    /// Signs for a name or an address, and waits for victims.
    async fn signing_for(name: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let key = KeyPair::generate().unwrap();
        let authority = parameters(&key, SystemTime::now());
        let pem = authority.self_signed(&key).unwrap().pem();
        std::fs::write(folder.path().join("ca.pem"), pem).unwrap();
        let mut leaf = CertificateParams::new([name.to_owned()]).unwrap();
        let moment = Duration::from_secs(60 * 60);
        leaf.not_before = (SystemTime::now() - moment).into();
        leaf.not_after = (SystemTime::now() + moment).into();
        leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        leaf.use_authority_key_identifier_extension = true;
        let leaf_key = KeyPair::generate().unwrap();
        let issuer = Issuer::from_params(&authority, &key);
        let certificate = leaf.signed_by(&leaf_key, &issuer).unwrap();
        let config = ServerConfig::builder_with_provider(aws_lc_rs::default_provider().into())
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.der().clone()],
                PrivateKeyDer::try_from(leaf_key.serialize_der()).unwrap(),
            )
            .unwrap();
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let proxy = listener.local_addr().unwrap();
        tokio::spawn(wait(listener, TlsAcceptor::from(Arc::new(config))));
        Self { folder, proxy }
    }

    fn ca(&self) -> std::path::PathBuf {
        self.folder.path().join("ca.pem")
    }

    async fn robs(&self, program: Program, host: &str) -> (bool, String) {
        let proxy = format!("http://{}", self.proxy);
        let (_, text) = program.ask(&format!("https://{host}/"), &proxy, &self.ca()).await;
        (text.contains(ACCEPTED), text)
    }
}

async fn wait(listener: TcpListener, acceptor: TlsAcceptor) {
    while let Ok((mut stream, _)) = listener.accept().await {
        let acceptor = acceptor.clone();
        tokio::spawn(async move {
            read_head(&mut stream).await;
            stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await?;
            let mut stream = acceptor.accept(stream).await?;
            read_head(&mut stream).await;
            let length = ACCEPTED.len();
            let head =
                format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
            stream.write_all(format!("{head}{ACCEPTED}").as_bytes()).await?;
            stream.shutdown().await
        });
    }
}

#[tokio::test]
async fn programs_refuse_what_the_authority_signs_for_others() {
    let own = Thief::signing_for(HOST).await;
    let others = ["shop.example", "192.0.2.1"];
    let thieves = [Thief::signing_for(others[0]).await, Thief::signing_for(others[1]).await];
    for program in Program::ALL {
        if program == Program::Java || !program.is_here().await {
            continue;
        }
        let (robbed, text) = own.robs(program, HOST).await;
        assert!(robbed, "{program:?} must accept it for {HOST}, else this shows nothing: {text}");
        for (host, thief) in others.iter().zip(&thieves) {
            let (robbed, text) = thief.robs(program, host).await;
            assert!(!robbed, "{program:?} accepts {host}: {text}");
        }
    }
}

#[tokio::test]
async fn rustls_refuses_what_the_authority_signs_for_others() {
    for (name, accepts) in [(HOST, true), ("shop.example", false), ("192.0.2.1", false)] {
        let thief = Thief::signing_for(name).await;
        let result = reach(&thief.ca(), thief.proxy, name).await;
        match result {
            Ok(()) => assert!(accepts, "{name}"),
            Err(error) => {
                assert!(!accepts && error.to_string().contains("NameConstraint"), "{name}: {error}")
            }
        }
    }
}

async fn reach(ca: &Path, proxy: SocketAddr, name: &str) -> std::io::Result<()> {
    let mut stream = tokio::net::TcpStream::connect(proxy).await?;
    stream.write_all(format!("CONNECT {name}:443 HTTP/1.1\r\n\r\n").as_bytes()).await?;
    read_head(&mut stream).await;
    let ca = std::fs::read(ca)?;
    handshake(stream, &ca, name, Duration::ZERO).await.map(drop)
}
