//! What all kinds have in common: the result, the platform, the APIv2 key.

use clap::ValueEnum;
use serde::Serialize;
use serde_json::Value;
use wxpay_api::invoke::{Jump, JumpData};

use super::{ApiV2Key, Args, Failure, Invoker, PathBuf, TargetArguments, env};

/// Values for a front end.
#[derive(Debug)]
pub(super) struct Made {
    /// The kind, as the sandbox names it.
    pub(super) kind: &'static str,
    /// The appid that invokes, if it is no part of the values.
    pub(super) appid: Option<String>,
    pub(super) value: Value,
}

/// Arguments that become values for a front end.
pub(super) trait Values {
    fn make(self, invoker: &Invoker, target: &TargetArguments) -> Result<Made, Failure>;
}

impl Made {
    pub(super) fn new(kind: &'static str, value: impl Serialize) -> Result<Self, Failure> {
        Ok(Self { kind, appid: None, value: serde_json::to_value(value)? })
    }

    /// Makes a jump to a page of WeChat, in the form of a platform.
    pub(super) fn jump<T: JumpData>(
        kind: &'static str,
        jump: Jump<T>,
        platform: Platform,
    ) -> Result<Self, Failure> {
        match platform {
            Platform::MiniProgram => Self::new(kind, jump.mini_program()),
            Platform::Jsapi => Self::new(kind, jump.jsapi()),
            Platform::App => Self::new(kind, jump.app()),
        }
    }
}

/// The platform of a front end.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Platform {
    MiniProgram,
    /// A web page inside WeChat.
    Jsapi,
    App,
}

/// Where the APIv2 key comes from. It is never an argument, which other users of a machine can see.
#[derive(Args, Debug)]
pub(super) struct ApiV2KeyArguments {
    /// The file with the APIv2 key, which is not the APIv3 key. Without it, `WXPAY_APIV2_KEY` is read, and for the sandbox
    /// its folder.
    #[arg(long, value_name = "FILE")]
    apiv2_key_file: Option<PathBuf>,
}

impl ApiV2KeyArguments {
    pub(super) fn key(&self, target: &TargetArguments) -> Result<ApiV2Key, Failure> {
        if let Some(file) = &self.apiv2_key_file {
            let text = std::fs::read_to_string(file).map_err(|error| {
                Failure::caused(format!("{} cannot be read", file.display()), error)
            })?;
            return Ok(ApiV2Key::new(text.trim_end_matches(['\r', '\n']))?);
        }
        let found = env::var("WXPAY_APIV2_KEY").ok().filter(|key| !key.is_empty());
        match found.or_else(|| of_sandbox(target)) {
            Some(key) => Ok(ApiV2Key::new(key)?),
            None => Err(Failure::new(
                "this is signed with the APIv2 key: give `--apiv2-key-file`, or set `WXPAY_APIV2_KEY`",
            )),
        }
    }
}

/// Reads the key of the sandbox's first merchant.
fn of_sandbox(target: &TargetArguments) -> Option<String> {
    if target.live {
        return None;
    }
    let text = std::fs::read(target.dir.join(crate::folder::ENVIRONMENT)).ok()?;
    let environment: Value = serde_json::from_slice(&text).ok()?;
    environment.get("apiv2_key")?.as_str().map(str::to_owned)
}
