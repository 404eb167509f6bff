//! Reads a configuration from any serde format and from environment variables. An error names the member or the
//! variable, and never shows a value.

use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use zeroize::Zeroizing;

use super::{Config, ConfigError, Naming};
use crate::client::CertificateDownload;
use crate::protocol::Secret;
use crate::protocol::key_text::{is_content, unquoted};

const MEMBERS: &[&str] = &[
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
];

/// No member has a longer name. A longer name may be a key.
const LONGEST_NAME: usize = 31;

const TEXT: &str = "quoted text";

/// The value of a member, before its kind is checked.
enum MemberValue {
    Absent,
    Text(Zeroizing<String>),
    Integer(Zeroizing<String>),
    Flag(bool),
    List(Vec<MemberValue>),
    Paths(Vec<PathBuf>),
    /// The description of a value that no member accepts.
    Other(&'static str),
}

impl<'de> Deserialize<'de> for Config {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let config = deserializer.deserialize_struct("Config", MEMBERS, ConfigVisitor)?;
        config.check(Naming::Members).map_err(D::Error::custom)?;
        Ok(config)
    }
}

struct ConfigVisitor;

impl<'de> Visitor<'de> for ConfigVisitor {
    type Value = Config;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map with the keys of a merchant")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Config, A::Error> {
        let mut config = Config::default();
        let mut seen = Vec::new();
        while let Some(name) = map.next_key::<String>()? {
            let Some(&member) = MEMBERS.iter().find(|member| **member == name) else {
                return Err(unknown(&name));
            };
            if seen.contains(&member) {
                return Err(A::Error::duplicate_field(member));
            }
            seen.push(member);
            let value = map.next_value::<MemberValue>()?;
            config.set(member, value, Naming::Members).map_err(A::Error::custom)?;
        }
        Ok(config)
    }
}

/// Reads the environment variables that `get` returns. `None` where they name neither a merchant nor a brand.
pub(super) fn variables(
    get: impl Fn(&str) -> Option<OsString>,
) -> Result<Option<Config>, ConfigError> {
    let mut config = Config::default();
    for &member in MEMBERS {
        let Some(value) = get(&Naming::Variables.name(member)) else {
            continue;
        };
        let value = match member {
            "platform_certificate_files" => {
                MemberValue::Paths(std::env::split_paths(&value).collect())
            }
            _ if member.ends_with("_file") => MemberValue::Paths(vec![value.into()]),
            _ => match value.into_string() {
                Ok(text) => MemberValue::Text(text.into()),
                Err(_) => MemberValue::Other("not UTF-8"),
            },
        };
        config.set(member, value, Naming::Variables)?;
    }
    if config.mchid.is_none() && config.brand_id.is_none() {
        return Ok(None);
    }
    config.check(Naming::Variables)?;
    Ok(Some(config))
}

fn unknown<E: serde::de::Error>(name: &str) -> E {
    let is_name = name.len() <= LONGEST_NAME
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte));
    if is_name {
        return E::unknown_field(name, MEMBERS);
    }
    E::custom(
        "a member has a name that is none of a configuration's; is text with several lines indented?",
    )
}

impl Config {
    /// Sets a member.
    fn set(
        &mut self,
        member: &'static str,
        value: MemberValue,
        naming: Naming,
    ) -> Result<(), ConfigError> {
        let read = || match member {
            "mchid" => value.digits().map(|it| self.mchid = it),
            "brand_id" => value.digits().map(|it| self.brand_id = it),
            "certificate" => value.text().map(|it| self.certificate = it),
            "certificate_file" => value.path().map(|it| self.certificate_file = it),
            "serial_no" => value.tidy().map(|it| self.serial_no = it),
            "private_key" => value.text().map(|it| self.private_key = it),
            "private_key_file" => value.path().map(|it| self.private_key_file = it),
            "wechatpay_public_key_id" => value.tidy().map(|it| self.wechatpay_public_key_id = it),
            "wechatpay_public_key" => value.text().map(|it| self.wechatpay_public_key = it),
            "wechatpay_public_key_file" => {
                value.path().map(|it| self.wechatpay_public_key_file = it)
            }
            "platform_certificates" => value.texts().map(|it| self.platform_certificates = it),
            "platform_certificate_files" => {
                value.paths().map(|it| self.platform_certificate_files = it)
            }
            "download_certificates" => value.download().map(|it| self.download_certificates = it),
            "apiv3_key" => value.text().map(|it| self.apiv3_key = it),
            "apiv3_key_file" => value.path().map(|it| self.apiv3_key_file = it),
            _ => Ok(()),
        };
        read().map_err(|(expected, found)| {
            let name = match naming {
                Naming::Members => member.to_owned(),
                Naming::Variables => naming.name(member),
            };
            ConfigError::Kind { name, expected, found }
        })
    }
}

/// The expected kind of value, and the kind found.
type Mistake = (&'static str, &'static str);

impl MemberValue {
    /// Returns a key as given. `None` where it is blank.
    fn text(self) -> Result<Option<Secret>, Mistake> {
        match self {
            Self::Absent => Ok(None),
            Self::Text(text) if text.trim().is_empty() => Ok(None),
            Self::Text(text) => Ok(Some(Secret::from(text))),
            other => Err((TEXT, other.kind())),
        }
    }

