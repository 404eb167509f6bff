//! One difference as the end of a sentence, and whether it breaks callers.

use std::fmt;

use wxpay_spec::import::Line;
use wxpay_spec::model::Field;

/// What a difference means for callers, in the order of the report.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Weight {
    /// Callers have to change their code.
    Broken,
    /// Something new that callers may ignore.
    Added,
    /// Another behaviour, or code that only some callers have.
    Changed,
}

/// A difference in words.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Told {
    /// The end of a sentence.
    Sentence(Weight, Phrase),
    /// A fact of the documentation, of which only the number is reported.
    Counted(&'static str),
}

/// What a sentence says of some members: `now requires`, the members, and what follows them.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Phrase {
    pub(super) lead: String,
    pub(super) names: Vec<String>,
    pub(super) tail: String,
}

impl Phrase {
    /// A phrase about the whole subject.
    pub(super) fn whole(text: impl Into<String>) -> Self {
        Self { lead: text.into(), names: Vec::new(), tail: String::new() }
    }

    /// Adds the members of a phrase that says the same; returns whether it does.
    pub(super) fn takes_in(&mut self, other: &Self) -> bool {
        let is_same = self.lead == other.lead && self.tail == other.tail;
        for name in other.names.iter().filter(|_| is_same) {
            if !self.names.contains(name) {
                self.names.push(name.clone());
            }
        }
        is_same
    }
}

impl fmt::Display for Phrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let joint = if self.names.is_empty() { "" } else { " " };
        write!(f, "{}{joint}{}{}", self.lead, self.names.join(", "), self.tail)
    }
}

/// A difference of a field or of an operation, with the field before and after.
#[derive(Clone, Copy, Debug)]
pub(super) struct Difference<'d> {
    pub(super) line: &'d Line,
    /// The keys of the field inside its subject: `amount.total`.
    pub(super) key: &'d str,
    /// Whether callers send it to WeChat Pay.
    pub(super) is_sent: bool,
    pub(super) before: Option<&'d Field>,
    pub(super) after: Option<&'d Field>,
}

use Weight::{Added, Broken, Changed};

impl Difference<'_> {
    /// Says what it means; several things where one fact holds several.
    pub(super) fn told(self) -> Vec<Told> {
        match self.line {
            Line::Added { .. } => vec![self.added()],
            Line::Removed { .. } => vec![self.says(Broken, "no longer has", "")],
            Line::Changed { fact, before, after, .. } => self.changed(fact, before, after),
        }
    }

    fn says(self, weight: Weight, lead: impl Into<String>, tail: impl Into<String>) -> Told {
        let phrase = Phrase { lead: lead.into(), names: vec![self.name()], tail: tail.into() };
        Told::Sentence(weight, phrase)
    }

    /// The field with its title: `` `reason` (取消原因)``.
    fn name(self) -> String {
        let field = self.after.or(self.before);
        let title = field.and_then(|field| field.title.as_deref());
        let title = title.map(|title| format!(" ({title})")).unwrap_or_default();
        format!("`{}`{title}", self.key)
    }

    fn added(self) -> Told {
        match (self.is_sent, self.after.is_some_and(|field| field.optional)) {
            (true, false) => self.says(Broken, "now requires the new", ""),
            (_, true) => self.says(Added, "has the new optional", ""),
            (false, false) => self.says(Added, "has the new", ""),
        }
    }

    fn changed(self, fact: &'static str, before: &str, after: &str) -> Vec<Told> {
        let told = match fact {
            "presence" => self.presence(after),
            "type" => {
                let weight = if same_in_rust(before, after) { Changed } else { Broken };
                self.says(weight, "has", format!(" as {} instead of {}", a(after), a(before)))
            }
            "values" => return self.values(before, after),
            "rust" => self.says(Broken, "has", " under another Rust name"),
            "empty" => match after {
                "" => self.says(Changed, "no longer sends an empty", ""),
                "clears" => self.says(Changed, "sends an empty", " to clear the stored value"),
                _ => self.says(Changed, "sends an empty", " as a value"),
            },
            "superseded" if after.is_empty() => self.says(Changed, "has", " as current again"),
            "superseded" => self.says(Changed, "has", " as superseded"),
            "computed" => self.says(
                Changed,
                if after.is_empty() { "leaves to the caller" } else { "computes by itself" },
                "",
            ),
            "not_with" if after.is_empty() => {
                self.says(Changed, "takes", " beside any member of the body")
            }
            "not_with" => {
                self.says(Changed, "takes", format!(" only without `{after}` of the body"))
            }
            fact => Told::Counted(fact),
        };
        vec![told]
    }

    fn presence(self, after: &str) -> Told {
        match (self.is_sent, after) {
            (true, "required") => self.says(Broken, "now requires", ""),
            (true, _) => self.says(Changed, "no longer requires", ""),
            (false, "required") => {
                self.says(Broken, "always has", ", which is no `Option` any more")
            }
            (false, _) => self.says(Broken, "may lack", ", which is an `Option` now"),
        }
    }

    fn values(self, before: &str, after: &str) -> Vec<Told> {
        if before.is_empty() {
            return vec![self.says(Broken, "has", format!(" as an enum of {}", codes(after, "")))];
        }
        if after.is_empty() {
            return vec![self.says(Broken, "has", " as an enum no longer")];
        }
        let mut told = Vec::new();
        let new = codes(after, before);
        if !new.is_empty() {
            told.push(self.says(Added, "knows of", format!(" the new values {new}")));
        }
        let gone = codes(before, after);
        if !gone.is_empty() {
            told.push(self.says(Broken, "no longer knows of", format!(" the values {gone}")));
        }
        told
    }
}

