//! The bare loop: the same reqwest with one signature and one verification, and nothing read.

use std::time::{Duration, SystemTime};

use aws_lc_rs::rand::{self, SystemRandom};
use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap, USER_AGENT};

use crate::Failure;
use crate::keys::{Keys, MERCHANT, PUBLIC_KEY_ID, SERIAL, der};
use crate::subject::{ORDER, Subject};

/// A private key of RSA with 2048 bits.
pub(crate) struct Signer(KeyPair);

impl Signer {
    pub(crate) fn new(pem: &str) -> Result<Self, Failure> {
        Ok(Self(KeyPair::from_pkcs8(&der(pem)?)?))
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Failure> {
        let mut signature = vec![0; self.0.public_modulus_len()];
        self.0.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)?;
        Ok(signature)
    }
}

/// What a program without an SDK does for one call.
pub(crate) struct Bare {
    http: reqwest::Client,
    signer: Signer,
    public_key: ParsedPublicKey,
    url: String,
}

impl Bare {
    pub(crate) fn new(keys: &Keys, url: &str) -> Result<Self, Failure> {
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .pool_idle_timeout(Duration::from_secs(7))
            .build()?;
        let public_key = der(&keys.wechatpay_public_key()?)?;
        Ok(Self {
            http,
            signer: Signer::new(&keys.merchant_key()?)?,
            public_key: ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, public_key)?,
            url: url.to_owned(),
        })
    }

    fn authorization(&self, target: &str) -> Result<String, Failure> {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?.as_secs();
        let mut random = [0; 16];
        rand::fill(&mut random)?;
        let nonce: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
        let signature =
            self.signer.sign(format!("GET\n{target}\n{now}\n{nonce}\n\n").as_bytes())?;
        let signature = STANDARD.encode(signature);
        Ok(format!(
            "WECHATPAY2-SHA256-RSA2048 mchid=\"{MERCHANT}\",nonce_str=\"{nonce}\",timestamp=\"{now}\",\
             serial_no=\"{SERIAL}\",signature=\"{signature}\""
        ))
    }

    fn verify(&self, headers: &HeaderMap, body: &[u8]) -> Result<(), Failure> {
        let header = |name| headers.get(name).ok_or("a header is missing");
        let (timestamp, nonce) = (header("Wechatpay-Timestamp")?, header("Wechatpay-Nonce")?);
        let message = [timestamp.as_bytes(), b"\n", nonce.as_bytes(), b"\n", body, b"\n"].concat();
        let signature = STANDARD.decode(header("Wechatpay-Signature")?)?;
        Ok(self.public_key.verify_sig(&message, &signature)?)
    }
}

impl Subject for Bare {
    async fn call(&self) -> Result<(), Failure> {
        let target = format!("/v3/pay/transactions/out-trade-no/{ORDER}?mchid={MERCHANT}");
        let response = self
            .http
            .get(format!("{}{target}", self.url))
            .header(ACCEPT, "application/json")
            .header(USER_AGENT, "peers")
            .header("Wechatpay-Serial", PUBLIC_KEY_ID)
            .header(AUTHORIZATION, self.authorization(&target)?)
            .send()
            .await?
            .error_for_status()?;
        let headers = response.headers().clone();
        let body = response.bytes().await?;
        self.verify(&headers, &body)
    }
}