    /// Returns several keys, or one text.
    fn texts(self) -> Result<Vec<Secret>, Mistake> {
        match self {
            Self::List(list) => list.into_iter().filter_map(|it| it.text().transpose()).collect(),
            one => Ok(one.text()?.into_iter().collect()),
        }
    }

    /// Returns text without the white space and the quotation marks around it.
    fn tidy(self) -> Result<Option<String>, Mistake> {
        match self {
            Self::Absent => Ok(None),
            Self::Text(text) => Ok(Some(unquoted(&text).to_owned()).filter(|it| !it.is_empty())),
            other => Err((TEXT, other.kind())),
        }
    }

    /// Returns digits, which a config file may have as a number.
    fn digits(self) -> Result<Option<String>, Mistake> {
        match self {
            Self::Integer(number) if !number.starts_with('-') => Ok(Some(number.to_string())),
            Self::Absent | Self::Text(_) => self.tidy(),
            other => Err(("digits, quoted or not", other.kind())),
        }
    }

    fn path(self) -> Result<Option<PathBuf>, Mistake> {
        match self {
            Self::List(_) => Err(("the path of one file", "a list")),
            one => Ok(one.paths()?.pop()),
        }
    }

    fn paths(self) -> Result<Vec<PathBuf>, Mistake> {
        match self {
            Self::Absent => Ok(Vec::new()),
            Self::Paths(paths) => Ok(paths.into_iter().filter_map(tidy_path).collect()),
            Self::Text(text) => Ok(tidy_path(PathBuf::from(text.as_str())).into_iter().collect()),
            Self::List(list) => {
                let paths: Result<Vec<_>, _> = list.into_iter().map(Self::path).collect();
                Ok(paths?.into_iter().flatten().collect())
            }
            other => Err(("the path of a file, as text", other.kind())),
        }
    }

    fn download(self) -> Result<Option<CertificateDownload>, Mistake> {
        const EXPECTED: &str = "true, false, global or hong_kong";
        match self {
            Self::Flag(true) => Ok(Some(CertificateDownload::new())),
            Self::Flag(false) | Self::Absent => Ok(None),
            Self::Text(text) => match unquoted(&text).to_ascii_lowercase().as_str() {
                "true" => Ok(Some(CertificateDownload::new())),
                "global" => Ok(Some(CertificateDownload::global())),
                "hong_kong" => Ok(Some(CertificateDownload::hong_kong())),
                "false" | "" => Ok(None),
                _ => Err((EXPECTED, "another text")),
            },
            other => Err((EXPECTED, other.kind())),
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Text(_) => "text",
            Self::Integer(_) => {
                "a number without quotation marks, which loses zeros at its beginning"
            }
            Self::Flag(_) => "a boolean",
            Self::List(_) => "a list",
            Self::Paths(_) => "a path",
            Self::Other(found) => found,
        }
    }
}

/// Removes white space and quotation marks around a path. A key in its place stays unchanged.
fn tidy_path(path: PathBuf) -> Option<PathBuf> {
    match path.to_str().map(unquoted) {
        Some("") => None,
        Some(text) if !is_content(&path) => Some(PathBuf::from(text)),
        _ => Some(path),
    }
}

impl<'de> Deserialize<'de> for MemberValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(MemberVisitor)
    }
}

/// Accepts every kind of value, so that no error of serde shows a value.
struct MemberVisitor;

macro_rules! integers {
    ($($method:ident: $type:ty),*) => {$(
        fn $method<E>(self, number: $type) -> Result<MemberValue, E> {
            Ok(MemberValue::Integer(Zeroizing::new(number.to_string())))
        }
    )*};
}

impl<'de> Visitor<'de> for MemberVisitor {
    type Value = MemberValue;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the value of a member")
    }

    integers!(visit_i64: i64, visit_u64: u64, visit_i128: i128, visit_u128: u128);

    fn visit_str<E>(self, text: &str) -> Result<MemberValue, E> {
        Ok(MemberValue::Text(Zeroizing::new(text.to_owned())))
    }

    fn visit_string<E>(self, text: String) -> Result<MemberValue, E> {
        Ok(MemberValue::Text(Zeroizing::new(text)))
    }

    fn visit_bool<E>(self, flag: bool) -> Result<MemberValue, E> {
        Ok(MemberValue::Flag(flag))
    }

    fn visit_f64<E>(self, _: f64) -> Result<MemberValue, E> {
        Ok(MemberValue::Other("a number without quotation marks"))
    }

    fn visit_bytes<E>(self, _: &[u8]) -> Result<MemberValue, E> {
        Ok(MemberValue::Other("binary"))
    }

    fn visit_none<E>(self) -> Result<MemberValue, E> {
        Ok(MemberValue::Absent)
    }

    fn visit_unit<E>(self) -> Result<MemberValue, E> {
        Ok(MemberValue::Absent)
    }

    fn visit_some<D: Deserializer<'de>>(self, content: D) -> Result<MemberValue, D::Error> {
        content.deserialize_any(self)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        content: D,
    ) -> Result<MemberValue, D::Error> {
        content.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<MemberValue, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element()? {
            values.push(value);
        }
        Ok(MemberValue::List(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<MemberValue, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(MemberValue::Other("a map"))
    }
}
