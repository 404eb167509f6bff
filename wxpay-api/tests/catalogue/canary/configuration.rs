//! The APIv3 key and the private key are shown neither by the values that contain them nor by
//! errors about them.

use std::fmt::Debug;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use wxpay_api::protocol::issuing::Identity;
use wxpay_api::protocol::{PrivateKey, WechatPayKeys};
use wxpay_api::sandbox::Sandbox;
use wxpay_api::{ApiV3Key, Client, Config, Merchant};

use super::sighting;

const KEY: &str = "canary-canary-canary-canary-1234";
const TOO_SHORT: &str = "canary-canary-canary-canary-123";

#[tokio::test]
async fn no_apiv3_key_is_shown() {
    let (_, merchant) = merchant();
    let platform = Identity::platform().unwrap().public_key_pem();
    let builder = |key: &str| {
        let builder = Client::builder(merchant.clone()).apiv3_key(key);
        builder.wechatpay_public_key("PUB_KEY_ID_0119000001092024", &platform)
    };
    let config = json!({
        "mchid": "1900000109", "certificate_file": "a.pem", "private_key_file": "b.pem",
        "apiv3_key": KEY,
    });
    let config: Config = serde_json::from_value(config).unwrap();
    let shown = [
        all(&ApiV3Key::new(KEY).unwrap()),
        all(&ApiV3Key::new(TOO_SHORT).unwrap_err()),
        all(&ApiV3Key::new(format!(" {KEY} "))),
        all(&ApiV3Key::new(format!("\"{KEY}\""))),
        all(&config),
        all(&config.client().unwrap_err()),
        all(&builder(KEY)),
        all(&builder(KEY).build().unwrap()),
        all(&builder(TOO_SHORT)),
        builder(TOO_SHORT).build().unwrap_err().to_string(),
        all(&builder(TOO_SHORT).build().unwrap_err()),
    ];
    for shown in shown {
        assert_eq!(sighting("the configuration", &shown), None);
    }
}

#[test]
fn no_apiv3_key_is_shown_when_a_configuration_is_wrong() {
    let wrong = [
        json!({ "mchid": 1, "apiv3_key": KEY }),
        json!({ "apiv3_key": [KEY] }),
        json!({ "apiv3_key": { "key": KEY } }),
        json!({ "apiv3_key": KEY, "unknown": true }),
        json!({ "apiv3_key": KEY }),
    ];
    for wrong in wrong {
        let yaml = serde_yaml::to_string(&wrong).unwrap();
        let error = serde_json::from_value::<Config>(wrong).unwrap_err();
        assert_eq!(sighting("the error", &format!("{error} {error:?}")), None);
        let error = serde_yaml::from_str::<Config>(&yaml).unwrap_err();
        assert_eq!(sighting("the error", &format!("{error} {error:?}")), None);
    }
}

#[tokio::test]
async fn no_key_of_the_sandbox_is_shown() {
    let builder = Sandbox::builder().examples().mchid("1900000109").fresh_keys();
    let shown = all(&builder);
    let sandbox = builder.start().await.unwrap();
    let (_, pem) = sandbox.merchant_pem().unwrap();
    let key = sandbox.apiv3_key();
    let client = sandbox.client().unwrap();
    let shown = [
        shown,
        all(&sandbox),
        all(&sandbox.client_builder()),
        all(&client),
        all(&client.merchant()),
        all(&client.keys()),
    ];
    for shown in shown {
        assert!(!shown.contains(key), "{shown}");
        assert_hidden(&pem, &shown);
    }
}

#[test]
fn no_private_key_is_shown() {
    let (identity, merchant) = merchant();
    let certificate = identity.certificate_pem();
    let pem = identity.private_key_pem().unwrap();
    let damaged = pem.replacen('A', "*", 1);
    let mut shown = vec![
        all(&identity),
        all(identity.private_key()),
        all(&merchant),
        all(&Client::builder(merchant.clone())),
    ];
    for config in [
        json!({ "mchid": "1900000109", "certificate_file": pem, "private_key_file": pem }),
        json!({ "mchid": "1900000109", "certificate": pem, "private_key": pem }),
        json!({ "mchid": "1900000109", "certificate": certificate, "private_key": damaged }),
        json!({ "mchid": "1900000109", "serial_no": pem, "private_key": pem }),
        json!({
            "mchid": "1900000109", "certificate": certificate, "private_key": pem,
            "wechatpay_public_key_id": pem, "wechatpay_public_key": pem, "apiv3_key": pem,
        }),
        json!({
            "mchid": "1900000109", "certificate": certificate, "private_key": pem.replace('\n', "\\n"),
            "platform_certificates": [pem], "apiv3_key_file": pem,
        }),
    ] {
        let config: Config = serde_json::from_value(config).unwrap();
        let relative = config.clone().relative_to(std::path::Path::new("keys"));
        shown.extend([all(&config), all(&config.client().unwrap_err()), all(&relative)]);
        shown.push(config.client().unwrap_err().to_string());
        shown.push(relative.client().unwrap_err().to_string());
    }
    for wrong in [
        json!({ "private_key": [pem] }),
        json!({ "private_key": { "pem": pem } }),
        json!({ "private_key": pem, "private_key_file": pem, "certificate": pem }),
        json!({ "private_key": pem, &pem: pem }),
    ] {
        let error = serde_json::from_value::<Config>(wrong).unwrap_err();
        shown.push(format!("{error} {error:?}"));
    }
    // An error about a misplaced or damaged key does not show the key.
    let wrong = [
        PrivateKey::from_pem(&damaged).err(),
        PrivateKey::from_pem(format!("{pem}{pem}")).err(),
        ApiV3Key::new(&pem).err(),
        Merchant::from_pem("1900000109", &pem, &pem).err(),
        Merchant::from_pem("1900000109", certificate, &damaged).err(),
        Merchant::from_pem(&pem, certificate, &pem).err(),
        WechatPayKeys::new().with_public_key(&pem, &pem).err(),
        WechatPayKeys::new().with_public_key("PUB_KEY_ID_0119000001092024", &pem).err(),
        WechatPayKeys::new().with_certificate(&pem).err(),
        PrivateKey::from_file(&pem).err(),
    ];
    for error in wrong {
        let error = error.expect("it is wrong");
        shown.push(format!("{error} {}", all(&error)));
    }
    for shown in shown {
        assert_hidden(&pem, &shown);
    }
}

fn merchant() -> (Identity, Merchant) {
    let identity = Identity::merchant("1900000109").unwrap();
    let (certificate, key) = (identity.certificate_pem(), identity.private_key_pem().unwrap());
    let merchant = Merchant::from_pem("1900000109", certificate, key).unwrap();
    (identity, merchant)
}

fn all(value: &impl Debug) -> String {
    format!("{value:?} {value:#?}")
}

/// Asserts that no part of a private key is in a text, neither of its PEM nor of its bytes.
fn assert_hidden(pem: &str, shown: &str) {
    let lines: Vec<_> = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    // The first line is the same for all keys of a size.
    for line in &lines[1..] {
        let part: String = line.chars().take(16).collect();
        assert!(!shown.contains(&part), "a private key is shown: {shown}");
    }
    let bytes = STANDARD.decode(lines.concat()).unwrap();
    for part in bytes[64..].chunks_exact(6) {
        let list = format!("{part:?}");
        assert!(!shown.contains(list.trim_matches(['[', ']'])), "a private key is shown: {shown}");
    }
}
