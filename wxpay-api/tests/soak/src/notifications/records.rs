//! What the servers left behind: runs of handlers, effects, and logs.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::Path;

use super::server;
use crate::report::Failure;

/// Everything that the servers left behind.
#[derive(Debug, Default)]
pub(crate) struct Records {
    /// By the notification's id.
    pub(crate) runs: HashMap<String, Runs>,
    /// The number of the order, by the notification's id.
    pub(crate) effects: HashMap<String, String>,
    /// The ids of handled events that the guard could not record.
    pub(crate) unsettled: HashSet<String>,
    /// The logs of both servers.
    pub(crate) logs: Vec<String>,
}

/// How often handlers of one notification began, had the effect, and ended.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Runs {
    pub(crate) begun: usize,
    pub(crate) effects: usize,
    pub(crate) ended: usize,
}

impl Records {
    pub(crate) fn read(folder: &Path, servers: usize, logs: Vec<String>) -> Result<Self, Failure> {
        let mut records = Self { logs, ..Self::default() };
        for index in 0..servers {
            records.add_runs(&fs::read_to_string(server::runs(folder, index))?);
        }
        for entry in fs::read_dir(server::effect(folder, ""))? {
            let entry = entry?;
            let id = entry.file_name().to_string_lossy().into_owned();
            records.effects.insert(id, fs::read_to_string(entry.path())?);
        }
        records.unsettled =
            records.logs.iter().flat_map(|log| log.lines()).filter_map(unsettled).collect();
        Ok(records)
    }

    fn add_runs(&mut self, log: &str) {
        for (what, id) in log.lines().filter_map(|line| line.split_once(' ')) {
            let runs = self.runs.entry(id.to_owned()).or_default();
            match what {
                "begin" => runs.begun += 1,
                "effect" => runs.effects += 1,
                _ => runs.ended += 1,
            }
        }
    }
}

/// Returns the id in a warning that a handled event was not recorded. Leases are long enough, so that none is lost.
fn unsettled(line: &str) -> Option<String> {
    if !line.contains("claim cannot be settled") || line.contains("the lease ended") {
        return None;
    }
    let (_, rest) = line.split_once("/id/")?;
    Some(rest.chars().take_while(char::is_ascii_alphanumeric).collect())
}

#[cfg(test)]
mod tests {
    use super::{Records, Runs, unsettled};

    #[test]
    fn runs_of_both_servers_are_added() {
        let mut records = Records::default();
        records.add_runs("begin a\neffect a\n");
        records.add_runs("begin a\nend a\nbegin b\neffect b\nend b\n");
        assert_eq!(records.runs.get("a"), Some(&Runs { begun: 2, effects: 1, ended: 1 }));
        assert_eq!(records.runs.get("b"), Some(&Runs { begun: 1, effects: 1, ended: 1 }));
    }

    #[test]
    fn an_event_that_could_not_be_recorded_is_found_in_the_log() {
        let line = "WARN wxpay_api::replay message=a notification's claim cannot be settled error=the \
                    store of the replay guard failed key=\"1230000109/id/Ab1\"";
        assert_eq!(unsettled(line).as_deref(), Some("Ab1"));
        assert_eq!(unsettled("DEBUG other"), None);
    }
}
