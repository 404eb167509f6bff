//! A certificate authority that can sign for WeChat Pay's hosts alone, and what it signed before its key was forgotten.

use std::collections::BTreeMap;
use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DnType, ExtendedKeyUsagePurpose,
    GeneralSubtree, IsCa, Issuer, KeyPair, KeyUsagePurpose, NameConstraints,
};
use serde::{Deserialize, Serialize};
use wxpay_api::sandbox::OfficialHost;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// How long an authority lives.
pub(crate) const LIFE: Duration = Duration::from_secs(90 * 24 * 60 * 60);

/// How long before its end an authority is no longer used.
const MARGIN: Duration = DAY;

/// An authority: its certificate, and the certificate and key of each of WeChat Pay's hosts.
///
/// The key of the authority itself exists only inside [`Authority::issue`]. Nobody can sign with it afterwards.
#[derive(Deserialize, Serialize)]
pub(crate) struct Authority {
    /// The validity of all certificates, in seconds since 1970.
    not_before: u64,
    not_after: u64,
    /// The certificate, in PEM.
    pub(super) certificate: String,
    hosts: BTreeMap<String, HostCertificate>,
}

/// The certificate of a host and its key, in PEM.
#[derive(Deserialize, Serialize)]
pub(super) struct HostCertificate {
    pub(super) certificate: String,
    pub(super) private_key: String,
}

impl Authority {
    /// Makes an authority, signs for every host, and forgets the key of the authority.
    pub(crate) fn issue(now: SystemTime) -> Result<Self, rcgen::Error> {
        let key = KeyPair::generate()?;
        let parameters = parameters(&key, now);
        let certificate = parameters.self_signed(&key)?.pem();
        let issuer = Issuer::from_params(&parameters, &key);
        let signed = OfficialHost::all().map(|host| {
            let signed = HostCertificate::issue(host.name(), &issuer, now)?;
            Ok((host.name().to_owned(), signed))
        });
        let hosts = signed.collect::<Result<_, rcgen::Error>>()?;
        let (not_before, not_after) = validity(now);
        Ok(Self {
            not_before: seconds(not_before),
            not_after: seconds(not_after),
            certificate,
            hosts,
        })
    }

    /// Returns whether clients accept the certificates now and for the next day, for all hosts.
    pub(super) fn is_usable(&self, now: SystemTime) -> bool {
        let knows_all = OfficialHost::all().all(|host| self.host(host).is_some());
        knows_all && seconds(now) >= self.not_before && self.left(now) > MARGIN
    }

    /// Returns how long the certificates are still valid.
    pub(super) fn left(&self, now: SystemTime) -> Duration {
        Duration::from_secs(self.not_after.saturating_sub(seconds(now)))
    }

    pub(super) fn host(&self, host: OfficialHost) -> Option<&HostCertificate> {
        self.hosts.get(host.name())
    }
}

impl HostCertificate {
    fn issue(
        host: &str,
        issuer: &Issuer<'_, &KeyPair>,
        now: SystemTime,
    ) -> Result<Self, rcgen::Error> {
        // Certificates of one issuer need different serial numbers, which rcgen makes from the key.
        let key = KeyPair::generate()?;
        let mut parameters = CertificateParams::new([host.to_owned()])?;
        name(&mut parameters, host);
        let (not_before, not_after) = validity(now);
        parameters.not_before = not_before.into();
        parameters.not_after = not_after.into();
        parameters.is_ca = IsCa::ExplicitNoCa;
        parameters.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        parameters.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        parameters.use_authority_key_identifier_extension = true;
        let certificate = parameters.signed_by(&key, issuer)?.pem();
        Ok(Self { certificate, private_key: key.serialize_pem() })
    }
}

/// Returns what the certificate of an authority says: it signs for servers with the names of WeChat Pay's hosts alone.
pub(crate) fn parameters(key: &KeyPair, now: SystemTime) -> CertificateParams {
    let mut parameters = CertificateParams::default();
    // Verifiers tell authorities by their names, and a folder may have two.
    let mark: String =
        key.public_key_raw().iter().rev().take(4).map(|byte| format!("{byte:02x}")).collect();
    name(&mut parameters, &format!("wxpay sandbox, not WeChat Pay ({mark})"));
    let (not_before, not_after) = validity(now);
    parameters.not_before = not_before.into();
    parameters.not_after = not_after.into();
    parameters.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    parameters.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    parameters.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    // A list of DNS names alone would leave IP addresses unconstrained (RFC 5280 §4.2.1.10).
    parameters.name_constraints = Some(NameConstraints {
        permitted_subtrees: OfficialHost::all()
            .map(|host| GeneralSubtree::DnsName(host.name().to_owned()))
            .collect(),
        excluded_subtrees: vec![
            GeneralSubtree::IpAddress(CidrSubnet::V4([0; 4], [0; 4])),
            GeneralSubtree::IpAddress(CidrSubnet::V6([0; 16], [0; 16])),
        ],
    });
    parameters
}

/// Returns the validity of certificates that are made now. The clock of a client may be a day behind.
fn validity(now: SystemTime) -> (SystemTime, SystemTime) {
    (now - DAY, now + LIFE)
}

fn name(parameters: &mut CertificateParams, common_name: &str) {
    parameters.distinguished_name = rcgen::DistinguishedName::new();
    parameters.distinguished_name.push(DnType::CommonName, common_name);
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

impl fmt::Debug for Authority {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Authority")
            .field("not_before", &self.not_before)
            .field("not_after", &self.not_after)
            .finish_non_exhaustive()
    }
}
