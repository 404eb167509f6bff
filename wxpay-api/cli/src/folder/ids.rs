//! The ids of a folder: merchant numbers, an appid, a user, a service.

use serde::{Deserialize, Serialize};

use crate::output::Failure;

const DIGITS: &[char] = &['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

/// The ids that a folder keeps. None of them is a secret.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Ids {
    /// What fixed the ids, if anything did.
    pub(super) seed: Option<u64>,
    pub(super) mchid: String,
    pub(super) appid: String,
    pub(super) openid: String,
    pub(super) service_id: String,
    pub(super) sub_mchid: String,
}

/// The ids that a user wants.
#[derive(clap::Args, Clone, Debug, Default)]
pub(crate) struct IdWishes {
    /// Fixes the ids and the numbers that the sandbox generates, but never a key.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) seed: Option<u64>,
    /// The merchant number. A folder keeps its first one.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) mchid: Option<String>,
    /// The appid in env.json and the snippets. The sandbox accepts any.
    #[arg(long)]
    pub(crate) appid: Option<String>,
    /// The openid in env.json and the snippets. The sandbox accepts any.
    #[arg(long)]
    pub(crate) openid: Option<String>,
}

impl Ids {
    /// Makes ids for a new folder.
    pub(super) fn new(wishes: &IdWishes) -> Self {
        let mut random = match wishes.seed {
            Some(seed) => fastrand::Rng::with_seed(seed),
            None => fastrand::Rng::new(),
        };
        // No merchant number of WeChat Pay begins with these zeros, apart from the one of its examples.
        let mchid = format!("190000{}", text(&mut random, DIGITS, 4));
        let appid = format!("wx{:016x}", random.u64(..));
        let openid: String = (0..27).map(|_| random.alphanumeric()).collect();
        let service_id = format!("00002{}", text(&mut random, DIGITS, 27));
        let sub_mchid = format!("190001{}", text(&mut random, DIGITS, 4));
        let openid = format!("o{openid}");
        let mut ids = Self { seed: wishes.seed, mchid, appid, openid, service_id, sub_mchid };
        if let Some(mchid) = &wishes.mchid {
            ids.mchid.clone_from(mchid);
        }
        ids.take(wishes);
        ids
    }

    /// Takes the wishes into a folder that exists.
    ///
    /// # Errors
    /// Merchant number and seed are kept: the keys belong to the number.
    pub(super) fn update(&mut self, wishes: &IdWishes) -> Result<(), Failure> {
        if let Some(mchid) = wishes.mchid.as_ref().filter(|mchid| **mchid != self.mchid) {
            return Err(Failure::new(format!(
                "the folder belongs to the merchant {}, not {mchid}; leave out `--mchid`, or name another folder",
                self.mchid
            )));
        }
        if wishes.seed.is_some() && wishes.seed != self.seed {
            return Err(Failure::new(
                "the folder was made with another seed or none; leave out `--seed`, or name another folder",
            ));
        }
        self.take(wishes);
        Ok(())
    }

    fn take(&mut self, wishes: &IdWishes) {
        if let Some(appid) = &wishes.appid {
            self.appid.clone_from(appid);
        }
        if let Some(openid) = &wishes.openid {
            self.openid.clone_from(openid);
        }
    }
}

fn text(random: &mut fastrand::Rng, alphabet: &[char], length: usize) -> String {
    (0..length).filter_map(|_| random.choice(alphabet)).collect()
}
