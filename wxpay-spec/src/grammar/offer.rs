use super::rule::known_type;
use super::{Rule, Table};
use crate::cursor::Cursor;
use crate::suggestion::{closest, one_of};

/// What an unknown key of a mapping may have been meant to be.
///
/// It is the same for all unknown keys of a mapping, and finding it takes a look at every key.
pub(super) struct Offer {
    /// The keys that are not given.
    free: Vec<&'static str>,
    /// Those of them that could be added to what is given.
    fitting: Vec<&'static str>,
}

impl Offer {
    pub(super) fn new(at: &Cursor<'_>, table: &Table, rules: &[&Rule]) -> Self {
        let keys = table.keys.iter().map(|key| key.name);
        let free: Vec<&str> = keys.filter(|key| at.get(key).is_none()).collect();
        let fitting = free.iter().copied().filter(|key| fits(at, key, rules)).collect();
        Self { free, fitting }
    }

    /// A help text: the key that looks like the unknown one, else those that could be added.
    pub(super) fn instead_of(&self, name: &str) -> Option<String> {
        match closest(name, self.free.iter().copied()) {
            Some(close) => Some(format!("did you mean `{close}`?")),
            None => one_of(self.fitting.iter().copied()),
        }
    }
}

/// Whether a key could stand beside those that are given.
fn fits(at: &Cursor<'_>, key: &str, rules: &[&Rule]) -> bool {
    let lacks_what_it_needs = rules.iter().any(|rule| match rule {
        Rule::Needs { key: needing, beside } => {
            *needing == key && at.get(beside).is_none() && is_barred(at, beside, rules)
        }
        Rule::NeedsOneOf { key: needing, beside } => {
            let is_out = |other: &&str| at.get(other).is_none() && is_barred(at, other, rules);
            *needing == key && beside.iter().all(is_out)
        }
        _ => false,
    });
    !lacks_what_it_needs && !is_barred(at, key, rules)
}

fn is_barred(at: &Cursor<'_>, key: &str, rules: &[&Rule]) -> bool {
    let given = |other: &str| other != key && at.get(other).is_some();
    rules.iter().any(|rule| match rule {
        Rule::AtMostOne(keys) => keys.contains(&key) && keys.iter().any(|other| given(other)),
        Rule::Excludes { key: one, beside } => {
            (*one == key && beside.iter().any(|other| given(other)))
                || (beside.contains(&key) && given(one))
        }
        Rule::OnlyFor { key: one, types } => {
            *one == key && known_type(at).is_some_and(|ty| !types.contains(&ty))
        }
        Rule::Without { key: one, .. } => *one == key,
        _ => false,
    })
}
