//! The certificates: what they allow, the same every day, and renewed in time.

use std::time::{Duration, SystemTime};

use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use wxpay_api::sandbox::{OfficialHost, Sandbox};
use x509_cert::Certificate;
use x509_cert::der::Decode;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{
    BasicConstraints, ExtendedKeyUsage, KeyUsage, KeyUsages, NameConstraints, SubjectAltName,
};

use crate::proxy::{CertificateChange, Limits};
use crate::support::{HOST, Setup, handshake, start};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The certificates of a PEM file.
fn certificates(pem: &[u8]) -> Vec<Certificate> {
    let all = CertificateDer::pem_slice_iter(pem);
    all.map(|certificate| Certificate::from_der(&certificate.unwrap()).unwrap()).collect()
}

/// The certificate that a host has at this moment, by a client whose clock is so much ahead.
async fn served(setup: &Setup, ca: &[u8], host: &str, ahead: Duration) -> Option<Certificate> {
    let stream = handshake(setup.tunnel(host).await, ca, host, ahead).await.ok()?;
    let chain = stream.get_ref().1.peer_certificates().unwrap().to_vec();
    Some(Certificate::from_der(&chain[0]).unwrap())
}

fn extension<'a, T: Decode<'a> + x509_cert::der::oid::AssociatedOid>(
    certificate: &'a Certificate,
) -> (bool, T)
where
    T::Error: std::fmt::Debug,
{
    let extensions = certificate.tbs_certificate().extensions().unwrap();
    let found = extensions.iter().find(|extension| extension.extn_id == T::OID).unwrap();
    (found.critical, T::from_der(found.extn_value.as_bytes()).unwrap())
}

fn validity(certificate: &Certificate) -> (SystemTime, SystemTime) {
    let validity = certificate.tbs_certificate().validity();
    (validity.not_before.to_system_time(), validity.not_after.to_system_time())
}

