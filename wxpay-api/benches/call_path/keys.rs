//! A generated RSA key pair, and messages that it signs.

use std::time::SystemTime;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;

use crate::Failure;

pub(crate) const PUBLIC_KEY_ID: &str = "PUB_KEY_ID_0119000000012026113000000000000001";

pub(crate) struct Pair(pub(crate) KeyPair);

impl Pair {
    pub(crate) fn generate() -> Result<Self, Failure> {
        Ok(Self(KeyPair::generate(KeySize::Rsa2048)?))
    }

    pub(crate) fn private_pem(&self) -> Result<String, Failure> {
        let der: Pkcs8V1Der<'static> = self.0.as_der()?;
        Ok(pem("PRIVATE KEY", der.as_ref()))
    }

    pub(crate) fn public_pem(&self) -> Result<String, Failure> {
        Ok(pem("PUBLIC KEY", &self.spki()?))
    }

    pub(crate) fn spki(&self) -> Result<Vec<u8>, Failure> {
        let der: PublicKeyX509Der<'static> = self.0.public_key().as_der()?;
        Ok(der.as_ref().to_vec())
    }

    pub(crate) fn signature(&self, message: &[u8]) -> Result<Vec<u8>, Failure> {
        let mut signature = vec![0; self.0.public_modulus_len()];
        self.0.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)?;
        Ok(signature)
    }

    /// Returns the headers with which WeChat Pay sends a body now.
    pub(crate) fn headers(&self, body: &[u8]) -> Result<HeaderMap, Failure> {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?.as_secs().to_string();
        let nonce = "c5ac7061fccab6bf3e254dcf98995b8c";
        let message = [now.as_bytes(), b"\n", nonce.as_bytes(), b"\n", body, b"\n"].concat();
        let mut headers = HeaderMap::new();
        headers.insert("wechatpay-timestamp", now.parse()?);
        headers.insert("wechatpay-nonce", nonce.parse()?);
        headers.insert("wechatpay-serial", PUBLIC_KEY_ID.parse()?);
        headers.insert("wechatpay-signature-type", "WECHATPAY2-SHA256-RSA2048".parse()?);
        let signature = STANDARD.encode(self.signature(&message)?);
        headers.insert("wechatpay-signature", signature.parse()?);
        Ok(headers)
    }
}

pub(crate) fn decoded(text: &str) -> Result<Vec<u8>, Failure> {
    Ok(STANDARD.decode(text)?)
}

fn pem(label: &str, der: &[u8]) -> String {
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode(der))
}
