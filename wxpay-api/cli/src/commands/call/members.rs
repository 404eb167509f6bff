//! The members of a request: each at the place that the descriptor gives it, with its type.

use std::path::PathBuf;
use std::time::SystemTime;

use serde_json::{Map, Value, json};
use wxpay_api::protocol::Scheme;
use wxpay_api::{Client, File};

use super::arguments::{Assignment, GivenValue, Step};
use super::typed::{self, Misfit, SetError};
use super::usage;
use crate::catalogue::model::{Field, Schema};
use crate::catalogue::{Operation, Place};
use crate::output::{Exit, Failure};

/// The members that the configuration knows.
const MERCHANTS: [&str; 2] = ["sp_mchid", "mchid"];

/// The members of a request that is being read.
#[derive(Debug)]
pub(super) struct RequestMembers {
    operation: Operation,
    members: Map<String, Value>,
    /// The body that `--data` gave, if its members are unknown.
    open_body: Value,
    file: Option<PathBuf>,
    misfits: Vec<Misfit>,
}

/// A request whose members fit the descriptor.
#[derive(Debug)]
pub(super) struct CheckedMembers {
    pub(super) operation: Operation,
    /// The members of path, query, headers, body, meta and form parts, by name.
    pub(super) members: Map<String, Value>,
    /// The body of an operation whose members are unknown.
    pub(super) open_body: Value,
    pub(super) file: Option<File>,
}

impl RequestMembers {
    pub(super) fn new(operation: Operation) -> Self {
        let (members, misfits) = (Map::new(), Vec::new());
        Self { operation, members, open_body: Value::Null, file: None, misfits }
    }

    /// Takes the values of a filled-in URL.
    pub(super) fn take_url(&mut self, values: &[(String, String)]) -> Result<(), Failure> {
        for (name, value) in values {
            let text = name.clone();
            let steps = vec![Step::Name(name.clone())];
            // A list repeats its name in a query.
            let is_list = self.field(name).is_some_and(|(_, field)| {
                matches!(self.operation.part.resolve(&field.schema), Schema::List { .. })
            });
            let steps = if is_list { [steps, vec![Step::Next]].concat() } else { steps };
            let value = GivenValue::Text(value.clone());
            self.take(&Assignment { text, steps, value })?;
        }
        Ok(())
    }

    /// Takes the members of `--data`.
    pub(super) fn take_data(&mut self, data: Option<Map<String, Value>>) -> Result<(), Failure> {
        let Some(data) = data else { return Ok(()) };
        if self.has_open_body() {
            self.open_body = Value::Object(data);
            return Ok(());
        }
        for (name, value) in data {
            self.refuse_unknown(&name);
            self.members.insert(name, value);
        }
        Ok(())
    }

    pub(super) fn take_assignments(&mut self, assignments: &[Assignment]) -> Result<(), Failure> {
        assignments.iter().try_for_each(|assignment| self.take(assignment))
    }

    fn take(&mut self, assignment: &Assignment) -> Result<(), Failure> {
        let Assignment { text, steps, value } = assignment;
        let Some((Step::Name(name), rest)) = steps.split_first() else { return Ok(()) };
        if self.operation.facts.upload.as_ref().is_some_and(|upload| upload.file == *name) {
            let GivenValue::File(file) = value else {
                return Err(usage(format!("`{name}` is a file: write `{name}=@FILE`")));
            };
            self.file = Some(file.clone());
            return Ok(());
        }
        let part = self.operation.part;
        let set = match self.field(name) {
            Some((_, field)) => {
                let slot = self.members.entry(name.as_str()).or_insert(Value::Null);
                typed::set(part, &field.schema, slot, name, rest, value)
            }
            None if self.has_open_body() => {
                typed::set(part, &Schema::Json, &mut self.open_body, "", steps, value)
            }
            None => {
                self.refuse_unknown(name);
                return Ok(());
            }
        };
        match set {
            Ok(()) => Ok(()),
            Err(SetError::Misfit(misfit)) => {
                let problem = misfit.problem;
                self.misfits.push(Misfit { path: text.clone(), problem });
                Ok(())
            }
            Err(SetError::Failure(failure)) => Err(failure),
        }
    }

    fn has_open_body(&self) -> bool {
        let Operation { facts, part } = self.operation;
        facts.body.as_ref().is_some_and(|body| matches!(part.resolve(body), Schema::Json))
    }

    fn field(&self, name: &str) -> Option<(Place, &'static Field)> {
        self.operation.members().find(|(_, field)| field.name == name)
    }

