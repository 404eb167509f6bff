//! Finds an operation, a notification or a lifecycle by what a person writes for it.

use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use super::model::{LifecycleEntry, NotificationEntry, OperationEntry};
use super::{Catalogue, Operation};
use crate::output::{Exit, Failure};

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];
/// The most candidates and suggestions that a message lists.
const MOST: usize = 12;
/// Texts that are less similar are no suggestion.
const SIMILAR: f64 = 0.8;

/// What a name stands for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Subject {
    Operation(&'static OperationEntry),
    Notification(&'static NotificationEntry),
    Lifecycle(&'static LifecycleEntry),
}

/// An operation that was found, and the values that a filled-in URL has.
#[derive(Debug)]
pub(crate) struct FoundOperation {
    pub(crate) operation: Operation,
    /// The values of the path's parameters and of the query, by name, decoded.
    pub(crate) values: Vec<(String, String)>,
}

impl Subject {
    /// Names it, so that the same text finds it again.
    pub(crate) fn name(self) -> String {
        match self {
            Self::Operation(entry) => format!("{} {}", entry.method, entry.path),
            Self::Notification(entry) => format!("notification:{}", entry.name),
            Self::Lifecycle(entry) => format!("lifecycle:{}", entry.name),
        }
    }

    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Operation(entry) => &entry.title,
            Self::Notification(entry) => &entry.title,
            Self::Lifecycle(entry) => &entry.title,
        }
    }

    pub(crate) fn kind(self) -> &'static str {
        match self {
            Self::Operation(_) => "operation",
            Self::Notification(_) => "notification",
            Self::Lifecycle(_) => "lifecycle",
        }
    }

    pub(crate) fn json(self) -> Value {
        json!({ "kind": self.kind(), "name": self.name(), "title": self.title() })
    }
}

impl Catalogue {
    /// Finds everything that a name may stand for. Several notifications share an event type, and each is returned.
    pub(crate) fn find(&'static self, name: &str) -> Vec<Subject> {
        let name = name.trim();
        let lifecycle = |wanted: &str| {
            let entries = self.index.lifecycles.iter();
            entries.filter(|entry| entry.name == wanted).map(Subject::Lifecycle).collect()
        };
        let notification = |wanted: &str| {
            let entries = self.index.notifications.iter();
            entries.filter(|entry| entry.name == wanted).map(Subject::Notification).collect()
        };
        let event = |wanted: &str| {
            let is_it = |event: &String| event.eq_ignore_ascii_case(wanted);
            let entries = self.index.notifications.iter();
            let entries = entries.filter(|entry| entry.events.iter().any(is_it));
            entries.map(Subject::Notification).collect()
        };
        if let Some(name) = name.strip_prefix("lifecycle:") {
            return lifecycle(name);
        }
        if let Some(name) = name.strip_prefix("notification:") {
            return notification(name);
        }
        let operations = || self.operations(name).into_iter().map(|(entry, _)| entry);
        let operations = || operations().map(Subject::Operation).collect();
        let titles = || self.by_title(name);
        let mut ways: [&dyn Fn() -> Vec<Subject>; 5] =
            [&operations, &|| lifecycle(name), &|| notification(name), &|| event(name), &titles];
        let found = ways.iter_mut().map(|way| way()).find(|found| !found.is_empty());
        found.unwrap_or_default()
    }

    /// Finds the one operation that a name stands for.
    pub(crate) fn find_operation(&'static self, name: &str) -> Result<FoundOperation, Failure> {
        let name = name.trim();
        let mut found = self.operations(name);
        if found.is_empty() {
            let titles = self.by_title(name).into_iter();
            found = titles
                .filter_map(|subject| match subject {
                    Subject::Operation(entry) => Some((entry, Vec::new())),
                    Subject::Notification(_) | Subject::Lifecycle(_) => None,
                })
                .collect();
        }
        match <[_; 1]>::try_from(found) {
            Ok([(entry, values)]) => {
                let operation = self.operation(&entry.method, &entry.path, &entry.family)?;
                Ok(FoundOperation { operation, values })
            }
            Err(found) if found.is_empty() => Err(self.unknown(name)),
            Err(found) => {
                let found = found.into_iter().map(|(entry, _)| Subject::Operation(entry));
                Err(ambiguous(name, &found.collect::<Vec<_>>()))
            }
        }
    }