#[tokio::test]
async fn the_authority_can_sign_for_wechat_pays_hosts_alone() {
    let before = SystemTime::now();
    let setup = Setup::new().await;
    let found = certificates(&setup.ca());
    let [authority] = found.as_slice() else { panic!("{} certificates", found.len()) };
    let (critical, basic): (_, BasicConstraints) = extension(authority);
    assert!(critical && basic.ca);
    assert_eq!(basic.path_len_constraint, Some(0));
    let (critical, usage): (_, KeyUsage) = extension(authority);
    assert!(critical);
    assert_eq!(usage, KeyUsage(KeyUsages::KeyCertSign.into()));
    let (_, purposes): (_, ExtendedKeyUsage) = extension(authority);
    assert_eq!(purposes.0.len(), 1);
    let (critical, names): (_, NameConstraints) = extension(authority);
    assert!(critical);
    let permitted: Vec<_> = names
        .permitted_subtrees
        .unwrap()
        .into_iter()
        .map(|subtree| match subtree.base {
            GeneralName::DnsName(name) => name.to_string(),
            other => panic!("{other:?}"),
        })
        .collect();
    let hosts: Vec<_> = OfficialHost::all().map(|host| host.to_string()).collect();
    assert_eq!(permitted, hosts);
    let excluded: Vec<_> = names
        .excluded_subtrees
        .unwrap()
        .into_iter()
        .map(|subtree| match subtree.base {
            GeneralName::IpAddress(range) => range.as_bytes().to_vec(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(excluded, [vec![0; 8], vec![0; 32]], "every address of IPv4 and IPv6");
    let (not_before, not_after) = validity(authority);
    assert!(not_before <= before - DAY + Duration::from_secs(1));
    let life = not_after.duration_since(not_before).unwrap();
    assert_eq!(life.as_secs() / DAY.as_secs(), 91, "90 days, and one for clocks that are behind");
}

#[tokio::test]
async fn each_host_has_a_certificate_of_its_own() {
    let setup = Setup::new().await;
    let authority = certificates(&setup.ca()).remove(0);
    let mut serials = Vec::new();
    for host in OfficialHost::all() {
        let leaf = served(&setup, &setup.ca(), host.name(), Duration::ZERO).await.unwrap();
        let (_, names): (_, SubjectAltName) = extension(&leaf);
        let [GeneralName::DnsName(name)] = names.0.as_slice() else { panic!("{names:?}") };
        assert_eq!(name.as_str(), host.name());
        let (critical, basic): (_, BasicConstraints) = extension(&leaf);
        assert!(critical && !basic.ca);
        assert!(validity(&leaf).1 <= validity(&authority).1);
        serials.push(leaf.tbs_certificate().serial_number().clone());
    }
    serials.sort();
    serials.dedup();
    assert_eq!(serials.len(), OfficialHost::all().count());
}

#[tokio::test]
async fn the_certificates_are_the_same_after_a_restart() {
    let setup = Setup::new().await;
    let (ca, leaf) = (setup.ca(), served(&setup, &setup.ca(), HOST, Duration::ZERO).await);
    let Setup { sandbox, proxy, folder } = setup;
    let address = proxy.address().unwrap();
    drop(proxy);
    let refused = async { while tokio::net::TcpStream::connect(address).await.is_ok() {} };
    refused.await;
    std::fs::remove_file(folder.path().join("ca.pem")).unwrap();
    let proxy = start(&sandbox, &folder, Limits::default()).await;
    let setup = Setup { sandbox, proxy, folder };
    assert_eq!(setup.ca(), ca, "also when the file of the certificate was lost");
    assert_eq!(served(&setup, &ca, HOST, Duration::ZERO).await, leaf);
}

#[cfg(unix)]
#[tokio::test]
async fn keys_are_for_their_owner_alone_and_the_authoritys_is_nowhere() {
    use std::os::unix::fs::PermissionsExt;
    let setup = Setup::new().await;
    let file = setup.folder.path().join("proxy-keys.json");
    let mode = |file: &std::path::Path| file.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&file), 0o600);
    let files = std::fs::read_dir(setup.folder.path()).unwrap().count();
    assert_eq!(files, 2, "the keys and the certificate to trust");
    let kept = std::fs::read_to_string(&file).unwrap();
    let keys = kept.matches("-----BEGIN PRIVATE KEY-----").count();
    assert_eq!(keys, OfficialHost::all().count(), "one for each host, none for the authority");
    assert!(!String::from_utf8(setup.ca()).unwrap().contains("PRIVATE"));
    // A copied folder may have lost it.
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    let _proxy = start(&setup.sandbox, &setup.folder, Limits::default()).await;
    assert_eq!(mode(&file), 0o600);
}

#[tokio::test]
async fn a_process_that_runs_for_months_renews_its_certificates() {
    let setup = Setup::new().await;
    let start = SystemTime::now();
    let first = setup.ca();
    assert_eq!(setup.proxy.renew(start + 59 * DAY).unwrap(), None);
    assert_eq!(setup.ca(), first);

    // The successor is announced: clients that start now trust both.
    assert_eq!(setup.proxy.renew(start + 61 * DAY).unwrap(), Some(CertificateChange::Announced));
    assert_eq!(setup.proxy.renew(start + 62 * DAY).unwrap(), None);
    let both = setup.ca();
    assert_eq!(certificates(&both).len(), 2);
    assert!(both.starts_with(&first));
    for trusted in [&first, &both] {
        assert!(served(&setup, trusted, HOST, 62 * DAY).await.is_some());
    }

    // It takes over before the first one ends.
    assert_eq!(setup.proxy.renew(start + 89 * DAY).unwrap(), Some(CertificateChange::Switched));
    let second = setup.ca();
    assert!(both.ends_with(&second) && certificates(&second).len() == 1);
    for ahead in [89 * DAY, 100 * DAY, 150 * DAY] {
        assert!(served(&setup, &both, HOST, ahead).await.is_some());
        assert!(served(&setup, &second, HOST, ahead).await.is_some());
    }
    assert!(served(&setup, &first, HOST, 89 * DAY).await.is_none());

    // And so on.
    assert_eq!(setup.proxy.renew(start + 125 * DAY).unwrap(), Some(CertificateChange::Announced));
    assert_eq!(setup.proxy.renew(start + 151 * DAY).unwrap(), Some(CertificateChange::Switched));
    assert!(served(&setup, &setup.ca(), HOST, 200 * DAY).await.is_some());
}

#[tokio::test]
async fn a_folder_that_lay_for_a_year_gets_a_new_authority() {
    let setup = Setup::new().await;
    let later = SystemTime::now() + 365 * DAY;
    let old = setup.ca();
    assert_eq!(setup.proxy.renew(later).unwrap(), Some(CertificateChange::New));
    assert_eq!(certificates(&setup.ca()).len(), 1);
    assert_ne!(setup.ca(), old);
    assert!(served(&setup, &setup.ca(), HOST, 365 * DAY).await.is_some());
}

#[tokio::test]
async fn what_cannot_be_written_is_tried_again() {
    let setup = Setup::new().await;
    let later = SystemTime::now() + 365 * DAY;
    let ca = setup.ca();
    let away = setup.folder.path().with_extension("away");
    std::fs::rename(setup.folder.path(), &away).unwrap();
    let error = setup.proxy.renew(later).unwrap_err();
    assert!(error.to_string().contains("proxy-keys.json"), "{error}");
    std::fs::rename(&away, setup.folder.path()).unwrap();
    assert!(served(&setup, &ca, HOST, Duration::ZERO).await.is_some(), "all is as it was");
    assert_eq!(setup.proxy.renew(later).unwrap(), Some(CertificateChange::New));
}

#[tokio::test]
async fn a_damaged_file_is_named() {
    let sandbox = Sandbox::start().await.unwrap();
    for content in ["", "{}", r#"{"authorities":[{"not_before":0}]}"#] {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("proxy-keys.json"), content).unwrap();
        let connections = sandbox.connections().await;
        let started = crate::proxy::start(folder.path(), Default::default(), connections).await;
        let error = started.unwrap_err().to_string();
        assert!(error.contains("proxy-keys.json") && error.contains("delete"), "{error}");
    }
}
