//! The keys of the merchant and of WeChat Pay, made anew for each run and shared by files.

use std::fs;
use std::path::{Path, PathBuf};

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::KeyPair as _;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::Failure;

pub(crate) const MERCHANT: &str = "1900000001";
pub(crate) const SERIAL: &str = "444F4864EA9B34415A7C3E5F2B9D01A8C6E0F713";
pub(crate) const PUBLIC_KEY_ID: &str = "PUB_KEY_ID_0119000000012026113000000000000001";

/// A folder with the keys of one run.
#[derive(Clone, Debug)]
pub(crate) struct Keys(PathBuf);

impl Keys {
    /// Generates the keys into a folder.
    pub(crate) fn generate(folder: &Path) -> Result<Self, Failure> {
        let keys = Self(folder.to_owned());
        for owner in ["merchant", "wechatpay"] {
            let pair = KeyPair::generate(KeySize::Rsa2048)?;
            let private: Pkcs8V1Der<'static> = pair.as_der()?;
            let public: PublicKeyX509Der<'static> = pair.public_key().as_der()?;
            fs::write(keys.path(owner, "key"), pem("PRIVATE KEY", private.as_ref()))?;
            fs::write(keys.path(owner, "pub"), pem("PUBLIC KEY", public.as_ref()))?;
        }
        Ok(keys)
    }

    /// Returns the keys that another process generated.
    pub(crate) fn of(folder: &str) -> Self {
        Self(folder.into())
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.0
    }

    pub(crate) fn merchant_key(&self) -> Result<String, Failure> {
        Ok(fs::read_to_string(self.path("merchant", "key"))?)
    }

    pub(crate) fn wechatpay_key(&self) -> Result<String, Failure> {
        Ok(fs::read_to_string(self.path("wechatpay", "key"))?)
    }

    pub(crate) fn wechatpay_public_key(&self) -> Result<String, Failure> {
        Ok(fs::read_to_string(self.path("wechatpay", "pub"))?)
    }

    fn path(&self, owner: &str, kind: &str) -> PathBuf {
        self.0.join(format!("{owner}_{kind}.pem"))
    }
}

/// Returns the bytes of a PEM text with one block.
pub(crate) fn der(pem: &str) -> Result<Vec<u8>, Failure> {
    let lines = pem.lines().filter(|line| !line.starts_with("-----"));
    Ok(STANDARD.decode(lines.collect::<String>())?)
}

fn pem(label: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let mut lines = String::new();
    for (index, letter) in text.chars().enumerate() {
        if index % 64 == 0 {
            lines.push('\n');
        }
        lines.push(letter);
    }
    format!("-----BEGIN {label}-----{lines}\n-----END {label}-----\n")
}