fn sentence(weight: Weight, text: String) -> Told {
    Told::Sentence(weight, Phrase::whole(text))
}

/// The entries of a list that another list lacks.
fn codes(list: &str, lacking: &str) -> String {
    let known: Vec<&str> = lacking.split(", ").collect();
    let new = list.split(", ").filter(|entry| !known.contains(entry));
    new.map(|entry| format!("`{entry}`")).collect::<Vec<_>>().join(", ")
}

/// Whether two types are the same in Rust, where only times are other texts.
fn same_in_rust(before: &str, after: &str) -> bool {
    let rust = |ty: &str| match ty.strip_prefix("string ") {
        Some("date-time") | None => ty.to_owned(),
        Some(_) => "string".to_owned(),
    };
    rust(before) == rust(after)
}

fn a(ty: &str) -> String {
    let article = if ty.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    match ty {
        "json" => "any JSON".to_owned(),
        ty => format!("{article} {ty}"),
    }
}

/// A difference of a whole operation or notification.
pub(super) fn of_entry(fact: &'static str, before: &str, after: &str) -> Vec<Told> {
    let told = match fact {
        "host" => sentence(
            Changed,
            match after.is_empty() {
                true => "is at the usual host".to_owned(),
                false => format!("is at the host `{after}`"),
            },
        ),
        "roles" => sentence(Changed, format!("is for {}", or_nobody(after))),
        "deprecated" if before.is_empty() => {
            sentence(Changed, format!("is deprecated: {}", after.trim_end_matches('.')))
        }
        "deprecated" if after.is_empty() => sentence(Changed, "is no longer deprecated".to_owned()),
        "file" if before.is_empty() || after.is_empty() => {
            sentence(Broken, "takes another kind of body".to_owned())
        }
        "file" => sentence(Changed, format!("calls the part with the file `{after}`")),
        "response" => {
            let weight = if kind(before) == kind(after) { Changed } else { Broken };
            sentence(weight, format!("responds with {after} instead of {before}"))
        }
        "asked" if before.is_empty() => sentence(Broken, format!("now asks for {after}")),
        "asked" if after.is_empty() => sentence(Broken, "no longer asks for JSON".to_owned()),
        "asked" => sentence(Changed, format!("asks for {after} instead of {before}")),
        "repeat" => sentence(
            Changed,
            match after {
                "" => "is not retried where the outcome is unknown".to_owned(),
                "safe" => "may be retried, because it changes nothing".to_owned(),
                member => format!("may be retried, because WeChat Pay recognises `{member}`"),
            },
        ),
        "effect" => sentence(
            Changed,
            match after {
                "" => "leaves empty members out".to_owned(),
                _ => "is an update, which refuses most empty members".to_owned(),
            },
        ),
        "closure" => sentence(
            Changed,
            match after {
                "" => "takes its closure only where an input is required".to_owned(),
                _ => "takes a closure although no input is required".to_owned(),
            },
        ),
        "pages" if before.is_empty() => sentence(Added, "offers its list in pages".to_owned()),
        "pages" if after.is_empty() => {
            sentence(Broken, "no longer offers its list in pages".to_owned())
        }
        "pages" => sentence(Changed, format!("offers pages of {after} instead of {before}")),
        "events" => return events(before, after),
        fact => Told::Counted(fact),
    };
    vec![told]
}

/// The events that a notification is sent for, new ones and old ones.
fn events(before: &str, after: &str) -> Vec<Told> {
    let mut told = Vec::new();
    let (new, gone) = (codes(after, before), codes(before, after));
    if !new.is_empty() {
        told.push(sentence(Added, format!("is sent for the event {new}, too")));
    }
    if !gone.is_empty() {
        told.push(sentence(Broken, format!("is no longer sent for the event {gone}")));
    }
    told
}

fn or_nobody(roles: &str) -> String {
    if roles.is_empty() { "callers that are not known".to_owned() } else { roles.to_owned() }
}

/// A response without its statuses: JSON, nothing or a file.
fn kind(response: &str) -> &str {
    if response.ends_with(" JSON") {
        "JSON"
    } else if response.ends_with(" without a body") {
        "nothing"
    } else {
        "file"
    }
}