    fn refuse_unknown(&mut self, name: &str) {
        match self.field(name) {
            Some((_, field)) if field.computed.is_some() || field.constant.is_some() => {
                let problem = "it is computed; leave it out".to_owned();
                self.misfits.push(Misfit { path: name.to_owned(), problem });
            }
            Some(_) => {}
            None => {
                let upload = self.operation.facts.upload.iter();
                let known = self.operation.members().map(|(_, field)| field.name.as_str());
                let known: Vec<_> =
                    known.chain(upload.map(|upload| upload.file.as_str())).collect();
                let problem = typed::unknown(name, known.iter().copied());
                self.misfits.push(Misfit { path: name.to_owned(), problem });
            }
        }
    }

    /// Fills in the merchant's own id where it is required and was left out. Returns what was filled in.
    pub(super) fn fill_merchant(&mut self, client: &Client) -> Vec<(&'static str, String)> {
        let is_brand = matches!(client.merchant().scheme(), Scheme::Brand);
        if is_brand {
            return Vec::new();
        }
        let id = client.id();
        let wanted = MERCHANTS.into_iter().find(|name| {
            let field = self.field(name);
            field.is_some_and(|(place, field)| field.required && place != Place::Path)
        });
        match wanted {
            Some(name) if !self.members.contains_key(name) => {
                self.members.insert(name.to_owned(), json!(id));
                vec![(name, id.to_owned())]
            }
            _ => Vec::new(),
        }
    }

    /// Compares all members with the descriptor, and reads the file.
    pub(super) async fn checked(self) -> Result<CheckedMembers, Failure> {
        let Self { operation, mut members, open_body, file, mut misfits } = self;
        for (_, field) in operation.members() {
            let is_computed = field.computed.is_some() || field.constant.is_some();
            match members.get_mut(&field.name) {
                Some(_) if is_computed => {
                    let problem = "it is computed; leave it out".to_owned();
                    misfits.push(Misfit { path: field.name.clone(), problem });
                }
                Some(value) => {
                    typed::check(operation.part, &field.schema, value, &field.name, &mut misfits);
                }
                None if field.required && !is_computed => {
                    misfits.push(typed::missing(operation.part, field, &field.name));
                }
                None => {}
            }
        }
        let upload = operation.facts.upload.as_ref();
        if let Some(upload) = upload
            && file.is_none()
        {
            let problem = format!("required, a file: write `{}=@FILE`", upload.file);
            misfits.push(Misfit { path: upload.file.clone(), problem });
        }
        let mut seen = Vec::new();
        misfits.retain(|misfit| {
            let is_new = !seen.contains(misfit);
            seen.push(misfit.clone());
            is_new
        });
        if !misfits.is_empty() {
            return Err(refused(operation, &misfits));
        }
        let file = match file {
            Some(path) => Some(File::open(&path).await.map_err(|error| {
                Failure::caused(format!("{} cannot be read", path.display()), error)
            })?),
            None => None,
        };
        Ok(CheckedMembers { operation, members, open_body, file })
    }
}

/// The failure for members that do not fit. Nothing was sent.
fn refused(operation: Operation, misfits: &[Misfit]) -> Failure {
    let name = operation.name();
    let lines = misfits.iter().map(|misfit| format!("\n  {}: {}", misfit.path, misfit.problem));
    let lines: String = lines.collect();
    let message = format!(
        "nothing was sent, the members do not fit {name}:{lines}\nsee `wxpay show '{name}'`"
    );
    let listed =
        misfits.iter().map(|misfit| json!({ "path": misfit.path, "problem": misfit.problem }));
    let listed: Vec<_> = listed.collect();
    Failure::new(message)
        .exit(Exit::Usage)
        .detail(json!({ "operation": name, "outcome": "not-sent", "members": listed }))
}

impl CheckedMembers {
    /// Encrypts each line of the file with the key of a client.
    pub(super) fn encrypt_lines(&mut self, client: &Client) -> Result<(), Failure> {
        let Some(file) = &self.file else {
            return Err(usage("`--encrypt-lines` is for uploads; this operation has no file"));
        };
        let text = std::str::from_utf8(file.content())
            .map_err(|error| Failure::caused(format!("{} is not text", file.name()), error))?;
        let keys = client.keys();
        let key = keys.encryption_key(SystemTime::now())?;
        let encrypted = File::encrypted_lines(file.name(), text.lines(), &key)?;
        self.file = Some(encrypted);
        Ok(())
    }

    /// Returns the members that were given, with their places.
    pub(super) fn given(&self) -> impl Iterator<Item = (Place, &'static Field, &Value)> {
        self.operation.members().filter_map(|(place, field)| {
            // Of two members with one value, the body's is sent.
            let value = self.members.get(&field.name).filter(|_| field.not_with.is_none())?;
            Some((place, field, value))
        })
    }
}
