//! What an RSA signature reveals: its encoding, its key, its padding, and the digest that was signed.

use aws_lc_rs::digest::{
    Algorithm, SHA1_FOR_LEGACY_USE_ONLY, SHA224, SHA256, SHA384, SHA512, digest,
};
use aws_lc_rs::signature::{RSA_PSS_2048_8192_SHA256, UnparsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use md5::{Digest as _, Md5};
use num_bigint::BigUint;
use percent_encoding::percent_decode_str;
use x509_cert::der::asn1::{OctetStringRef, UintRef};
use x509_cert::der::{self, Decode, Reader, SliceReader};
use x509_cert::spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};

use super::verdict::SignatureVerdict;
use crate::protocol::PublicKey;

/// How many bytes an RSA signature has.
pub(super) const RSA_LENGTH: usize = 256;
/// A longer text is no signature.
const LONGEST: usize = 4096;
/// The last byte of a message that is padded by PSS.
const PSS_TRAILER: u8 = 0xbc;
/// The least bytes of padding of PKCS#1 v1.5.
const SHORTEST_PADDING: usize = 8;

/// Reads a signature, also one that was encoded wrongly. The verdict says how, if it was.
pub(super) fn decode(text: &str) -> Result<(Vec<u8>, Option<SignatureVerdict>), SignatureVerdict> {
    use SignatureVerdict as V;
    if text.is_empty() {
        return Err(V::SignatureEmpty);
    }
    if text.len() > LONGEST {
        return Err(V::SignatureNotBase64);
    }
    // Hexadecimal digits are Base64, too.
    let is_hex = text.len() == 2 * RSA_LENGTH && text.bytes().all(|it| it.is_ascii_hexdigit());
    if let Some(bytes) = is_hex.then(|| unhex(text)).flatten() {
        return Ok((bytes, Some(V::SignatureHex)));
    }
    if let Ok(bytes) = STANDARD.decode(text) {
        return Ok(match STANDARD.decode(&bytes) {
            Ok(inner) if bytes.len() > RSA_LENGTH => (inner, Some(V::SignatureBase64Twice)),
            _ => (bytes, None),
        });
    }
    let bare: String = text.chars().filter(|character| !character.is_whitespace()).collect();
    let standard = |text: &str| STANDARD.decode(text).ok();
    let readings = [
        (standard(&percent_decode_str(text).decode_utf8_lossy()), V::SignaturePercentEncoded),
        (standard(&text.trim().replace(' ', "+")), V::SignatureWhitespace),
        (standard(&bare), V::SignatureWhitespace),
        (STANDARD_NO_PAD.decode(&bare).ok(), V::SignatureUnpadded),
        (URL_SAFE.decode(&bare).ok(), V::SignatureBase64Url),
        (URL_SAFE_NO_PAD.decode(&bare).ok(), V::SignatureBase64Url),
    ];
    let readings =
        readings.into_iter().filter_map(|(bytes, verdict)| Some((bytes?, Some(verdict))));
    let readings: Vec<_> = readings.collect();
    // Several readings may be possible. That of the right length is meant.
    let right = readings.iter().find(|(bytes, _)| bytes.len() == RSA_LENGTH);
    right.or(readings.first()).cloned().ok_or(V::SignatureNotBase64)
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes().chunks(2).map(|pair| {
        let pair = std::str::from_utf8(pair).ok()?;
        u8::from_str_radix(pair, 16).ok()
    });
    digits.collect()
}

/// What is inside a signature.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Recovered {
    /// A digest with its algorithm.
    Digest { algorithm: DigestAlgorithm, digest: Vec<u8> },
    /// Bytes in the padding of PKCS#1 v1.5, without an algorithm.
    Bare(Vec<u8>),
    /// The padding of PSS, or chance: one of 256 other signatures looks like this.
    PerhapsPss,
    /// Nothing: another key made the signature.
    Nothing,
}

/// A digest that a signature may name.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum DigestAlgorithm {
    Md5,
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
    Other,
}

impl DigestAlgorithm {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::Sha1 => "SHA-1",
            Self::Sha224 => "SHA-224",
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
            Self::Other => "an unknown digest",
        }
    }

    fn of(identifier: &AlgorithmIdentifierRef<'_>) -> Self {
        match identifier.oid.to_string().as_str() {
            "1.2.840.113549.2.5" => Self::Md5,
            "1.3.14.3.2.26" => Self::Sha1,
            "2.16.840.1.101.3.4.2.4" => Self::Sha224,
            "2.16.840.1.101.3.4.2.1" => Self::Sha256,
            "2.16.840.1.101.3.4.2.2" => Self::Sha384,
            "2.16.840.1.101.3.4.2.3" => Self::Sha512,
            _ => Self::Other,
        }
    }

    /// Computes the digest of a message.
    pub(super) fn digest(self, message: &[u8]) -> Option<Vec<u8>> {
        let of = |algorithm: &'static Algorithm| digest(algorithm, message).as_ref().to_vec();
        Some(match self {
            Self::Md5 => Md5::digest(message).to_vec(),
            Self::Sha1 => of(&SHA1_FOR_LEGACY_USE_ONLY),
            Self::Sha224 => of(&SHA224),
            Self::Sha256 => of(&SHA256),
            Self::Sha384 => of(&SHA384),
            Self::Sha512 => of(&SHA512),
            Self::Other => return None,
        })
    }
}

