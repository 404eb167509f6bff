//! A merchant's keys from a config file, as the README's first command reads them.

use serde_json::{Value, json};
use tempfile::TempDir;
use wxpay_api::sandbox::{
    Account, KeyMode, PlannedResponse, Sandbox, SandboxError, SandboxNotification,
};
use wxpay_api::{Config, ConfigError};

const CONFIG: &str = r#"
mchid: "1230000109"
certificate_file: apiclient_cert.pem
private_key_file: apiclient_key.pem
wechatpay_public_key_id: PUB_KEY_ID
wechatpay_public_key_file: pub_key.pem
apiv3_key: APIV3_KEY
"#;

/// Makes a folder with the files of the merchant platform, and the text of a config file for them.
fn folder(account: &Account) -> (TempDir, String) {
    let folder = TempDir::new().unwrap();
    account.write_config(folder.path()).unwrap();
    let (id, _) = account.wechatpay_public_key();
    let config = CONFIG.replace("PUB_KEY_ID", &id).replace("APIV3_KEY", account.apiv3_key());
    (folder, config)
}

#[tokio::test]
async fn a_service_made_from_a_config_runs_at_the_sandbox() {
    let sandbox = Sandbox::builder().examples().start().await.unwrap();
    let with_certificate = sandbox.add_merchant("1900000200").unwrap();
    with_certificate.set_key_mode(KeyMode::Certificates);
    let brand = sandbox.add_brand("40001").unwrap();
    for account in [&*sandbox, &with_certificate, &brand] {
        let folder = TempDir::new().unwrap();
        let config = account.write_config(folder.path()).unwrap();
        let wx = config.client_builder().unwrap().base_url(sandbox.url()).build().unwrap();
        assert_eq!(wx.id(), account.merchant().id());
        let (headers, body) =
            account.notification(SandboxNotification::example("pay/transaction")).unwrap();
        wx.notification(&headers, &body).await.unwrap();
    }
}

#[tokio::test]
async fn a_folder_that_is_missing_is_named() {
    let sandbox = Sandbox::builder().examples().start().await.unwrap();
    let folder = TempDir::new().unwrap();
    let error = sandbox.write_config(folder.path().join("missing")).unwrap_err();
    assert!(matches!(error, SandboxError::Write { .. }));
    assert!(error.to_string().contains("missing"), "{error}");
}

