//! Accounts that a program keeps, for a later sandbox with the same keys.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use proptest::prelude::{ProptestConfig, Strategy, any, prop_oneof, proptest};
use serde_json::{Value, json};
use wxpay_api::sandbox::{KeyMode, Sandbox, SandboxError, SavedAccount, UnknownSender};

use crate::support::{Forgery, start};

fn written(account: &SavedAccount) -> Value {
    serde_json::to_value(account).unwrap()
}

async fn restored(accounts: Vec<SavedAccount>) -> Sandbox {
    Sandbox::builder().accounts(accounts).start().await.unwrap()
}

/// A change of an account's keys.
#[derive(Clone, Debug)]
enum Change {
    Mode(KeyMode),
    Share(u16),
    Key([u8; 32]),
    Announce,
    Rotate,
    Withdraw(usize),
    SignBy(usize),
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    use proptest::strategy::Just;

    let letters = proptest::array::uniform32(b'A'..=b'z');
    let change = prop_oneof![
        prop_oneof![
            Just(KeyMode::Certificates),
            Just(KeyMode::Migrating),
            Just(KeyMode::PublicKey)
        ]
        .prop_map(Change::Mode),
        (0..=1000u16).prop_map(Change::Share),
        letters.prop_map(Change::Key),
        Just(Change::Announce),
        Just(Change::Rotate),
        any::<usize>().prop_map(Change::Withdraw),
        any::<usize>().prop_map(Change::SignBy),
    ];
    proptest::collection::vec(change, 0..6)
}

fn apply(sandbox: &Sandbox, change: &Change) {
    let serials = || -> Vec<String> {
        let saved = sandbox.save().unwrap();
        let certificates = saved.platform_certificates.iter();
        let parsed = certificates
            .map(|held| wxpay_api::protocol::Certificate::from_pem(&held.certificate).unwrap());
        parsed.map(|certificate| certificate.serial().to_string()).collect()
    };
    let chosen = |index: usize| {
        let serials = serials();
        (!serials.is_empty()).then(|| serials[index % serials.len()].clone())
    };
    match change {
        Change::Mode(mode) => sandbox.set_key_mode(*mode),
        Change::Share(thousandths) => {
            sandbox.set_public_key_share(f64::from(*thousandths) / 10.0);
        }
        Change::Key(letters) => {
            sandbox.reset_apiv3_key(std::str::from_utf8(letters).unwrap()).unwrap();
        }
        Change::Announce => drop(sandbox.announce_platform_certificate().unwrap()),
        Change::Rotate => drop(sandbox.rotate_platform_certificate(Duration::ZERO).unwrap()),
        Change::Withdraw(index) => {
            if let Some(serial) = chosen(*index) {
                sandbox.withdraw_platform_certificate(&serial).unwrap();
            }
        }
        Change::SignBy(index) => {
            if let Some(serial) = chosen(*index) {
                sandbox.sign_by_certificate(&serial).unwrap();
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    /// Whatever happened to its keys, an account is the same after it was written and read.
    #[test]
    fn a_saved_account_is_restored_as_it_was(changes in changes()) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let sandbox = start().await;
            changes.iter().for_each(|change| apply(&sandbox, change));
            let saved = sandbox.save().unwrap();
            let text = serde_json::to_string(&saved).unwrap();
            let again = restored(vec![serde_json::from_str(&text).unwrap()]).await;
            let (mut before, mut after) = (written(&saved), written(&again.save().unwrap()));
            // The moment of a rotation that is over does not matter.
            for value in [&mut before, &mut after] {
                if let Some(next) = value.get_mut("signs_next") {
                    next["from"] = json!(null);
                }
            }
            assert_eq!(before, after);
            assert_eq!(sandbox.platform_certificate_pem(), again.platform_certificate_pem());
            assert_eq!(sandbox.wechatpay_public_key(), again.wechatpay_public_key());
            assert_eq!(saved.wechatpay_public_key().unwrap(), again.wechatpay_public_key().1);
            assert_eq!(again.apiv3_key(), saved.apiv3_key);
        });
    }
}

#[tokio::test]
async fn clients_of_the_first_sandbox_work_at_the_second() {
    let sandbox = start().await;
    let merchant = sandbox.add_merchant("1900000999").unwrap();
    let brand = sandbox.add_brand("40000").unwrap();
    let saved = [sandbox.save(), merchant.save(), brand.save()].map(Result::unwrap);
    let again = restored(saved.to_vec()).await;
    assert_eq!(again.merchant().id(), sandbox.merchant().id());
    for account in [&merchant, &brand] {
        let client = account.client_builder().base_url(again.url()).build().unwrap();
        assert!(client.self_test().await.is_ok(), "{}", account.merchant().id());
    }
    let client = sandbox.client_builder().base_url(again.url()).build().unwrap();
    assert!(client.self_test().await.is_ok());
    // An account exists once.
    let twice = Sandbox::builder().accounts([saved[0].clone(), saved[0].clone()]).start().await;
    assert!(matches!(twice, Err(SandboxError::AccountExists { .. })));
}

