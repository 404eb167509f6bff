//! Puts links of this sandbox into answers.

use std::time::Instant;

use http::StatusCode;
use serde_json::{Map, Value};

use super::file::{BillFile, Part};
use super::link::{Link, PATHS};
use super::rows::Kind;
use super::seal::Seal;
use crate::protocol::Nonce;
use crate::sandbox::account::Account;
use crate::sandbox::book::Operation;
use crate::sandbox::echo::Echo;
use crate::sandbox::refusal::Refusal;

/// The lengths of file keys in bytes.
const AES_KEY: usize = 32;
const SM4_KEY: usize = 16;
/// The length of a nonce where the descriptor gives no example.
const NONCE: usize = 16;

/// Makes every link to a bill in an answer one of this sandbox, and announces the digest of what is
/// behind it. Secrets are still plain.
pub(in crate::sandbox) fn link(
    account: &Account,
    operation: &Operation,
    echo: &Echo,
    answer: &mut Value,
) -> Result<(), Refusal> {
    let bill = account.shared.state().bills.file.clone();
    Linker { account, operation, echo, bill }.walk(answer)
}

struct Linker<'a> {
    account: &'a Account,
    operation: &'a Operation,
    echo: &'a Echo,
    bill: BillFile,
}

impl Linker<'_> {
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

    /// All files of an encrypted bill, made after one.
    fn files(&self, template: &Map<String, Value>) -> Result<Vec<Value>, Refusal> {
        let file = |index: usize| {
            let mut file = template.clone();
            file.insert("bill_sequence".to_owned(), (index + 1).into());
            self.point(&mut file, index, self.bill.files)?;
            Ok(Value::Object(file))
        };
        (0..self.bill.files).map(file).collect()
    }

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
        if let Some(seal) = &link.seal {
            object.insert("encrypt_key".to_owned(), seal.key.as_str().into());
            object.insert("nonce".to_owned(), seal.nonce.as_str().into());
        }
        if let Some(announced) = object.get_mut("hash_value") {
            *announced = digest.into();
        }
        let token = Nonce::random().map_err(|error| Refusal::system(error.to_string()))?;
        let shared = &self.account.shared;
        let mut url = format!("{}{path}?token={}", shared.url, token.as_str());
        if link.gzip && link.seal.is_none() {
            url += "&tartype=gzip";
        }
        object.insert("download_url".to_owned(), url.into());
        shared.state().bills.give(token.as_str().to_owned(), link);
        Ok(())
    }

    fn link(&self, object: &Map<String, Value>, index: usize, of: usize) -> Result<Link, Refusal> {
        let owner = self.account.customer.id().to_owned();
        let seal = is_encrypted(object).then(|| self.seal(object)).transpose()?;
        let fund_flow = self.operation.path.contains("fundflow");
        let part = Part {
            bill: self.bill.clone(),
            index,
            of,
            kind: if fund_flow { Kind::FundFlow } else { Kind::Trade },
            date: self.echo.text("bill_date").unwrap_or("2025-01-01").to_owned(),
            mchid: owner.clone(),
        };
        let gzip = self.echo.text("tar_type") == Some("GZIP");
        Ok(Link { part, gzip, seal, owner, given: Instant::now() })
    }

    /// A key for the algorithm that was asked for, and a nonce as long as the example.
    fn seal(&self, object: &Map<String, Value>) -> Result<Seal, Refusal> {
        let algorithm = ["algorithm", "encryption_algorithm"];
        let sm4 = algorithm.iter().any(|name| self.echo.text(name) == Some("SM4_GCM"));
        let key = if sm4 { SM4_KEY } else { AES_KEY };
        let nonce = object.get("nonce").and_then(Value::as_str).map_or(NONCE, str::len);
        Seal::random(key, nonce).map_err(|error| Refusal::system(error.to_string()))
    }
}

fn is_encrypted(object: &Map<String, Value>) -> bool {
    object.contains_key("encrypt_key") && path(object).is_some()
}

/// Where the link to a bill leads, if an object has one.
fn path(object: &Map<String, Value>) -> Option<&'static str> {
    let url = object.get("download_url")?.as_str()?;
    PATHS.into_iter().find(|path| url.contains(path))
}
