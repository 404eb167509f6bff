//! Keeps a sandbox in a folder: ids, accounts and keys are made once, and are the same at every further start.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use wxpay_api::sandbox::{Account, SavedAccount};

use super::Environment;
use super::files;
use super::ids::{IdWishes, Ids};
use super::write::{make_folder, restrict_folder, write};
use crate::output::Failure;

/// The file of which all others are copies. It is the first one to be written.
const KEPT: &str = "sandbox.json";
const LOCK: &str = ".lock";
const VERSION: u32 = 1;

/// The folder of the sandbox that runs. No other sandbox can have it at the same time.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    state: Mutex<State>,
    _lock: File,
}

#[derive(Debug)]
struct State {
    kept: Kept,
    reach: Option<Reach>,
}

/// The content of `sandbox.json`.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Kept {
    version: u32,
    pub(super) ids: Ids,
    pub(super) accounts: Vec<SavedAccount>,
}

/// How clients reach the sandbox that runs.
#[derive(Clone, Default)]
pub(crate) struct Reach {
    pub(crate) url: String,
    pub(crate) proxy: Option<String>,
    pub(crate) tls: Option<String>,
    pub(crate) ca_file: Option<PathBuf>,
    pub(crate) hosts: Vec<String>,
    pub(crate) control_token: Option<String>,
}

impl Folder {
    /// Opens a folder, or makes it. Nothing is written that could replace a key.
    ///
    /// # Errors
    /// [`Failure`] if another sandbox runs there, if the folder is not one of a sandbox, and if its keys are not as
    /// the sandbox left them.
    pub(crate) fn open(path: &Path, wishes: &IdWishes) -> Result<Self, Failure> {
        make_folder(path)?;
        let path = path.canonicalize().map_err(|error| {
            Failure::caused(format!("the folder {} cannot be opened", path.display()), error)
        })?;
        let kept = match read(&path)? {
            Some(mut kept) => {
                kept.ids.update(wishes)?;
                files::check(&path, &kept)?;
                kept
            }
            None => {
                check_empty(&path)?;
                Kept { version: VERSION, ids: Ids::new(wishes), accounts: Vec::new() }
            }
        };
        let lock = lock(&path)?;
        restrict_folder(&path)?;
        let state = Mutex::new(State { kept, reach: None });
        Ok(Self { path, state, _lock: lock })
    }

    /// Returns the absolute path.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the merchant number of the first account.
    pub(crate) fn mchid(&self) -> String {
        self.state().kept.ids.mchid.clone()
    }

    /// Returns the seed of the numbers to generate. The storage knows which came before.
    pub(crate) fn seed(&self) -> Option<u64> {
        self.state().kept.ids.seed
    }

    /// Returns the accounts, that of the first merchant before all others. There is none at the first start.
    pub(crate) fn accounts(&self) -> Vec<SavedAccount> {
        let kept = &self.state().kept;
        let (mut first, others): (Vec<_>, Vec<_>) =
            kept.accounts.iter().cloned().partition(|account| account.id == kept.ids.mchid);
        first.extend(others);
        first
    }

    /// Keeps an account that is new, or whose keys changed.
    pub(crate) fn remember(&self, account: &Account) -> Result<(), Failure> {
        let saved = account.save()?;
        let mut state = self.state();
        let accounts = &mut state.kept.accounts;
        match accounts.iter_mut().find(|held| held.id == saved.id) {
            Some(held) => *held = saved,
            None => accounts.push(saved),
        }
        self.write_kept(&state.kept)?;
        files::write_all(&self.path, &state.kept, state.reach.as_ref()).map(drop)
    }

    /// Writes the files of the accounts, and those that say how to reach the sandbox.
    pub(crate) fn publish(&self, reach: Reach) -> Result<Environment, Failure> {
        let mut state = self.state();
        self.write_kept(&state.kept)?;
        state.reach = Some(reach);
        let environment = files::write_all(&self.path, &state.kept, state.reach.as_ref())?;
        environment.ok_or_else(|| Failure::new("the folder has no account of its first merchant"))
    }

    fn write_kept(&self, kept: &Kept) -> Result<(), Failure> {
        let text = serde_json::to_string_pretty(kept)?;
        write(&self.path.join(KEPT), &(text + "\n"))
    }

    /// Locks the state. A task that panicked leaves it whole, so a poisoned lock is usable.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reads what a folder keeps; `None` before the first start.
fn read(path: &Path) -> Result<Option<Kept>, Failure> {
    let file = path.join(KEPT);
    if !file.exists() {
        return Ok(None);
    }
    let unusable = |why: String| {
        format!(
            "{} {why}; the sandbox does not replace keys: restore the file, or name another folder with `--dir`",
            file.display()
        )
    };
    let text = fs::read(&file)
        .map_err(|error| Failure::caused(unusable("cannot be read".to_owned()), error))?;
    let kept: Kept = serde_json::from_slice(&text).map_err(|error| {
        Failure::caused(unusable("is not as `wxpay sandbox` wrote it".to_owned()), error)
    })?;
    if kept.version != VERSION {
        return Err(Failure::new(unusable(format!("has the version {}", kept.version))));
    }
    if !kept.accounts.iter().any(|account| account.id == kept.ids.mchid) {
        return Err(Failure::new(unusable(format!("has no account of {}", kept.ids.mchid))));
    }
    Ok(Some(kept))
}

/// Checks that a folder without [`KEPT`] has no files but hidden ones, such as those of an interrupted first start.
fn check_empty(path: &Path) -> Result<(), Failure> {
    let unreadable =
        |error| Failure::caused(format!("the folder {} cannot be read", path.display()), error);
    for entry in fs::read_dir(path).map_err(unreadable)? {
        let name = entry.map_err(unreadable)?.file_name();
        let name = name.to_string_lossy();
        if !name.starts_with('.') && name != "lost+found" {
            return Err(Failure::new(format!(
                "{} has a file `{name}`, but no {KEPT}: it is not the folder of a sandbox, and the sandbox neither \
                 replaces keys nor uses those of a real merchant; name an empty folder or a new one with `--dir`",
                path.display()
            )));
        }
    }
    Ok(())
}

/// Takes the folder for this process. The system frees it when the process ends, however it ends.
fn lock(path: &Path) -> Result<File, Failure> {
    let name = path.join(LOCK);
    let unwritable =
        |error| Failure::caused(format!("{} cannot be written", name.display()), error);
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(&name).map_err(unwritable)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::Error(error)) => Err(unwritable(error)),
        Err(TryLockError::WouldBlock) => Err(Failure::new(format!(
            "a sandbox runs in the folder {} already; stop it, or name another folder with `--dir`",
            path.display()
        ))),
    }
}

/// Shows no token.
impl std::fmt::Debug for Reach {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Reach").field("url", &self.url).finish_non_exhaustive()
    }
}
