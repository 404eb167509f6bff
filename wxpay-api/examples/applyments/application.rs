//! An application as a person prepares it: a folder whose name is the business code, with `application.json` and pictures.

use std::fs;
use std::path::{Path, PathBuf};

use aws_lc_rs::digest::{Context, SHA256};
use serde::{Deserialize, Deserializer};
use wxpay_api::{File, Secret};

use crate::provider::Failure;

/// The name of the form in the folder of an application.
const FORM: &str = "application.json";

/// WeChat Pay takes pictures of up to 2 MB.
const LARGEST_PICTURE: usize = 2 << 20;

/// WeChat Pay takes business codes of up to 124 characters.
const LONGEST_CODE: usize = 124;

/// An application with its pictures, as it lies in its folder now.
pub(crate) struct Application {
    pub(crate) business_code: String,
    pub(crate) form: Form,
    /// The pictures in the order of [`Form::pictures`].
    pub(crate) pictures: Vec<File>,
    /// Changes with every byte of the form and the pictures.
    pub(crate) digest: String,
}

/// The form. Names, numbers of persons and bank accounts are secrets: they are never printed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Form {
    pub(crate) contact: Contact,
    pub(crate) subject: Subject,
    pub(crate) legal_person: LegalPerson,
    pub(crate) store: Shop,
    /// The number of a settlement rule, by trade and kind of subject.
    pub(crate) settlement_id: String,
    pub(crate) qualification_type: String,
    pub(crate) bank_account: BankAccount,
}

/// The super administrator, who signs for the merchant. Here that is the legal person.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Contact {
    #[serde(deserialize_with = "secret")]
    pub(crate) name: Secret,
    #[serde(deserialize_with = "secret")]
    pub(crate) mobile_phone: Secret,
    #[serde(deserialize_with = "secret")]
    pub(crate) email: Secret,
}

/// The business licence.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Subject {
    /// `SUBJECT_TYPE_INDIVIDUAL` or `SUBJECT_TYPE_ENTERPRISE`.
    pub(crate) subject_type: String,
    pub(crate) license_copy: String,
    pub(crate) license_number: String,
    pub(crate) merchant_name: String,
    pub(crate) legal_person: String,
}

/// The identity card of the legal person.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LegalPerson {
    pub(crate) id_card_copy: String,
    pub(crate) id_card_national: String,
    #[serde(deserialize_with = "secret")]
    pub(crate) id_card_name: Secret,
    #[serde(deserialize_with = "secret")]
    pub(crate) id_card_number: Secret,
    pub(crate) card_period_begin: String,
    /// A day, or `长期`.
    pub(crate) card_period_end: String,
}

/// Where the merchant sells.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Shop {
    /// The name that payers see.
    pub(crate) short_name: String,
    pub(crate) service_phone: String,
    pub(crate) name: String,
    pub(crate) address_code: String,
    pub(crate) address: String,
    pub(crate) entrance_picture: String,
    pub(crate) indoor_picture: String,
}

/// The bank account to which WeChat Pay settles.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BankAccount {
    /// In applications `BANK_ACCOUNT_TYPE_…`, in later changes `ACCOUNT_TYPE_…`.
    pub(crate) account_type: String,
    #[serde(deserialize_with = "secret")]
    pub(crate) account_name: Secret,
    pub(crate) account_bank: String,
    pub(crate) bank_address_code: String,
    pub(crate) bank_name: Option<String>,
    #[serde(deserialize_with = "secret")]
    pub(crate) account_number: Secret,
}

fn secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Secret, D::Error> {
    String::deserialize(deserializer).map(Secret::from)
}

impl Form {
    /// The names of the pictures.
    pub(crate) fn pictures(&self) -> [&str; 5] {
        [
            &self.subject.license_copy,
            &self.legal_person.id_card_copy,
            &self.legal_person.id_card_national,
            &self.store.entrance_picture,
            &self.store.indoor_picture,
        ]
    }
}

/// Lists the business codes: the folders with a form, in the order of their names.
pub(crate) fn codes(folder: &Path) -> Result<Vec<String>, Failure> {
    let mut codes = Vec::new();
    for entry in fs::read_dir(folder).map_err(|source| unreadable(folder, source))? {
        let path = entry.map_err(|source| unreadable(folder, source))?.path();
        if !path.join(FORM).is_file() {
            continue;
        }
        let code = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let is_code = (1..=LONGEST_CODE).contains(&code.len())
            && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if !is_code {
            return Err(wrong(
                &path,
                "a business code has 1 to 124 of the characters 0-9 A-Z a-z _",
            ));
        }
        codes.push(code.to_owned());
    }
    codes.sort();
    Ok(codes)
}

/// Reads an application and all its pictures, so that a mistake is found before anything is sent.
pub(crate) async fn read(folder: &Path, business_code: &str) -> Result<Application, Failure> {
    let folder = folder.join(business_code);
    let text = read_text(&folder.join(FORM))?;
    let form: Form = parse(&folder.join(FORM), &text)?;
    let mut digest = Context::new(&SHA256);
    digest.update(text.as_bytes());
    let mut pictures = Vec::new();
    for name in form.pictures() {
        let picture = picture(&folder, name).await?;
        digest.update(picture.sha256().as_bytes());
        pictures.push(picture);
    }
    let digest = digest.finish().as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Application { business_code: business_code.to_owned(), form, pictures, digest })
}

/// Reads the new bank account of a change.
pub(crate) fn account_change(
    folder: &Path,
    business_code: &str,
    name: &str,
) -> Result<BankAccount, Failure> {
    let file = beside(&folder.join(business_code), &format!("{name}.json"))?;
    parse(&file, &read_text(&file)?)
}

async fn picture(folder: &Path, name: &str) -> Result<File, Failure> {
    let path = beside(folder, name)?;
    let picture = File::open(&path).await.map_err(|source| unreadable(&path, source))?;
    if picture.content().len() > LARGEST_PICTURE {
        return Err(wrong(&path, "a picture may have 2 MB; make it smaller"));
    }
    Ok(picture)
}

/// The path of a file in this very folder.
fn beside(folder: &Path, name: &str) -> Result<PathBuf, Failure> {
    let path = folder.join(name);
    match Path::new(name).file_name() {
        Some(last) if last == name => Ok(path),
        _ => Err(wrong(&path, "files of an application are in its own folder")),
    }
}

fn read_text(file: &Path) -> Result<String, Failure> {
    fs::read_to_string(file).map_err(|source| unreadable(file, source))
}

/// Reads JSON. The parser's own message may show a value, such as an identity number without quotation marks.
fn parse<'a, T: Deserialize<'a>>(file: &Path, text: &'a str) -> Result<T, Failure> {
    serde_json::from_str(text).map_err(|error| {
        let message = error.to_string();
        let names_a_member = ["missing field", "unknown field", "duplicate field"];
        if error.is_syntax() || names_a_member.iter().any(|known| message.starts_with(known)) {
            return wrong(file, &message);
        }
        let (line, column) = (error.line(), error.column());
        let kind = "a value has the wrong kind, or ends too early; texts and numbers are quoted";
        wrong(file, &format!("{kind}, at line {line} column {column}"))
    })
}

fn wrong(path: &Path, problem: &str) -> Failure {
    Failure::Form { file: path.display().to_string(), problem: problem.to_owned() }
}

fn unreadable(path: &Path, source: std::io::Error) -> Failure {
    Failure::Read { file: path.display().to_string(), source }
}
