//! Opening and decoding a notification, beside its bare primitives and beside what a program would write by hand.

use std::borrow::Cow;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256};
use http::HeaderMap;
use serde::Deserialize;
use serde_json::json;
use wxpay_api::protocol::{Scheme, SignedHeaders, aead};
use wxpay_api::v3::pay::types::Transaction;
use wxpay_api::{ApiV3Key, Core};

use crate::keys::{Pair, decoded};
use crate::turns::{Row, compare};
use crate::{APIV3_KEY, Failure, TRANSACTION, derived, used};

const NONCE: &str = "fdasflkja484";
const ASSOCIATED_DATA: &str = "transaction";
/// The calls of one turn.
const COUNT: usize = 60;

/// The envelope with serde's derive.
#[derive(Deserialize)]
struct Envelope<'b> {
    #[serde(borrow)]
    resource: Resource<'b>,
}

#[derive(Deserialize)]
struct Resource<'b> {
    #[serde(borrow)]
    nonce: Cow<'b, str>,
    #[serde(borrow)]
    associated_data: Cow<'b, str>,
    #[serde(borrow)]
    ciphertext: Cow<'b, str>,
}

/// Keys that were parsed before.
struct Keys {
    public: ParsedPublicKey,
    cipher: LessSafeKey,
}

impl Keys {
    fn open(&self, nonce: &str, associated_data: &str, data: &mut [u8]) -> Result<usize, Failure> {
        let nonce = Nonce::try_assume_unique_for_key(nonce.as_bytes())?;
        Ok(self.cipher.open_in_place(nonce, Aad::from(associated_data.as_bytes()), data)?.len())
    }

    /// Does without a library what must be done: no checks of the time or of the key, no tolerance, no corrections.
    fn by_hand(&self, headers: &HeaderMap, body: &[u8]) -> Result<derived::Transaction, Failure> {
        let header =
            |name| headers.get(name).and_then(|value| value.to_str().ok()).ok_or("missing");
        let (timestamp, nonce) = (header("wechatpay-timestamp")?, header("wechatpay-nonce")?);
        let message = [timestamp.as_bytes(), b"\n", nonce.as_bytes(), b"\n", body, b"\n"].concat();
        self.public.verify_sig(&message, &decoded(header("wechatpay-signature")?)?)?;
        let Envelope { resource } = serde_json::from_slice(body)?;
        let mut data = decoded(&resource.ciphertext)?;
        let length = self.open(&resource.nonce, &resource.associated_data, &mut data)?;
        Ok(serde_json::from_slice(data.get(..length).unwrap_or_default())?)
    }
}

/// Measures a notification of the transaction.
pub(crate) fn rows(core: &Core, wechatpay: &Pair) -> Result<[Row; 2], Failure> {
    let key = ApiV3Key::new(APIV3_KEY)?;
    let plaintext = TRANSACTION.trim().as_bytes();
    let resource = aead::encrypt(Scheme::Rsa, &key, NONCE, ASSOCIATED_DATA, plaintext)?;
    let body = json!({
        "id": "EV-2018022511223320873", "create_time": "2015-05-20T13:29:35+08:00",
        "resource_type": "encrypt-resource", "event_type": "TRANSACTION.SUCCESS", "summary": "支付成功",
        "resource": {
            "original_type": "transaction", "algorithm": resource.algorithm, "nonce": NONCE,
            "associated_data": ASSOCIATED_DATA, "ciphertext": resource.ciphertext,
        },
    });
    let body = body.to_string().into_bytes();
    let headers = wechatpay.headers(&body)?;
    let message = SignedHeaders::read(Scheme::Rsa, &headers)?.message(&body);
    let signature = wechatpay.signature(&message)?;
    let sealed = decoded(&resource.ciphertext)?;
    let keys = Keys {
        public: ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, wechatpay.spki()?)?,
        cipher: LessSafeKey::new(UnboundKey::new(&AES_256_GCM, APIV3_KEY.as_bytes())?),
    };
    core.notification(&headers, &body)?.resource::<Transaction>()?;
    keys.by_hand(&headers, &body)?;
    let ours = || {
        used(core.notification(&headers, &body).map(|read| read.resource::<Transaction>()));
    };
    let bare = || {
        used(keys.public.verify_sig(&message, &signature));
        let mut sealed = sealed.clone();
        used(keys.open(NONCE, ASSOCIATED_DATA, &mut sealed).is_ok());
    };
    let by_hand = || used(keys.by_hand(&headers, &body).is_ok());
    let name = "open and decode a notification";
    let (first, bare) = compare(COUNT, ours, bare);
    let (second, by_hand) = compare(COUNT, ours, by_hand);
    Ok([
        Row::new(name, first, "verification and AES-GCM", bare, "1.35"),
        Row::new(name, second, "the same by hand, with serde's derive", by_hand, "none"),
    ])
}
