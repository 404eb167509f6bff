//! The file: who may read it, who may open it, and what happens when it is damaged.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use proptest::prelude::*;
use redb::{Database, TableDefinition};
use serde_json::json;
use tempfile::tempdir;
use tokio::runtime::Runtime;
use wxpay_api::sandbox::SandboxStorage;

use super::start;
use super::store::{self, FILE, StoreError};

type Records = BTreeMap<(String, u64), Vec<u8>>;

/// Reads all records of a folder.
fn records(folder: &Path) -> Result<Records, String> {
    let store = store::open(folder).map_err(|error| error.to_string())?;
    let mut records = BTreeMap::new();
    let loaded = store.load(&mut |family, key, value| {
        records.insert((family.to_owned(), key), value.to_vec());
    });
    loaded.map_err(|error| error.to_string())?;
    Ok(records)
}

/// Orders, restarts, and reads the order.
#[tokio::test]
async fn an_order_survives_a_restart() {
    let folder = tempdir().unwrap();
    let sandbox = start(folder.path()).await;
    let wx = sandbox.client().unwrap();
    let body = json!({
        "appid": "wxd678efh567hg6787", "mchid": wx.id(), "description": "咖啡",
        "out_trade_no": "order-1", "notify_url": "http://127.0.0.1:9/", "amount": { "total": 100 },
    });
    wx.post("/v3/pay/transactions/native", body).await.unwrap();
    drop(sandbox);
    let sandbox = start(folder.path()).await;
    sandbox.order("order-1").unwrap().pay().unwrap();
    sandbox.reset();
    drop(sandbox);
    let families: Vec<_> = records(folder.path()).unwrap().into_keys().map(|key| key.0).collect();
    assert_eq!(families, ["counters", "format"]);
}

#[cfg(unix)]
#[test]
fn only_its_owner_reads_it() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempdir().unwrap();
    drop(store::open(folder.path()).unwrap());
    let files: Vec<_> = fs::read_dir(folder.path()).unwrap().map(Result::unwrap).collect();
    assert_eq!(files.len(), 1, "{files:?}");
    assert_eq!(files[0].file_name(), FILE);
    assert_eq!(files[0].metadata().unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_folder_is_for_one_sandbox_at_a_time() {
    let folder = tempdir().unwrap();
    let first = store::open(folder.path()).unwrap();
    let second = store::open(folder.path()).unwrap_err();
    assert!(matches!(second, StoreError::InUse { .. }), "{second:?}");
    assert!(second.to_string().contains("stop that one, or choose another folder with `--dir`"));
    drop(first);
    store::open(folder.path()).unwrap();
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let folder = tempdir().unwrap().path().join("none");
    let error = store::open(&folder).unwrap_err();
    assert!(matches!(error, StoreError::Create { .. }), "{error:?}");
}

#[test]
fn a_newer_format_is_refused() {
    let folder = tempdir().unwrap();
    drop(store::open(folder.path()).unwrap());
    let database = Database::open(folder.path().join(FILE)).unwrap();
    let transaction = database.begin_write().unwrap();
    let meta = TableDefinition::<&str, u64>::new("meta");
    transaction.open_table(meta).unwrap().insert("format", 2).unwrap();
    transaction.commit().unwrap();
    drop(database);
    let error = store::open(folder.path()).unwrap_err();
    assert!(matches!(error, StoreError::Newer { found: 2, known: 1, .. }), "{error:?}");
    assert!(error.to_string().contains("run the newer one"));
}

#[test]
fn a_damaged_file_says_what_to_do() {
    let damages: [fn(&mut Vec<u8>); 4] = [
        |bytes| bytes.truncate(bytes.len() / 2),
        |bytes| bytes.fill(0),
        |bytes| bytes[..512].fill(7),
        |bytes| *bytes = b"orders".to_vec(),
    ];
    for damage in damages {
        let folder = tempdir().unwrap();
        let mut bytes = sample().0.clone();
        damage(&mut bytes);
        fs::write(folder.path().join(FILE), bytes).unwrap();
        let error = store::open(folder.path()).unwrap_err();
        assert!(matches!(error, StoreError::Damaged { .. }), "{error:?}");
        let what = "put a copy of it back, or remove it to begin without orders";
        assert!(error.to_string().contains(what), "{error}");
    }
}

/// A file with orders, and its records.
fn sample() -> &'static (Vec<u8>, Records) {
    static SAMPLE: OnceLock<(Vec<u8>, Records)> = OnceLock::new();
    SAMPLE.get_or_init(|| {
        let folder = tempdir().unwrap();
        Runtime::new().unwrap().block_on(async {
            let sandbox = start(folder.path()).await;
            for _ in 0..20 {
                sandbox.create("merchant-service/complaint", json!({})).unwrap();
            }
        });
        let records = records(folder.path()).unwrap();
        (fs::read(folder.path().join(FILE)).unwrap(), records)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    /// A damaged file is refused, or the damage is where nothing was.
    #[test]
    fn damage_is_never_taken_for_an_order(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        cut in prop::option::weighted(0.1, any::<prop::sample::Index>()),
    ) {
        let (bytes, expected) = sample();
        let used: Vec<_> = (0..bytes.len()).filter(|at| bytes[*at] != 0).collect();
        let mut changed = bytes.clone();
        changes.iter().for_each(|(at, byte)| changed[*at.get(&used)] = *byte);
        if let Some(cut) = cut {
            changed.truncate(cut.index(bytes.len()));
        }
        let folder = tempdir().unwrap();
        fs::write(folder.path().join(FILE), &changed).unwrap();
        match records(folder.path()) {
            Ok(found) => prop_assert_eq!(&found, expected),
            Err(error) => prop_assert!(!error.is_empty()),
        }
    }
}
