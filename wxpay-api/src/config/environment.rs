//! A configuration from environment variables.

use std::ffi::OsString;

use super::read::{MEMBERS, Value};
use super::{Config, ConfigError, Naming};

/// Reads the variables that `get` knows; `None` where they do not say whose keys they are.
pub(super) fn read(get: impl Fn(&str) -> Option<OsString>) -> Result<Option<Config>, ConfigError> {
    let mut config = Config::default();
    for &member in MEMBERS {
        let Some(value) = get(&variable(member)) else {
            continue;
        };
        let value = match member {
            "platform_certificate_files" => {
                Value::Paths(std::env::split_paths(&value).collect::<Vec<_>>())
            }
            _ if member.ends_with("_file") => Value::Paths(vec![value.into()]),
            _ => match value.into_string() {
                Ok(text) => Value::Text(text.into()),
                Err(_) => Value::Other("not UTF-8"),
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

/// The variable that is named like a member.
pub(super) fn variable(member: &str) -> String {
    format!("WXPAY_{}", member.to_uppercase())
}
