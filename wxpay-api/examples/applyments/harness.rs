//! The program on this machine: a folder with applications, a store, and a sandbox in place of WeChat Pay.

use std::error::Error;
use std::fmt::Display;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::watch;
use wxpay_api::Retries;
use wxpay_api::sandbox::{Fault, Sandbox, SandboxResource};

use crate::commands::{Command, execute};
use crate::provider::{Failure, Provider, Settings};
use crate::records;
use crate::store::Store;

pub(crate) type Result<T, E = Box<dyn Error>> = std::result::Result<T, E>;

pub(crate) const SUBMIT: &str = "/v3/applyment4sub/applyment/";
pub(crate) const CHANGE: &str = "/v3/apply4sub/sub_merchants/{sub_mchid}/modify-settlement";

/// How often the client tries a call that may be retried.
pub(crate) const ATTEMPTS: u32 = 2;

/// What nobody may ever read in the output or in the store.
pub(crate) const SECRETS: [&str; 6] = [
    "欧阳某某",
    "13900000000",
    "owner@example.com",
    "440524188001010014",
    "6222020000000001234",
    "6222020000000005678",
];

const STORE: &str = "applyments.sqlite";
const PICTURES: [&str; 5] = ["license.png", "front.png", "back.png", "entrance.png", "indoor.png"];

/// The program with its folder, and WeChat Pay.
pub(crate) struct Harness {
    pub(crate) sandbox: Sandbox,
    pub(crate) provider: Provider,
    folder: TempDir,
    /// Everything that was printed.
    pub(crate) printed: String,
}

impl Harness {
    /// Starts WeChat Pay, with an empty folder and an empty store.
    pub(crate) async fn open() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let applications = folder.path().join("applications");
        fs::create_dir(&applications)?;
        let sandbox = Sandbox::start().await?;
        let retries = Retries::new().attempts(ATTEMPTS).first_pause(Duration::from_millis(10));
        let settings = Settings {
            folder: applications,
            pause: Duration::from_millis(1),
            sp_appid: "wx8888888888888888".to_owned(),
            notify_url: "https://provider.example/wechatpay/notify".to_owned(),
        };
        let provider = Provider {
            wx: sandbox.client_builder().retries(retries).build()?,
            store: Store::open(&folder.path().join(STORE))?,
            settings: Arc::new(settings),
        };
        Ok(Self { sandbox, provider, folder, printed: String::new() })
    }

    /// Starts the program again with the same files.
    pub(crate) fn restart(&mut self) -> Result<()> {
        self.provider.store = Store::open(&self.store_file())?;
        Ok(())
    }

    /// The file of the store.
    pub(crate) fn store_file(&self) -> PathBuf {
        self.folder.path().join(STORE)
    }

    /// The folder of an application.
    pub(crate) fn folder(&self, code: &str) -> PathBuf {
        self.provider.settings.folder.join(code)
    }

    /// A person prepares an application with its pictures.
    pub(crate) fn prepare(&self, code: &str) -> Result<()> {
        fs::create_dir(self.folder(code))?;
        for name in PICTURES {
            self.photograph(code, name, 1)?;
        }
        self.write(code, "application", &form())
    }

    /// A person takes a picture, perhaps once more.
    pub(crate) fn photograph(&self, code: &str, name: &str, time: u32) -> Result<()> {
        let content = format!("{code} {name} {time}");
        let png = [&b"\x89PNG\r\n\x1a\n"[..], content.as_bytes()].concat();
        Ok(fs::write(self.folder(code).join(name), png)?)
    }

    /// A person writes a form.
    pub(crate) fn write(&self, code: &str, name: &str, form: &Value) -> Result<()> {
        let file = self.folder(code).join(format!("{name}.json"));
        Ok(fs::write(file, serde_json::to_vec_pretty(form)?)?)
    }

    /// Executes a command. Returns whether all went well, and what it printed.
    pub(crate) async fn command(&mut self, command: Command) -> Result<(bool, String), Failure> {
        let (_running, mut stop) = watch::channel(false);
        let mut printed = Vec::new();
        let executed = execute(&self.provider, command, &mut stop, &mut printed).await;
        let printed = String::from_utf8_lossy(&printed).into_owned();
        self.printed += &printed;
        if let Err(failure) = &executed {
            self.printed += &format!("{} {failure:?}\n", failure.line());
        }
        Ok((executed?, printed))
    }

    /// Runs once. Returns whether all went well, and what was printed.
    pub(crate) async fn run(&mut self) -> Result<(bool, String), Failure> {
        self.command(Command::Run { every: None }).await
    }

    /// The state of an application in the store.
    pub(crate) async fn state(&self, code: &str) -> Result<String> {
        let number = code.to_owned();
        let found = self.provider.store.transaction(move |db| records::find(db, &number)).await?;
        Ok(found.map(|record| record.state.to_string()).unwrap_or_default())
    }

    /// An application, as WeChat Pay knows it.
    pub(crate) fn at_wechat_pay(&self, code: &str) -> Result<SandboxResource> {
        Ok(self.sandbox.resource("applyment4sub/applyment", code)?)
    }

    /// How often an operation was executed.
    pub(crate) fn executions(&self, method: &str, path: &str) -> Result<usize> {
        Ok(self.sandbox.executions(method, path)?)
    }

    /// Executes the next call of an operation, and loses every response.
    pub(crate) fn lose_responses(&self, method: &str, path: &str) -> Result<()> {
        for _ in 0..ATTEMPTS {
            self.sandbox.inject_fault_at(method, path, Fault::CloseAfterReading)?;
        }
        Ok(())
    }
}

/// A form, as a person fills it in.
pub(crate) fn form() -> Value {
    let [owner, phone, email, id, account, _] = SECRETS;
    json!({
        "contact": { "name": owner, "mobile_phone": phone, "email": email },
        "subject": {
            "subject_type": "SUBJECT_TYPE_INDIVIDUAL",
            "license_copy": "license.png",
            "license_number": "92440300000000000X",
            "merchant_name": "某某茶馆",
            "legal_person": owner
        },
        "legal_person": {
            "id_card_copy": "front.png",
            "id_card_national": "back.png",
            "id_card_name": owner,
            "id_card_number": id,
            "card_period_begin": "2019-06-06",
            "card_period_end": "长期"
        },
        "store": {
            "short_name": "某某茶馆",
            "service_phone": "0755-86010000",
            "name": "某某茶馆",
            "address_code": "440305",
            "address": "某某路1号",
            "entrance_picture": "entrance.png",
            "indoor_picture": "indoor.png"
        },
        "settlement_id": "719",
        "qualification_type": "餐饮",
        "bank_account": {
            "account_type": "BANK_ACCOUNT_TYPE_PERSONAL",
            "account_name": owner,
            "account_bank": "工商银行",
            "bank_address_code": "440300",
            "account_number": account
        }
    })
}

/// The form of another bank account.
pub(crate) fn other_account() -> Value {
    let [owner, .., account] = SECRETS;
    json!({
        "account_type": "ACCOUNT_TYPE_PRIVATE",
        "account_name": owner,
        "account_bank": "工商银行",
        "bank_address_code": "440300",
        "account_number": account
    })
}

/// Compares what a step found with what it must find.
pub(crate) fn check<T: PartialEq + Display>(what: &str, found: T, expected: T) -> Result<()> {
    match found == expected {
        true => Ok(()),
        false => Err(format!("{what}: {found}, and {expected} was expected").into()),
    }
}
