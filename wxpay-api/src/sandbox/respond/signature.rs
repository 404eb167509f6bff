//! Signs responses and notifications, rightly or with a fault (docs/protocol/verification.md §2).

use std::time::{SystemTime, UNIX_EPOCH};

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::protocol::{CryptoError, Nonce, message};
use crate::sandbox::fault::{SignatureFault, SignedHeader};
use crate::sandbox::keys::AccountState;
use crate::sandbox::keys::keyring::Signer;

// Ids of keys that do not exist.
const NO_CERTIFICATE: &str = "40000000000000000000000000000000000000EE";
const NO_PUBLIC_KEY: &str = "PUB_KEY_ID_0000000000000000000000000000000000";

/// Makes the headers that sign `body` for an account.
pub(in crate::sandbox) fn sign(
    account: &AccountState,
    signer: Signer,
    body: &[u8],
    fault: Option<&SignatureFault>,
) -> Result<HeaderMap, CryptoError> {
    let signer = match fault {
        Some(SignatureFault::OtherKey) => account.keys().keyring.other_than(&signer),
        _ => signer,
    };
    let timestamp = timestamp(fault).to_string();
    let nonce = nonce(fault)?;
    let signed = match fault {
        Some(SignatureFault::OtherBody) => message::response(&timestamp, &nonce, b"another body"),
        _ => message::response(&timestamp, &nonce, body),
    };
    let signature = signer.key.sign(&signed)?;
    let signature = match fault {
        Some(SignatureFault::Probe) => format!("WECHATPAY/SIGNTEST/{signature}"),
        _ => signature,
    };
    let mut headers = HeaderMap::new();
    for (header, value) in [
        (SignedHeader::Timestamp, timestamp.as_str()),
        (SignedHeader::Nonce, &nonce),
        (SignedHeader::Signature, &signature),
        (SignedHeader::Serial, serial(&signer, fault)),
        (SignedHeader::SignatureType, scheme(account, fault)),
    ] {
        // This function makes all values from visible ASCII.
        if fault != Some(&SignatureFault::Without(header))
            && let Ok(value) = HeaderValue::from_str(value)
            && let Ok(name) = HeaderName::from_bytes(header.name().as_bytes())
        {
            headers.insert(name, value);
        }
    }
    Ok(headers)
}

fn timestamp(fault: Option<&SignatureFault>) -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let now = i64::try_from(since.as_secs()).unwrap_or(i64::MAX);
    match fault {
        Some(SignatureFault::Clock(seconds)) => now.saturating_add(*seconds),
        _ => now,
    }
}

fn nonce(fault: Option<&SignatureFault>) -> Result<String, CryptoError> {
    let mut nonce = Nonce::random()?.as_str().to_owned();
    if let Some(SignatureFault::NonceLength(length)) = fault {
        while nonce.len() < *length {
            nonce.push_str(Nonce::random()?.as_str());
        }
        nonce.truncate(*length);
    }
    Ok(nonce)
}

fn serial<'a>(signer: &'a Signer, fault: Option<&SignatureFault>) -> &'a str {
    match fault {
        Some(SignatureFault::UnknownSerial) if signer.is_public_key() => NO_PUBLIC_KEY,
        Some(SignatureFault::UnknownSerial) => NO_CERTIFICATE,
        _ => &signer.id,
    }
}

fn scheme(account: &AccountState, fault: Option<&SignatureFault>) -> &'static str {
    match fault {
        Some(SignatureFault::SignatureType(scheme)) => scheme,
        _ => account.merchant.scheme().name(),
    }
}
