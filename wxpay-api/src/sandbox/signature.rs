//! Signatures of answers and notifications, right ones and wrong ones (docs/protocol/verification.md §2).

use http::{HeaderMap, HeaderName, HeaderValue};

use super::clock::unix_seconds;
use super::customer::Customer;
use super::fault::SignatureFault;
use super::keyring::Signer;
use crate::protocol::{CryptoError, Nonce, message};

const NO_CERTIFICATE: &str = "40000000000000000000000000000000000000EE";
const NO_PUBLIC_KEY: &str = "PUB_KEY_ID_0000000000000000000000000000000000";

/// The headers that sign `body` for a customer.
pub(super) fn sign(
    customer: &Customer,
    signer: Signer,
    body: &[u8],
    fault: Option<&SignatureFault>,
) -> Result<HeaderMap, CryptoError> {
    let signer = match fault {
        Some(SignatureFault::OtherKey) => customer.keys().keyring.other_than(&signer),
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
    let mut insert = |name: &'static str, value: &str| {
        // All of them are made here, of visible ASCII.
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    };
    insert("wechatpay-timestamp", &timestamp);
    insert("wechatpay-nonce", &nonce);
    insert("wechatpay-signature", &signature);
    insert("wechatpay-serial", serial(&signer, fault));
    insert("wechatpay-signature-type", scheme(customer, fault));
    if let Some(SignatureFault::Without(name)) = fault {
        headers.remove(*name);
    }
    Ok(headers)
}

fn timestamp(fault: Option<&SignatureFault>) -> i64 {
    match fault {
        Some(SignatureFault::Clock(seconds)) => unix_seconds().saturating_add(*seconds),
        _ => unix_seconds(),
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

fn scheme(customer: &Customer, fault: Option<&SignatureFault>) -> &'static str {
    match fault {
        Some(SignatureFault::SignatureType(scheme)) => scheme,
        _ => customer.merchant.scheme().name(),
    }
}