    /// Finds operations by URL or by the chain's dotted name.
    fn operations(
        &'static self,
        name: &str,
    ) -> Vec<(&'static OperationEntry, Vec<(String, String)>)> {
        let (method, rest) = split_method(name);
        let target = without_host(rest);
        if target.starts_with('/') {
            return self.by_url(method, target);
        }
        let chain = chain(rest);
        let is_it = |entry: &&OperationEntry| {
            method.is_none_or(|method| entry.method == method) && is_chain(&entry.chain, &chain)
        };
        let entries = self.index.operations.iter().filter(is_it);
        entries.map(|entry| (entry, Vec::new())).collect()
    }

    /// Finds operations by a path, filled in or with `{…}`. The path with the most literal segments wins.
    fn by_url(
        &'static self,
        method: Option<&str>,
        target: &str,
    ) -> Vec<(&'static OperationEntry, Vec<(String, String)>)> {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut found = Vec::new();
        for entry in &self.index.operations {
            if method.is_none_or(|method| entry.method == method)
                && let Some(values) = fit(&entry.path, path)
            {
                found.push((entry, values));
            }
        }
        // The very template wins over those that differ in the names of their parameters.
        if found.iter().any(|(entry, _)| entry.path == path) {
            found.retain(|(entry, _)| entry.path == path);
        }
        let fewest = found.iter().map(|(entry, _)| parameters(&entry.path)).min();
        found.retain(|(entry, _)| Some(parameters(&entry.path)) == fewest);
        for (_, values) in &mut found {
            values.extend(pairs(query));
        }
        found
    }

    /// Finds by a title. Equal titles win over those that contain the text.
    fn by_title(&'static self, text: &str) -> Vec<Subject> {
        if text.is_empty() || text.is_ascii() {
            return Vec::new();
        }
        let equal: Vec<_> = self.subjects().filter(|subject| subject.title() == text).collect();
        if !equal.is_empty() {
            return equal;
        }
        self.subjects().filter(|subject| subject.title().contains(text)).collect()
    }

    /// Lists everything that has a name.
    pub(crate) fn subjects(&'static self) -> impl Iterator<Item = Subject> {
        let operations = self.index.operations.iter().map(Subject::Operation);
        let notifications = self.index.notifications.iter().map(Subject::Notification);
        operations.chain(notifications).chain(self.index.lifecycles.iter().map(Subject::Lifecycle))
    }

    /// The failure for a name that stands for nothing, with the most similar ones.
    pub(crate) fn unknown(&'static self, name: &str) -> Failure {
        let suggestions = self.suggestions(name);
        let mut message = format!("`{name}` is no operation, notification or lifecycle");
        match suggestions.is_empty() {
            true => message += "; look for one with `wxpay search`",
            false => message += "; did you mean one of these?",
        }
        let lines = suggestions.iter().map(|subject| candidate(*subject));
        let suggested: Vec<_> = suggestions.iter().map(|subject| subject.json()).collect();
        let lines: String = lines.collect();
        Failure::new(message + &lines).exit(Exit::Usage).detail(json!({ "suggestions": suggested }))
    }

    fn suggestions(&'static self, name: &str) -> Vec<Subject> {
        let (method, rest) = split_method(name);
        let target = without_host(rest);
        let path = target.split('?').next().unwrap_or_default();
        let score = |subject: Subject| match subject {
            Subject::Operation(entry) => {
                let other = method.is_some_and(|method| entry.method != method);
                let below = path.len() > 3 && entry.path.starts_with(path);
                let similar = strsim::normalized_damerau_levenshtein(&entry.path, path)
                    .max(strsim::normalized_damerau_levenshtein(&entry.chain, rest))
                    .max(strsim::normalized_damerau_levenshtein(&entry.title, rest));
                let near = if below { 0.9 } else { similar };
                if other { near - 0.05 } else { near }
            }
            Subject::Notification(entry) => {
                let events = entry.events.iter();
                let upper = rest.to_ascii_uppercase();
                let events =
                    events.map(|event| strsim::normalized_damerau_levenshtein(event, &upper));
                events.fold(0.0, f64::max)
            }
            Subject::Lifecycle(entry) => strsim::normalized_damerau_levenshtein(&entry.name, rest),
        };
        let scored = self.subjects().map(|subject| (score(subject), subject));
        let mut scored: Vec<_> = scored.filter(|(score, _)| *score >= SIMILAR).collect();
        scored.sort_by(|(one, _), (other, _)| other.total_cmp(one));
        scored.into_iter().take(MOST).map(|(_, subject)| subject).collect()
    }
}

