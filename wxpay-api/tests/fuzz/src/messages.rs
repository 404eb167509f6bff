//! Messages of WeChat Pay: responses, notifications, platform certificates.

use std::error::Error;
use std::sync::LazyLock;
use std::time::{SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Response};
use serde_json::json;
use wxpay_api::protocol::issuing::{Identity, signed_headers};
use wxpay_api::protocol::{
    ApiV3Key, Merchant, Nonce, Scheme, WechatPayKeys, aead, notification as envelopes,
    platform_certificates,
};
use wxpay_api::{Client, Core, FromResponse, Operation};

const MCHID: &str = "1900000001";
const KEY_ID: &str = "PUB_KEY_ID_0119000000012024101000292400000";
const APIV3_KEY: &str = "0123456789abcdefghijklmnopqrstuv";

static PLATFORM: LazyLock<Identity> = LazyLock::new(|| Identity::platform().unwrap());
static MERCHANT: LazyLock<Merchant> = LazyLock::new(|| {
    let identity = Identity::merchant(MCHID).unwrap();
    let key = identity.private_key_pem().unwrap();
    Merchant::from_pem(MCHID, identity.certificate_pem(), key).unwrap()
});
static CLIENT: LazyLock<Client> = LazyLock::new(|| {
    let builder = Client::builder(MERCHANT.clone());
    let builder = builder.wechatpay_public_key(KEY_ID, PLATFORM.public_key_pem());
    builder.apiv3_key(APIV3_KEY).build().unwrap()
});

fn keys() -> WechatPayKeys {
    WechatPayKeys::new().with_public_key(KEY_ID, PLATFORM.public_key_pem()).unwrap()
}

fn apiv3_key() -> ApiV3Key {
    ApiV3Key::new(APIV3_KEY).unwrap()
}

/// Signs as WeChat Pay does, now.
fn signed(body: &[u8]) -> HeaderMap {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let (key, nonce) = (PLATFORM.private_key(), Nonce::random().unwrap());
    signed_headers(Scheme::Rsa, key, KEY_ID, now, &nonce, body).unwrap()
}

/// Reads any genuine body as the response of an operation, which the first byte chooses, with any status.
pub(crate) fn response(data: &[u8]) {
    use wxpay_api::v3;

    let Some(([choice, status], body)) = data.split_first_chunk() else { return };
    let status = match status % 4 {
        0 | 1 => 200,
        2 => 400,
        _ => 202,
    };
    match choice % 5 {
        0 => {
            use v3::pay::transactions::out_trade_no::_out_trade_no_::get;
            check(get::operation("order-1", get::Request::builder().mchid(MCHID)), status, body);
        }
        1 => {
            use v3::merchant_service::complaints_v2::_complaint_id_::get;
            check(get::operation("1"), status, body);
        }
        2 => {
            use v3::applyment4sub::applyment::applyment_id::_applyment_id_::get;
            check(get::operation("1"), status, body);
        }
        3 => {
            use v3::refund::domestic::refunds::_out_refund_no_::get;
            check(get::operation("1"), status, body);
        }
        _ => {
            use v3::payscore::serviceorder::get;
            let request = get::Request::builder().service_id("1").appid("wx1");
            check(get::operation(request), status, body);
        }
    }
}

fn check<O>(operation: O, status: u16, body: &[u8])
where
    O: Operation<Response: FromResponse>,
{
    let core = Core::new(MERCHANT.clone(), keys()).unwrap();
    let request = core.prepare(operation).unwrap().sign().unwrap();
    let mut response = Response::new(Bytes::copy_from_slice(body));
    *response.status_mut() = status.try_into().unwrap();
    *response.headers_mut() = signed(body);
    if let Err(error) = request.check(response) {
        // All texts of errors are made, too.
        let _ = (
            error.to_string(),
            error.outcome(),
            error.source().map(ToString::to_string),
            format!("{error:?}"),
        );
    }
}

/// Reads bytes as a notification: unsigned ones by any headers, genuine ones, and the resource of genuine ones.
pub(crate) fn notification(data: &[u8]) {
    let forged = headers(data);
    let now = SystemTime::now();
    let decrypted = envelopes::decrypt(Scheme::Rsa, &keys(), &apiv3_key(), &forged, data, now);
    assert!(decrypted.is_err(), "a notification without a signature was accepted");
    read(data);
    let types = ["TRANSACTION.SUCCESS", "REFUND.SUCCESS", "PAYSCORE.USER_PAID", "COMPLAINT.CREATE"];
    let choice = usize::from(data.first().copied().unwrap_or_default()) % types.len();
    let resource = aead::encrypt(Scheme::Rsa, &apiv3_key(), "61f9c719728a", "transaction", data);
    let resource = resource.unwrap();
    let envelope = json!({
        "id": "1",
        "create_time": "2026-01-02T03:04:05+08:00",
        "resource_type": "encrypt-resource",
        "event_type": types.get(choice),
        "resource": {
            "original_type": "transaction",
            "algorithm": resource.algorithm,
            "ciphertext": resource.ciphertext,
            "associated_data": resource.associated_data,
            "nonce": resource.nonce,
        },
    });
    read(envelope.to_string().as_bytes());
}

/// Reads a genuine notification.
fn read(body: &[u8]) {
    let headers = signed(body);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    if let Ok(notification) = runtime.block_on(CLIENT.notification(&headers, body)) {
        let _ = (notification.event(), format!("{notification:?}"));
    }
}

/// Takes the beginning of the bytes as the values of the signature's headers.
fn headers(data: &[u8]) -> HeaderMap {
    let names = ["timestamp", "nonce", "signature", "serial", "signature-type"];
    let values = data.split(|byte| *byte == b'\n').map(HeaderValue::from_bytes);
    let pairs = names.iter().zip(values).filter_map(|(name, value)| {
        Some((HeaderName::try_from(format!("wechatpay-{name}")).ok()?, value.ok()?))
    });
    pairs.collect()
}

/// Reads bytes as a list of platform certificates.
pub(crate) fn certificates(data: &[u8]) {
    let _ = platform_certificates::decrypt(Scheme::Rsa, data, &apiv3_key());
    let resource = aead::encrypt(Scheme::Rsa, &apiv3_key(), "61f9c719728a", "certificate", data);
    let resource = resource.unwrap();
    let list = json!({ "data": [{
        "serial_no": "5157F09EFDC096DE15EBE81A47057A7232F1B8E1",
        "effective_time": "2018-06-08T10:34:56+08:00",
        "expire_time": "2018-12-08T10:34:56+08:00",
        "encrypt_certificate": {
            "algorithm": resource.algorithm,
            "nonce": resource.nonce,
            "associated_data": resource.associated_data,
            "ciphertext": resource.ciphertext,
        },
    }] });
    let _ = platform_certificates::decrypt(Scheme::Rsa, list.to_string().as_bytes(), &apiv3_key());
}