#[tokio::test]
async fn a_config_file_beside_the_keys_makes_a_client() {
    let sandbox = Sandbox::builder().examples().start().await.unwrap();
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
    let sandbox = Sandbox::builder().examples().certificate_mode().start().await.unwrap();
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
    let sandbox = Sandbox::builder().examples().certificate_mode().start().await.unwrap();
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
    let sandbox = Sandbox::builder().examples().start().await.unwrap();
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
    let sandbox =
        Sandbox::builder().examples().undescribed("GET", "/brand/cards").start().await.unwrap();
    let (folder, text) = folder(&sandbox.add_brand("40001").unwrap());
    let text = text.replace("mchid: \"1230000109\"", "brand_id: \"40001\"");
    let config: Config = serde_yaml::from_str(&text).unwrap();
    let config = config.relative_to(folder.path());
    let wx = config.client_builder().unwrap().base_url(sandbox.url()).build().unwrap();
    sandbox
        .respond("GET", "/brand/cards", PlannedResponse::json(serde_json::json!({ "a": 1 })))
        .unwrap();
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

#[tokio::test]
async fn a_config_whose_keys_are_text_makes_a_client() {
    let sandbox = Sandbox::builder().examples().start().await.unwrap();
    let with_certificate = sandbox.add_merchant("1900000200").unwrap();
    with_certificate.set_key_mode(KeyMode::Certificates);
    let brand = sandbox.add_brand("40001").unwrap();
    for account in [&*sandbox, &with_certificate, &brand] {
        let config = account.config().unwrap();
        let wx = config.client_builder().unwrap().base_url(sandbox.url()).build().unwrap();
        let (headers, body) =
            account.notification(SandboxNotification::example("pay/transaction")).unwrap();
        wx.notification(&headers, &body).await.unwrap();
    }
}

/// The members of the sandbox's merchant, each as text and as a file in `folder`.
fn members(sandbox: &Sandbox, folder: &TempDir) -> Vec<(&'static str, Value, Value)> {
    let (certificate, private_key) = sandbox.merchant_pem().unwrap();
    let (_, public_key) = sandbox.wechatpay_public_key();
    sandbox.write_config(folder.path()).unwrap();
    let write = |name: &str, content: &str| {
        let file = folder.path().join(name);
        std::fs::write(&file, content).unwrap();
        json!(file)
    };
    let platform = sandbox.platform_certificate_pem();
    let apiv3_key = sandbox.apiv3_key();
    vec![
        ("certificate", json!(certificate), write("cert", &certificate)),
        ("private_key", json!(private_key.replace('\n', "\\n")), write("key", &private_key)),
        ("wechatpay_public_key", json!(public_key.replace('\n', " ")), write("pub", &public_key)),
        ("platform_certificates", json!(platform), write("platform", &platform)),
        ("apiv3_key", json!(apiv3_key), write("apiv3", &format!("{apiv3_key}\n"))),
    ]
}

fn file_member(member: &str) -> String {
    member.strip_suffix('s').map_or(format!("{member}_file"), |one| format!("{one}_files"))
}

#[tokio::test]
async fn every_key_is_given_as_text_or_as_a_file_and_never_as_both() {
    let sandbox = Sandbox::builder().examples().start().await.unwrap();
    let folder = TempDir::new().unwrap();
    let members = members(&sandbox, &folder);
    let id = sandbox.wechatpay_public_key().0;
    let base = || json!({ "mchid": 1230000109, "wechatpay_public_key_id": id });
    // Each bit decides whether a member is a file.
    for choice in 0..1 << members.len() {
        let mut config = base();
        for (at, (member, text, file)) in members.iter().enumerate() {
            match choice >> at & 1 {
                0 => config[*member] = text.clone(),
                _ => config[file_member(member)] = file.clone(),
            }
        }
        for read in both_formats(&config) {
            let builder = read.unwrap().client_builder().unwrap();
            let wx = builder.base_url(sandbox.url()).build().unwrap();
            assert_eq!((wx.id(), wx.keys().ids().len()), ("1230000109", 2));
        }
    }
    for (member, text, file) in &members {
        let mut config = base();
        for (member, text, _) in &members {
            config[*member] = text.clone();
        }
        config[file_member(member)] = file.clone();
        for read in both_formats(&config) {
            let error = read.unwrap_err();
            let names = format!("`{member}` and `{}` are both given", file_member(member));
            assert!(error.contains(&names), "{error}");
            assert!(!error.contains(text.as_str().unwrap()), "{error}");
        }
    }
}

/// A configuration as JSON and as YAML.
fn both_formats(config: &Value) -> [Result<Config, String>; 2] {
    let yaml = serde_yaml::to_string(config).unwrap();
    [
        serde_json::from_value(config.clone()).map_err(|error| error.to_string()),
        serde_yaml::from_str(&yaml).map_err(|error| error.to_string()),
    ]
}

#[tokio::test]
async fn a_path_as_text_and_text_as_a_path_name_the_other_member() {
    let sandbox = Sandbox::builder().examples().start().await.unwrap();
    let folder = TempDir::new().unwrap();
    let members = members(&sandbox, &folder);
    let id = sandbox.wechatpay_public_key().0;
    let config = |change: &dyn Fn(&mut Value)| {
        let mut config = json!({ "mchid": "1230000109", "wechatpay_public_key_id": id });
        for (member, text, _) in &members {
            config[*member] = text.clone();
        }
        change(&mut config);
        let config: Config = serde_json::from_value(config).unwrap();
        let error = config.relative_to(folder.path()).client().unwrap_err();
        format!("{error} {error:?}")
    };
    for (member, text, file) in &members {
        let path = file.as_str().unwrap();
        let shown = config(&|config| config[*member] = json!(format!("{path}.pem")));
        assert!(shown.contains(&format!("give a path as `{}`", file_member(member))), "{shown}");
        let shown = config(&|config| {
            config.as_object_mut().unwrap().remove(*member);
            config[file_member(member)] = text.clone();
        });
        assert!(shown.contains(&format!("give the content as `{member}`")), "{shown}");
        assert!(!shown.contains(text.as_str().unwrap().get(..20).unwrap()), "{shown}");
    }
}

#[tokio::test]
async fn a_serial_number_serves_in_place_of_the_certificate() {
    let sandbox = Sandbox::builder().examples().start().await.unwrap();
    let serial = sandbox.merchant().serial().to_string().to_lowercase();
    let mut config = sandbox.config().unwrap();
    config.serial_no = Some(serial);
    let error = config.client().unwrap_err().to_string();
    assert!(error.contains("`certificate` and `serial_no` are both given"), "{error}");
    config.certificate = None;
    let wx = config.client_builder().unwrap().base_url(sandbox.url()).build().unwrap();
    assert!(wx.self_test().await.is_ok());
}

#[test]
fn numbers_without_quotation_marks_are_read_where_they_are_numbers() {
    for (member, text) in [("mchid", "1230000109"), ("brand_id", "40001")] {
        for value in [text.to_owned(), format!("\"{text}\""), format!("' {text} '")] {
            let config = CONFIG.replace("mchid: \"1230000109\"", &format!("{member}: {value}"));
            let config: Config = serde_yaml::from_str(&config).unwrap();
            assert_eq!(config.mchid.or(config.brand_id).unwrap(), text);
        }
    }
}

#[test]
fn a_value_of_another_kind_names_its_member() {
    let wrong = [json!(-1), json!(1.5), json!(true), json!({ "a": "canary" }), json!([["canary"]])];
    for member in [
        "mchid",
        "brand_id",
        "certificate",
        "certificate_file",
        "serial_no",
        "private_key",
        "private_key_file",
        "wechatpay_public_key_id",
        "wechatpay_public_key",
        "wechatpay_public_key_file",
        "platform_certificates",
        "platform_certificate_files",
        "download_certificates",
        "apiv3_key",
        "apiv3_key_file",
    ] {
        for value in &wrong {
            if member == "download_certificates" && value.is_boolean() {
                continue;
            }
            for read in both_formats(&json!({ member: value })) {
                let error = read.unwrap_err();
                assert!(error.contains(&format!("{member} must be")), "{error}");
                assert!(!error.contains("canary"), "{error}");
            }
        }
        let nothing = json!({ "certificate": "a", "private_key": "b", member: null });
        let read = serde_json::from_value::<Config>(nothing);
        assert!(read.is_ok() || ["certificate", "private_key"].contains(&member));
        let blank = json!({ "serial_no": "A1", "private_key_file": "b", member: " " });
        let read = serde_json::from_value::<Config>(blank);
        assert!(read.is_ok() || ["serial_no", "private_key_file"].contains(&member), "{member}");
    }
    for (unknown, named) in [
        (json!({ "private_key_path": "a" }), "`private_key_path`"),
        (json!({ "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC canary": 1 }), "indented"),
    ] {
        let error = serde_json::from_value::<Config>(unknown).unwrap_err().to_string();
        assert!(error.contains(named) && !error.contains("canary"), "{error}");
    }
    let error = serde_json::from_value::<Config>(json!({ "mchid": "1" })).unwrap_err().to_string();
    assert!(error.contains("give `certificate` or `certificate_file` or `serial_no`"), "{error}");
    let twice = serde_json::from_str::<Config>(r#"{ "mchid": "1", "mchid": "2" }"#).unwrap_err();
    assert!(twice.to_string().contains("mchid"), "{twice}");
}

/// Prints the config that the environment of this process makes; [`child`] runs this test in a
/// process with its own environment.
#[test]
fn prints_the_config_of_its_environment() {
    if std::env::var_os("WXPAY_TEST_CHILD").is_none() {
        return;
    }
    match Config::from_env() {
        Ok(Some(config)) => match config.client() {
            Ok(wx) => println!("RESULT client of {} {:?} {config:?}", wx.id(), wx.keys().ids()),
            Err(error) => println!("RESULT no client: {error}"),
        },
        Ok(None) => println!("RESULT nothing"),
        Err(error) => println!("RESULT error: {error}"),
    }
}

/// The config that [`Config::from_env`] makes from these variables.
fn child(variables: &[(&str, &str)]) -> String {
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "config::prints_the_config_of_its_environment", "--nocapture"])
        .env("WXPAY_TEST_CHILD", "1")
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let result = text.split_once("RESULT ").unwrap_or_else(|| panic!("{text}")).1;
    result.lines().next().unwrap().to_owned()
}

