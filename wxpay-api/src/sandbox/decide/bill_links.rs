//! Puts links to the sandbox's bills into responses, and serves the files behind them.

use std::time::Instant;

use http::StatusCode;
use serde_json::{Map, Value};

use super::content::ResponseContent;
use crate::client::HOSTS;
use crate::protocol::Nonce;
use crate::sandbox::bills::ledger_bill::LedgerBill;
use crate::sandbox::bills::links::{BillLink, PATHS};
use crate::sandbox::bills::pieces::FileKey;
use crate::sandbox::bills::sample_rows::SampleBillKind;
use crate::sandbox::bills::{BillFile, BillPart};
use crate::sandbox::book::BookOperation;
use crate::sandbox::check::RequestValues;
use crate::sandbox::keys::AccountState;
use crate::sandbox::refusal::Refusal;
use crate::sandbox::state::Shared;

// Lengths of file keys in bytes.
const AES_KEY: usize = 32;
const SM4_KEY: usize = 16;
/// The length of a nonce in bytes if the descriptor has no example.
const NONCE: usize = 16;

/// Replaces every link to a bill in a response by one of this sandbox, and announces the file's digest.
///
/// Secrets of the response are not encrypted yet.
pub(super) fn link(
    shared: &Shared,
    account: &AccountState,
    operation: &BookOperation,
    values: &RequestValues,
    response: &mut Value,
) -> Result<(), Refusal> {
    let bill = bill(shared, account, operation, values)?;
    BillLinker { shared, account, operation, values, bill }.walk(response)
}

/// Returns the bill that a test set, else that of the ledger, else a sample.
fn bill(
    shared: &Shared,
    account: &AccountState,
    operation: &BookOperation,
    values: &RequestValues,
) -> Result<BillFile, Refusal> {
    let set = shared.state().bills.file.clone();
    let wanted = || LedgerBill::requested(&operation.path, account.id(), values);
    let wanted = match set {
        Some(bill) => return Ok(bill),
        None if shared.world().remembers() => wanted(),
        None => None,
    };
    let Some(wanted) = wanted else { return Ok(BillFile::default()) };
    let text = shared.world().read_ledger(|ledger| wanted.write(ledger))?;
    Ok(shared.state().bills.shared(text.into()).into())
}

/// Responds with the file behind a link.
pub(super) fn linked_file(
    shared: &Shared,
    account: &AccountState,
    token: &str,
    gzip: bool,
) -> Result<ResponseContent, Refusal> {
    let (media_type, pieces) = shared.state().bills.find(token, gzip, account.id())?;
    Ok(ResponseContent::file(media_type, pieces))
}

struct BillLinker<'a> {
    shared: &'a Shared,
    account: &'a AccountState,
    operation: &'a BookOperation,
    values: &'a RequestValues,
    bill: BillFile,
}

impl BillLinker<'_> {
    fn walk(&self, value: &mut Value) -> Result<(), Refusal> {
        match value {
            Value::Array(list) => match list.as_slice() {
                [Value::Object(file), ..] if is_encrypted(file) => {
                    *list = self.files(file)?;
                    Ok(())
                }
                _ => list.iter_mut().try_for_each(|item| self.walk(item)),
            },
            Value::Object(object) => {
                if path(object).is_some() {
                    self.point(object, 0, 1)?;
                }
                object.values_mut().try_for_each(|value| self.walk(value))?;
                if let Some(count) = object.get_mut("download_bill_count") {
                    *count = self.bill.files.into();
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Makes an entry for each file of an encrypted bill, from the entry in the example.
    fn files(&self, template: &Map<String, Value>) -> Result<Vec<Value>, Refusal> {
        let file = |index: usize| {
            let mut file = template.clone();
            file.insert("bill_sequence".to_owned(), (index + 1).into());
            self.point(&mut file, index, self.bill.files)?;
            Ok(Value::Object(file))
        };
        (0..self.bill.files).map(file).collect()
    }

    /// Puts the link to a file into an object.
    fn point(
        &self,
        object: &mut Map<String, Value>,
        index: usize,
        of: usize,
    ) -> Result<(), Refusal> {
        let Some(path) = path(object) else {
            return Ok(());
        };
        let link = self.link(object, index, of)?;
        let digest = link.digest().map_err(|error| {
            Refusal::new(StatusCode::BAD_REQUEST, "PARAM_ERROR", error.to_string())
        })?;
        if let Some(key) = &link.key {
            object.insert("encrypt_key".to_owned(), key.key.as_str().into());
            object.insert("nonce".to_owned(), key.nonce.as_str().into());
        }
        if let Some(announced) = object.get_mut("hash_value") {
            *announced = digest.into();
        }
        let token = Nonce::random().map_err(|error| Refusal::system(error.to_string()))?;
        // The caller replaces the host by the one that the request was for.
        let mut url = format!("https://{}{path}?token={}", HOSTS[0], token.as_str());
        if link.gzip && link.key.is_none() {
            url += "&tartype=gzip";
        }
        object.insert("download_url".to_owned(), url.into());
        self.shared.state().bills.give(token.as_str().to_owned(), link);
        Ok(())
    }

    fn link(
        &self,
        object: &Map<String, Value>,
        index: usize,
        of: usize,
    ) -> Result<BillLink, Refusal> {
        let owner = self.account.id().to_owned();
        let key = is_encrypted(object).then(|| self.file_key(object)).transpose()?;
        let fund_flow = self.operation.path.contains("fundflow");
        let part = BillPart {
            bill: self.bill.clone(),
            index,
            of,
            kind: if fund_flow { SampleBillKind::FundFlow } else { SampleBillKind::Trade },
            date: self.values.text("bill_date").unwrap_or("2025-01-01").to_owned(),
            mchid: owner.clone(),
        };
        let gzip = self.values.text("tar_type") == Some("GZIP");
        Ok(BillLink { part, gzip, key, owner, given: Instant::now() })
    }

    /// Makes a key for the requested algorithm, and a nonce as long as the example.
    fn file_key(&self, object: &Map<String, Value>) -> Result<FileKey, Refusal> {
        let algorithm = ["algorithm", "encryption_algorithm"];
        let sm4 = algorithm.iter().any(|name| self.values.text(name) == Some("SM4_GCM"));
        let key = if sm4 { SM4_KEY } else { AES_KEY };
        let nonce = object.get("nonce").and_then(Value::as_str).map_or(NONCE, str::len);
        FileKey::random(key, nonce).map_err(|error| Refusal::system(error.to_string()))
    }
}

fn is_encrypted(object: &Map<String, Value>) -> bool {
    object.contains_key("encrypt_key") && path(object).is_some()
}

/// Returns the path of the link to a bill that an object has.
fn path(object: &Map<String, Value>) -> Option<&'static str> {
    let url = object.get("download_url")?.as_str()?;
    PATHS.into_iter().find(|path| url.contains(path))
}
