//! A client that signs what it should not, and the diagnoses that it gets.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use num_bigint::BigUint;
use wxpay_api::protocol::{Nonce, PrivateKey};
use wxpay_api::sandbox::{Sandbox, SignatureDiagnosis};

use super::{Forgery, start};

/// A client that signs what a test wants.
pub(crate) struct Signer {
    pub(crate) sandbox: Sandbox,
    pub(crate) key: PrivateKey,
    pub(crate) pem: String,
    pub(crate) timestamp: String,
    pub(crate) nonce: String,
}

impl Signer {
    pub(crate) async fn start() -> Self {
        let sandbox = start().await;
        let (_, pem) = sandbox.merchant_pem().unwrap();
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        let (timestamp, nonce) = (now.to_string(), Nonce::random().unwrap().as_str().to_owned());
        Self { key: PrivateKey::from_pem(&pem).unwrap(), pem, sandbox, timestamp, nonce }
    }

    /// The right message.
    pub(crate) fn message(&self, method: &str, target: &str, body: &str) -> String {
        format!("{method}\n{target}\n{}\n{}\n{body}\n", self.timestamp, self.nonce)
    }

    /// Sends a request with a signature, and returns why it was refused.
    pub(crate) async fn send(&self, forgery: Forgery, signature: &str) -> SignatureDiagnosis {
        let merchant = self.sandbox.merchant();
        let header = format!(
            "WECHATPAY2-SHA256-RSA2048 mchid=\"{}\",nonce_str=\"{}\",timestamp=\"{}\",serial_no=\"{}\",\
             signature=\"{signature}\"",
            merchant.id(),
            self.nonce,
            self.timestamp,
            merchant.serial()
        );
        let got = forgery.header("Authorization", &header).send(&self.sandbox).await;
        assert_eq!(got.status, 401, "{}", got.text());
        self.sandbox.received().last().unwrap().diagnosis.clone().unwrap()
    }

    /// Sends a request with the signature of a message.
    pub(crate) async fn sign(
        &self,
        forgery: Forgery,
        message: impl AsRef<[u8]>,
    ) -> SignatureDiagnosis {
        self.send(forgery, &self.key.sign(message.as_ref()).unwrap()).await
    }

    /// Makes an RSA signature of any padded content.
    pub(crate) fn raw(&self, content: &[u8]) -> String {
        let [modulus, _, exponent] = rsa_numbers(&self.pem);
        let padding = vec![0xff; 256 - 3 - content.len()];
        let padded = [&[0, 1][..], &padding, &[0], content].concat();
        let signature = BigUint::from_bytes_be(&padded).modpow(&exponent, &modulus).to_bytes_be();
        STANDARD.encode([vec![0; 256 - signature.len()], signature].concat())
    }
}

/// The modulus and both exponents of a PKCS#8 key.
fn rsa_numbers(pem: &str) -> [BigUint; 3] {
    let der = pkcs8(pem);
    // Sequence, version, algorithm, octets; inside: sequence, version, numbers.
    let outer = members(content(&der));
    let numbers = members(content(content(outer[2])));
    [1, 2, 3].map(|index| BigUint::from_bytes_be(content(numbers[index])))
}

/// Returns the DER of a private key.
pub(crate) fn pkcs8(pem: &str) -> Vec<u8> {
    let text: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    STANDARD.decode(text).unwrap()
}

/// How long the head of a DER value is, and its content.
fn lengths(der: &[u8]) -> (usize, usize) {
    match der[1] {
        short @ ..0x80 => (2, usize::from(short)),
        long => {
            let count = usize::from(long & 0x7f);
            let length =
                der[2..2 + count].iter().fold(0, |length, byte| length << 8 | usize::from(*byte));
            (2 + count, length)
        }
    }
}

fn content(der: &[u8]) -> &[u8] {
    let (head, length) = lengths(der);
    &der[head..head + length]
}

fn members(mut content: &[u8]) -> Vec<&[u8]> {
    let mut members = Vec::new();
    while !content.is_empty() {
        let (head, length) = lengths(content);
        let (member, rest) = content.split_at(head + length);
        members.push(member);
        content = rest;
    }
    members
}
