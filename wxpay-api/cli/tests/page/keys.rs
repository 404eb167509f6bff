//! Keys: the rotation in its real order, the switch to the public key, the reset of the APIv3 key.

use serde_json::Value;

use crate::browser::{Browser, DESKTOP};
use crate::program::Program;

#[tokio::test]
async fn a_certificate_is_rotated_in_the_real_order() {
    let Some(browser) = Browser::start(DESKTOP).await else { return };
    let program = Program::start();
    browser.open(&program.page("/accounts")).await;
    let before = keys(&program).await;
    let old = before["certificates"][0]["serial"].as_str().unwrap().to_owned();
    browser.click("form[action$='/issue'] button").await;
    browser.shows("It does not sign yet.").await;
    assert_eq!(browser.count("tbody tr").await, 2);
    assert_eq!(signing(&keys(&program).await), old);

    browser.click("form[action$='/signer'] button").await;
    browser.shows("This certificate signs now.").await;
    assert_ne!(signing(&keys(&program).await), old);
    browser.click("form[action$='/withdraw'] button").await;
    browser.shows("The certificate was withdrawn.").await;
    let after = keys(&program).await;
    assert_eq!(after["certificates"].as_array().unwrap().len(), 1);
    assert_ne!(after["certificates"][0]["serial"], old.as_str());

    // All at once.
    browser.fill("form[action$='/rotation'] [name=pause]", "1ms").await;
    browser.click("form[action$='/rotation'] button").await;
    browser.shows("The rotation began").await;
    assert_eq!(browser.count("tbody tr").await, 2);
    browser.close().await;
}

#[tokio::test]
async fn a_merchant_switches_to_the_public_key() {
    let Some(browser) = Browser::start(DESKTOP).await else { return };
    let program = Program::start();
    browser.open(&program.page("/accounts")).await;
    browser.click("[data-mode=certificates]").await;
    browser.shows("Switched.").await;
    assert_eq!(keys(&program).await["mode"], "certificates");
    browser.fill("[name=share]", "30").await;
    browser.click("[data-mode=migrating]").await;
    browser.shows("Switched.").await;
    assert_eq!(keys(&program).await["mode"], "migrating");
    browser.click("[data-mode=public-key]").await;
    browser.shows("Switched.").await;
    assert_eq!(keys(&program).await["mode"], "public-key");
    browser.close().await;
}

#[tokio::test]
async fn an_apiv3_key_is_reset_and_never_shown() {
    let Some(browser) = Browser::start(DESKTOP).await else { return };
    let program = Program::start();
    browser.open(&program.page("/accounts")).await;
    let key = "0123456789abcdef0123456789ABCDEF";
    browser.fill("[name=key]", key).await;
    browser.click("form[action$='/apiv3'] button").await;
    browser.shows("The APIv3 key was reset.").await;
    let source = browser.client.source().await.unwrap();
    assert!(!source.contains(key) && !source.contains("PRIVATE KEY"), "{source}");
    browser.close().await;
}

#[tokio::test]
async fn an_account_is_added() {
    let Some(browser) = Browser::start(DESKTOP).await else { return };
    let program = Program::start();
    browser.open(&program.page("/accounts?all=1")).await;
    browser.fill("[name=id]", "1900009999").await;
    browser.click(".fields button").await;
    browser.shows("Account 1900009999").await;
    browser.shows("The account was added.").await;
    browser.close().await;
}

async fn keys(program: &Program) -> Value {
    program.control("GET", &format!("/accounts/{}/keys", program.mchid), Value::Null).await
}

fn signing(keys: &Value) -> &str {
    let certificates = keys["certificates"].as_array().unwrap();
    certificates.iter().find(|it| it["signs"] == true).unwrap()["serial"].as_str().unwrap()
}
