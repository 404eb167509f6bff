//! A merchant's keys from a config file, as the README's first command reads them.

use tempfile::TempDir;
use wxpay_api::sandbox::{Account, Answer, KeyMode, Notice, Sandbox, SandboxError};
use wxpay_api::{Config, ConfigError};

const CONFIG: &str = r#"
mchid: "1230000109"
certificate_file: apiclient_cert.pem
private_key_file: apiclient_key.pem
wechatpay_public_key_id: PUB_KEY_ID
wechatpay_public_key_file: pub_key.pem
apiv3_key: APIV3_KEY
"#;

/// The files that the merchant platform hands out, in a folder of their own, and a config file's text for them.
fn folder(account: &Account) -> (TempDir, String) {
    let folder = TempDir::new().unwrap();
    account.write_config(folder.path()).unwrap();
    let (id, _) = account.wechatpay_public_key();
    let config = CONFIG.replace("PUB_KEY_ID", &id).replace("APIV3_KEY", account.apiv3_key());
    (folder, config)
}

#[tokio::test]
async fn a_service_that_is_made_of_a_config_runs_at_the_sandbox() {
    let sandbox = Sandbox::start().await.unwrap();
    let with_certificate = sandbox.add_merchant("1900000200").unwrap();
    with_certificate.set_key_mode(KeyMode::CertificatesOnly);
    let brand = sandbox.add_brand("40001").unwrap();
    for account in [&*sandbox, &with_certificate, &brand] {
        let folder = TempDir::new().unwrap();
        let config = account.write_config(folder.path()).unwrap();
        let wx = config.client_builder().unwrap().base_url(sandbox.url()).build().unwrap();
        assert_eq!(wx.id(), account.merchant().id());
        let (headers, body) = account.notification(Notice::example("pay/transaction")).unwrap();
        wx.notification(&headers, &body).await.unwrap();
    }
}

#[tokio::test]
async fn a_folder_that_is_missing_is_named() {
    let sandbox = Sandbox::start().await.unwrap();
    let folder = TempDir::new().unwrap();
    let error = sandbox.write_config(folder.path().join("missing")).unwrap_err();
    assert!(matches!(error, SandboxError::Write { .. }));
    assert!(error.to_string().contains("missing"), "{error}");
}

#[tokio::test]
async fn a_config_file_beside_the_keys_makes_a_client() {
    let sandbox = Sandbox::start().await.unwrap();
    let (folder, config) = folder(&sandbox);
    let config: Config = serde_yaml::from_str(&config).unwrap();
    let config = config.relative_to(folder.path());
    let wx = config.client_builder().unwrap().base_url(sandbox.url()).build().unwrap();
    let orders = wx.v3().payscore().serviceorder();
    let call = orders.out_order_no("order-1").cancel();
    call.post(|r| r.appid("wx1").service_id("500001").reason("测试")).await.unwrap();
}

#[tokio::test]
async fn a_config_without_wechat_pay_keys_may_have_certificates_downloaded() {
    let sandbox = Sandbox::builder().certificate_mode().start().await.unwrap();
    let (folder, config) = folder(&sandbox);
    let without_key = config.lines().filter(|line| !line.starts_with("wechatpay_public_key"));
    let config = without_key.chain(["download_certificates: true"]).collect::<Vec<_>>().join("\n");
    let config: Config = serde_yaml::from_str(&config).unwrap();
    let config = config.relative_to(folder.path());
    let wx = config.client_builder().unwrap().base_url(sandbox.url()).build().unwrap();
    assert!(wx.self_test().await.is_ok());
    assert_eq!(wx.keys().certificates().len(), 1);
}

#[tokio::test]
async fn merchants_overseas_name_where_their_certificates_are() {
    let sandbox = Sandbox::builder().certificate_mode().start().await.unwrap();
    let (folder, config) = folder(&sandbox);
    let without_key: Vec<_> =
        config.lines().filter(|line| !line.starts_with("wechatpay_public_key")).collect();
    let config = |site: &str| {
        let text = format!("{}\ndownload_certificates: {site}", without_key.join("\n"));
        serde_yaml::from_str::<Config>(&text)
    };
    for (site, path) in
        [("global", "/v3/global/certificates"), ("hong_kong", "/hk/v3/certificates")]
    {
        let config = config(site).unwrap().relative_to(folder.path());
        let wx = config.client_builder().unwrap().base_url(sandbox.url()).build().unwrap();
        let before = sandbox.received().len();
        assert!(wx.self_test().await.is_ok());
        assert_eq!(sandbox.received()[before].target, path);
    }
    for mistake in ["mars", "1"] {
        let error = config(mistake).unwrap_err().to_string();
        assert!(error.contains("must be true, false, global or hong_kong"), "{error}");
    }
}

#[tokio::test]
async fn mistakes_name_the_member_or_the_file() {
    let sandbox = Sandbox::start().await.unwrap();
    let (folder, text) = folder(&sandbox);
    let read = |text: &str| {
        let config: Config = serde_yaml::from_str(text).unwrap();
        config.relative_to(folder.path()).client().unwrap_err()
    };
    let half = text.replace("wechatpay_public_key_file: pub_key.pem\n", "");
    assert!(matches!(read(&half), ConfigError::HalfPublicKey));
    let missing = read(&text.replace("apiclient_key.pem", "lost_key.pem")).to_string();
    assert!(missing.contains("lost_key.pem"), "{missing}");
    let swapped = read(&text.replace("apiclient_cert.pem", "pub_key.pem")).to_string();
    assert!(swapped.contains("pub_key.pem") && swapped.contains("public key"), "{swapped}");
}

#[tokio::test]
async fn a_brand_is_configured_by_its_brand_id() {
    let sandbox = Sandbox::start().await.unwrap();
    let (folder, text) = folder(&sandbox.add_brand("40001").unwrap());
    let text = text.replace("mchid: \"1230000109\"", "brand_id: \"40001\"");
    let config: Config = serde_yaml::from_str(&text).unwrap();
    let config = config.relative_to(folder.path());
    let wx = config.client_builder().unwrap().base_url(sandbox.url()).build().unwrap();
    sandbox.answer("GET", "/brand/cards", Answer::json(serde_json::json!({ "a": 1 })));
    assert_eq!(wx.get("/brand/cards").await.unwrap()["a"], 1);
    assert_eq!(wx.id(), "40001");
}

#[test]
fn a_config_is_for_one_merchant_or_one_brand() {
    let nobody = CONFIG.replace("mchid: \"1230000109\"\n", "");
    for text in [nobody, format!("{CONFIG}brand_id: \"40001\"\n")] {
        let config: Config = serde_yaml::from_str(&text).unwrap();
        assert!(matches!(config.client(), Err(ConfigError::Identity)));
    }
}

#[test]
fn a_key_of_the_wrong_kind_is_not_repeated_in_the_error() {
    for value in ["12345678901234567890", "-1234567890123", "1.5e300", "true"] {
        let text = CONFIG.replace("APIV3_KEY", value);
        let error = serde_yaml::from_str::<Config>(&text).unwrap_err().to_string();
        assert!(error.contains("apiv3_key must be quoted text"), "{error}");
        assert!(!error.contains(value), "{error}");
    }
    let unknown = format!("{CONFIG}apiv2_key: x\n");
    assert!(serde_yaml::from_str::<Config>(&unknown).is_err());
}