/// The failure for a name that stands for several things.
pub(crate) fn ambiguous(name: &str, candidates: &[Subject]) -> Failure {
    let more = candidates.len().saturating_sub(MOST);
    let lines: String = candidates.iter().take(MOST).map(|subject| candidate(*subject)).collect();
    let more = if more > 0 { format!("\n  … and {more} more") } else { String::new() };
    let listed: Vec<_> = candidates.iter().map(|subject| subject.json()).collect();
    Failure::new(format!("`{name}` may be any of these; name one of them:{lines}{more}"))
        .exit(Exit::Usage)
        .detail(json!({ "candidates": listed }))
}

fn candidate(subject: Subject) -> String {
    let events = match subject {
        Subject::Notification(entry) => format!(" ({})", entry.events.join(", ")),
        Subject::Operation(_) | Subject::Lifecycle(_) => String::new(),
    };
    format!("\n  {}  {}{events}", subject.name(), subject.title())
}

/// Splits `POST /v3/…` into its method, in upper case, and the rest.
pub(crate) fn split_method(name: &str) -> (Option<&'static str>, &str) {
    let Some((first, rest)) = name.split_once(char::is_whitespace) else { return (None, name) };
    match METHODS.into_iter().find(|method| method.eq_ignore_ascii_case(first)) {
        Some(method) => (Some(method), rest.trim_start()),
        None => (None, name),
    }
}

/// Whether a word is an HTTP method of WeChat Pay.
pub(crate) fn is_method(word: &str) -> bool {
    METHODS.iter().any(|method| method.eq_ignore_ascii_case(word))
}

/// Removes scheme and host of a URL.
pub(crate) fn without_host(url: &str) -> &str {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    match rest {
        Some(rest) => rest.find('/').map_or("/", |at| rest.split_at(at).1),
        None => url,
    }
}

/// Writes the chain of a person, such as `wx.v3().pay().transactions().jsapi()`, as names with dots.
fn chain(text: &str) -> String {
    let text = text.trim().replace("()", "").replace("::", ".");
    text.strip_prefix("wx.").map_or(text.clone(), str::to_owned)
}

/// Whether a dotted name means an operation. The method at the end, and the `_` around a parameter, may be left out.
fn is_chain(whole: &str, text: &str) -> bool {
    if !text.contains('.') {
        return false;
    }
    let whole: Vec<_> = whole.split('.').collect();
    let text: Vec<_> = text.split('.').collect();
    let is_same = |(one, other): (&&str, &&str)| one == other || one.trim_matches('_') == *other;
    let is_method_left_out = text.len() + 1 == whole.len();
    (text.len() == whole.len() || is_method_left_out) && whole.iter().zip(&text).all(is_same)
}

/// Compares a path with a template. Returns the values of the parameters, none of a parameter that is not filled in.
fn fit(template: &str, path: &str) -> Option<Vec<(String, String)>> {
    let mut values = Vec::new();
    let mut given = path.trim_end_matches('/').split('/');
    for segment in template.trim_end_matches('/').split('/') {
        let given = given.next()?;
        let parameter = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        match parameter {
            None if segment == given => {}
            Some(_) if given.starts_with('{') && given.ends_with('}') => {}
            Some(name) if !given.is_empty() => values.push((name.to_owned(), decoded(given))),
            _ => return None,
        }
    }
    given.next().is_none().then_some(values)
}

fn parameters(template: &str) -> usize {
    template.matches('{').count()
}

fn pairs(query: &str) -> Vec<(String, String)> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    pairs.map(|(name, value)| (decoded(name), decoded(value))).collect()
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}