/// Applies a public key to a signature, and reads what comes out.
pub(super) fn recover(key: &PublicKey, signature: &[u8]) -> Recovered {
    let Ok((modulus, exponent)) = components(key.spki()) else { return Recovered::Nothing };
    if signature.len() != RSA_LENGTH {
        return Recovered::Nothing;
    }
    let padded = BigUint::from_bytes_be(signature).modpow(&exponent, &modulus).to_bytes_be();
    // The first byte is zero, so that the number lacks it.
    if padded.len() == RSA_LENGTH - 1
        && let Some(content) = unpadded(&padded)
    {
        return match digest_info(content) {
            Ok((algorithm, digest)) => Recovered::Digest { algorithm, digest },
            Err(_) => Recovered::Bare(content.to_vec()),
        };
    }
    match padded.last() {
        Some(&PSS_TRAILER) => Recovered::PerhapsPss,
        _ => Recovered::Nothing,
    }
}

/// Returns whether a signature is one of a message with the padding of PSS.
pub(super) fn is_pss(key: &PublicKey, message: &[u8], signature: &[u8]) -> bool {
    let key = UnparsedPublicKey::new(&RSA_PSS_2048_8192_SHA256, key.spki());
    key.verify(message, signature).is_ok()
}

/// Returns the modulus and the exponent of an RSA key.
fn components(spki: &[u8]) -> der::Result<(BigUint, BigUint)> {
    let info = SubjectPublicKeyInfoRef::from_der(spki)?;
    let key = info.subject_public_key.as_bytes().unwrap_or_default();
    SliceReader::new(key)?.sequence(|key| {
        let (modulus, exponent): (UintRef<'_>, UintRef<'_>) = (key.decode()?, key.decode()?);
        let number = |value: UintRef<'_>| BigUint::from_bytes_be(value.as_bytes());
        der::Result::Ok((number(modulus), number(exponent)))
    })
}

/// Removes `01 ff … ff 00`.
fn unpadded(padded: &[u8]) -> Option<&[u8]> {
    let rest = padded.strip_prefix(&[1])?;
    let padding = rest.iter().take_while(|byte| **byte == 0xff).count();
    let content = rest.get(padding..)?.strip_prefix(&[0])?;
    (padding >= SHORTEST_PADDING).then_some(content)
}

fn digest_info(content: &[u8]) -> der::Result<(DigestAlgorithm, Vec<u8>)> {
    let mut reader = SliceReader::new(content)?;
    let info = reader.sequence(|info| {
        let algorithm = AlgorithmIdentifierRef::decode(info)?;
        let digest: &OctetStringRef = info.decode()?;
        der::Result::Ok((DigestAlgorithm::of(&algorithm), digest.as_bytes().to_vec()))
    })?;
    reader.finish()?;
    Ok(info)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::PrivateKey;

    #[test]
    fn a_signature_reveals_its_digest() {
        let (own, other) =
            (PrivateKey::generate_rsa().unwrap(), PrivateKey::generate_rsa().unwrap());
        let signature = own.signature(b"message").unwrap();
        let algorithm = DigestAlgorithm::Sha256;
        let expected =
            Recovered::Digest { algorithm, digest: algorithm.digest(b"message").unwrap() };
        assert_eq!(recover(own.public_key(), &signature), expected);
        let by_other = recover(other.public_key(), &signature);
        assert!(matches!(by_other, Recovered::Nothing | Recovered::PerhapsPss));
        assert_eq!(recover(own.public_key(), &signature[1..]), Recovered::Nothing);
        assert_eq!(recover(own.public_key(), &[0; 256]), Recovered::Nothing);
        let most = [0xff; 256];
        assert!(matches!(
            recover(own.public_key(), &most),
            Recovered::Nothing | Recovered::PerhapsPss
        ));
        assert!(!is_pss(own.public_key(), b"message", &signature));
    }

    #[test]
    fn wrong_encodings_are_recognised() {
        use SignatureVerdict as V;
        let bytes: Vec<u8> = (0..=255).collect();
        let text = STANDARD.encode(&bytes);
        let hex: String = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
        let broken: Vec<_> =
            text.as_bytes().chunks(76).map(|it| String::from_utf8_lossy(it)).collect();
        let cases = [
            (text.clone(), None),
            (hex, Some(V::SignatureHex)),
            (URL_SAFE.encode(&bytes), Some(V::SignatureBase64Url)),
            (URL_SAFE_NO_PAD.encode(&bytes), Some(V::SignatureBase64Url)),
            (text.trim_end_matches('=').to_owned(), Some(V::SignatureUnpadded)),
            (STANDARD.encode(&text), Some(V::SignatureBase64Twice)),
            (text.replace('+', "%2B").replace('=', "%3D"), Some(V::SignaturePercentEncoded)),
            (text.replace('+', " "), Some(V::SignatureWhitespace)),
            (broken.join(" "), Some(V::SignatureWhitespace)),
        ];
        for (text, verdict) in cases {
            assert_eq!(decode(&text), Ok((bytes.clone(), verdict)), "{text}");
        }
        assert_eq!(decode(""), Err(V::SignatureEmpty));
        assert_eq!(decode("!"), Err(V::SignatureNotBase64));
        assert_eq!(decode(&"a".repeat(5000)), Err(V::SignatureNotBase64));
    }
}