#[tokio::test]
async fn a_container_gives_its_keys_as_environment_variables() {
    let sandbox = Sandbox::builder().examples().start().await.unwrap();
    let folder = TempDir::new().unwrap();
    let members = members(&sandbox, &folder);
    let id = format!(" {} ", sandbox.wechatpay_public_key().0);
    let upper = |member: &str| format!("WXPAY_{}", member.to_uppercase());
    let texts: Vec<_> = members
        .iter()
        .map(|(member, text, _)| (upper(member), text.as_str().unwrap().to_owned()))
        .collect();
    let files: Vec<_> = members
        .iter()
        .map(|(member, _, file)| (upper(&file_member(member)), file.as_str().unwrap().to_owned()))
        .collect();
    let without_keys = vec![
        ("WXPAY_MCHID", "\"1230000109\""),
        ("WXPAY_WECHATPAY_PUBLIC_KEY_ID", id.as_str()),
        ("WXPAY_BRAND_ID", ""),
        ("WXPAY_PRIVATE_KEY_FILE", " "),
        ("WXPAY_PLATFORM_CERTIFICATE_FILES", ""),
    ];
    let with = |keys: &[(String, String)]| {
        let mut variables: Vec<_> = without_keys.clone();
        variables.extend(keys.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        child(&variables)
    };
    let made = with(&texts);
    assert!(made.starts_with("client of 1230000109 [\"PUB_KEY_ID_"), "{made}");
    for (_, text) in &texts {
        assert!(!made.contains(text.get(..20).unwrap()), "{made}");
    }
    let made = with(&files);
    assert!(made.starts_with("client of 1230000109 [\"PUB_KEY_ID_"), "{made}");
    let made = with(&[texts.clone(), files[1..2].to_vec()].concat());
    assert!(made.contains("WXPAY_PRIVATE_KEY and WXPAY_PRIVATE_KEY_FILE are both given"), "{made}");

    let made = child(&without_keys);
    assert!(
        made.contains("give WXPAY_CERTIFICATE or WXPAY_CERTIFICATE_FILE or WXPAY_SERIAL_NO"),
        "{made}"
    );
    assert_eq!(child(&[("WXPAY_MCHID", " ")]), "nothing");
    let made = child(&[("WXPAY_MCHID", "1"), ("WXPAY_DOWNLOAD_CERTIFICATES", "mars")]);
    assert!(made.contains("WXPAY_DOWNLOAD_CERTIFICATES must be true, false"), "{made}");
}

#[test]
fn a_key_of_the_wrong_kind_is_not_shown_in_the_error() {
    for value in ["12345678901234567890", "-1234567890123", "1.5e300", "true"] {
        let text = CONFIG.replace("APIV3_KEY", value);
        let error = serde_yaml::from_str::<Config>(&text).unwrap_err().to_string();
        assert!(error.contains("apiv3_key must be quoted text"), "{error}");
        assert!(!error.contains(value), "{error}");
    }
    let unknown = format!("{CONFIG}apiv2_key: x\n");
    assert!(serde_yaml::from_str::<Config>(&unknown).is_err());
}
