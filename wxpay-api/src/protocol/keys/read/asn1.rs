//! Reads enough ASN.1 to distinguish RSA keys, SM2 keys and other keys.

use x509_cert::der::asn1::{AnyRef, ObjectIdentifier, OctetStringRef, UintRef};
use x509_cert::der::{self, Decode, Reader, SliceReader, Tag, Tagged};
use x509_cert::spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};

use crate::protocol::KeyProblem;
use crate::protocol::scheme::Family;

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const RSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
const ELLIPTIC_CURVE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const SM2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.10197.1.301");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");

const BITS: usize = 2048;

/// Returns the family of a PKCS#8 `PrivateKeyInfo`, and the key inside.
pub(crate) fn private_key(pkcs8: &[u8]) -> Result<(Family, &[u8]), KeyProblem> {
    let (algorithm, key) = private_key_info(pkcs8).map_err(|_| KeyProblem::Malformed)?;
    Ok((family(&algorithm)?, key))
}

/// Returns the family of a `SubjectPublicKeyInfo`. An RSA key must have 2048 bits.
pub(crate) fn public_key(spki: &[u8]) -> Result<Family, KeyProblem> {
    let info = SubjectPublicKeyInfoRef::try_from(spki).map_err(|_| KeyProblem::Malformed)?;
    let family = family(&info.algorithm)?;
    if family == Family::Rsa {
        let key = info.subject_public_key.as_bytes().ok_or(KeyProblem::Malformed)?;
        check_rsa_public_key(key)?;
    }
    Ok(family)
}

/// Returns the label that the PEM block of this DER would have, where its structure is unambiguous.
pub(crate) fn label(der: &[u8]) -> Option<&'static str> {
    let tags = member_tags(der).ok()?;
    match tags.as_slice() {
        [Tag::Integer, Tag::Sequence, Tag::OctetString, ..] => Some("PRIVATE KEY"),
        [Tag::Integer, Tag::Integer, Tag::Integer, ..] => Some("RSA PRIVATE KEY"),
        [Tag::Integer, Tag::OctetString, ..] => Some("EC PRIVATE KEY"),
        [Tag::Sequence, Tag::OctetString] => Some("ENCRYPTED PRIVATE KEY"),
        [Tag::Sequence, Tag::BitString] => Some("PUBLIC KEY"),
        [Tag::Integer, Tag::Integer] => Some("RSA PUBLIC KEY"),
        [Tag::Sequence, Tag::Sequence, Tag::BitString] => {
            let is_certificate = x509_cert::Certificate::from_der(der).is_ok();
            Some(if is_certificate { "CERTIFICATE" } else { "CERTIFICATE REQUEST" })
        }
        [Tag::ObjectIdentifier, ..] => Some("PKCS7"),
        _ => None,
    }
}

/// Checks that an `RSAPublicKey` has 2048 bits.
pub(crate) fn check_rsa_public_key(der: &[u8]) -> Result<(), KeyProblem> {
    must_fit(rsa_modulus(der, false))
}

/// Checks that an `RSAPrivateKey` has 2048 bits.
pub(crate) fn check_rsa_private_key(der: &[u8]) -> Result<(), KeyProblem> {
    must_fit(rsa_modulus(der, true))
}

fn must_fit(modulus: der::Result<usize>) -> Result<(), KeyProblem> {
    match modulus {
        Ok(BITS) => Ok(()),
        Ok(bits) => Err(KeyProblem::Size { bits }),
        Err(_) => Err(KeyProblem::Malformed),
    }
}

fn family(algorithm: &AlgorithmIdentifierRef<'_>) -> Result<Family, KeyProblem> {
    let curve = || algorithm.parameters.and_then(|any| any.decode_as::<ObjectIdentifier>().ok());
    let found = match algorithm.oid {
        RSA => return Ok(Family::Rsa),
        ELLIPTIC_CURVE if curve() == Some(SM2) => return Ok(Family::Sm2),
        ELLIPTIC_CURVE => "an elliptic-curve key".to_owned(),
        ED25519 => "an Ed25519 key".to_owned(),
        RSA_PSS => "an RSA-PSS key".to_owned(),
        other => format!("of the algorithm {other}"),
    };
    Err(KeyProblem::NotRsa { algorithm: found })
}

fn private_key_info(der: &[u8]) -> der::Result<(AlgorithmIdentifierRef<'_>, &[u8])> {
    let mut reader = SliceReader::new(der)?;
    reader.sequence(|info| {
        let _version: UintRef<'_> = info.decode()?;
        let algorithm = info.decode()?;
        let key: &OctetStringRef = info.decode()?;
        skip_rest(info)?;
        Ok((algorithm, key.as_bytes()))
    })
}

/// Returns the tags of a sequence's members.
fn member_tags(der: &[u8]) -> der::Result<Vec<Tag>> {
    let mut reader = SliceReader::new(der)?;
    let tags: der::Result<Vec<Tag>> = reader.sequence(|members| {
        let mut tags = Vec::new();
        while !members.is_finished() {
            let member: AnyRef<'_> = members.decode()?;
            tags.push(member.tag());
        }
        Ok(tags)
    });
    if reader.is_finished() { tags } else { Ok(Vec::new()) }
}

/// Returns the size of the modulus in bits. In a private key, a version comes before the modulus.
fn rsa_modulus(der: &[u8], versioned: bool) -> der::Result<usize> {
    let mut reader = SliceReader::new(der)?;
    reader.sequence(|key| {
        if versioned {
            let _version: UintRef<'_> = key.decode()?;
        }
        let modulus: UintRef<'_> = key.decode()?;
        skip_rest(key)?;
        Ok(bits(modulus.as_bytes()))
    })
}

fn skip_rest<'a>(reader: &mut impl Reader<'a>) -> der::Result<()> {
    while !reader.is_finished() {
        let _: AnyRef<'_> = reader.decode()?;
    }
    Ok(())
}

fn bits(number: &[u8]) -> usize {
    let zeros = number.first().map_or(0, |byte| byte.leading_zeros());
    number.len() * 8 - zeros as usize
}