#[tokio::test]
async fn a_rotation_goes_on_after_a_restart() {
    let sandbox = start().await;
    let signs = sandbox.platform_certificate_pem();
    let serial = sandbox.rotate_platform_certificate(Duration::from_secs(24 * 3600)).unwrap();
    let saved = sandbox.save().unwrap();
    let rotation = saved.signs_next.clone().unwrap();
    assert_eq!(rotation.serial, serial);
    assert!(rotation.from > SystemTime::now() + Duration::from_secs(23 * 3600));
    let again = restored(vec![saved.clone()]).await;
    assert_eq!(again.platform_certificate_pem(), signs);
    // The day is over.
    let mut later = written(&saved);
    later["signs_next"]["from"] = json!({ "secs_since_epoch": 0, "nanos_since_epoch": 0 });
    let again = restored(vec![serde_json::from_value(later).unwrap()]).await;
    assert_ne!(again.platform_certificate_pem(), signs);
}

#[tokio::test]
async fn keys_of_others_are_not_mixed() {
    let sandbox = Sandbox::builder().fresh_keys().start().await.unwrap();
    let other = Sandbox::builder().fresh_keys().start().await.unwrap();
    let (saved, other) = (sandbox.save().unwrap(), other.save().unwrap());
    let mut mixed = saved.clone();
    mixed.private_key = other.private_key;
    let result = Sandbox::builder().accounts([mixed]).start().await;
    assert!(matches!(result, Err(SandboxError::Key(_))));
    let mut mixed = saved.clone();
    mixed.platform_certificates[0].private_key = other.platform_certificates[0].private_key.clone();
    let result = Sandbox::builder().accounts([mixed]).start().await;
    assert!(matches!(result, Err(SandboxError::Key(_))));
    // A file with unknown members was written by another version.
    let mut unknown = written(&saved);
    unknown["colour"] = json!("red");
    assert!(serde_json::from_value::<SavedAccount>(unknown).is_err());
}

#[tokio::test]
async fn debug_shows_no_key() {
    let saved = start().await.save().unwrap();
    let shown = format!("{saved:?}{:?}", saved.platform_certificates[0]);
    for secret in [&saved.private_key, &saved.apiv3_key, &saved.apiv2_key] {
        assert!(!shown.contains(secret.as_str()), "{shown}");
    }
    assert!(!shown.contains("PRIVATE"), "{shown}");
    assert!(shown.contains(&saved.id));
}

#[tokio::test]
async fn the_program_sees_each_change_of_an_account() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let changes = Arc::clone(&seen);
    let builder = Sandbox::builder().on_account_change(move |account| {
        let saved = account.save().unwrap();
        changes.lock().unwrap().push((saved.id.clone(), saved.platform_certificates.len()));
    });
    let sandbox = builder.start().await.unwrap();
    let first = sandbox.merchant().id().to_owned();
    assert!(seen.lock().unwrap().is_empty());
    let serial = sandbox.announce_platform_certificate().unwrap();
    sandbox.withdraw_platform_certificate(&serial).unwrap();
    // What is refused changes nothing.
    assert!(sandbox.withdraw_platform_certificate(&serial).is_err());
    assert!(sandbox.reset_apiv3_key("short").is_err());
    sandbox.add_merchant("1900000999").unwrap();
    sandbox.set_key_mode(KeyMode::PublicKey);
    let expected =
        [(first.clone(), 2), (first.clone(), 1), ("1900000999".to_owned(), 1), (first, 1)];
    assert_eq!(*seen.lock().unwrap(), expected);
}

#[tokio::test]
async fn the_program_sees_senders_that_the_sandbox_does_not_know() {
    let seen = Arc::new(Mutex::new(Vec::<UnknownSender>::new()));
    let senders = Arc::clone(&seen);
    let builder = Sandbox::builder()
        .on_unknown_sender(move |sender| senders.lock().unwrap().push(sender.clone()));
    let sandbox = builder.start().await.unwrap();
    // Right requests, and those with other mistakes, are not told.
    assert_eq!(Forgery::get("/v3/certificates").send(&sandbox).await.status, 200);
    assert!(seen.lock().unwrap().is_empty());
    let other = start().await;
    let stranger = other.add_merchant("1900000999").unwrap();
    for (account, known) in [(&*other, true), (&stranger, false)] {
        let client = account.client_builder().base_url(sandbox.url()).build().unwrap();
        assert!(!client.self_test().await.is_ok());
        let seen = std::mem::take(&mut *seen.lock().unwrap());
        assert!(!seen.is_empty());
        for sender in seen {
            assert_eq!(sender.id, account.merchant().id());
            assert_eq!(sender.serial_no, account.merchant().serial().to_string());
            assert_eq!(sender.id_is_known, known);
            assert!(sender.operation.contains(" /v3/"), "{}", sender.operation);
        }
    }
}
