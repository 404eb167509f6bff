//! Orders, refunds and everything else that the sandbox remembers, in a list.

use askama::Template;
use http::Method;
use serde_json::{Map, Value, json};

use super::BASE;
use super::amount::{of_object, time, yuan};
use super::control_data::{Lifecycle, Resource, ResourceList, State};
use super::kinds::{Kinds, cause_name, lifecycle_name};
use super::language::PageLanguage;
use super::layout::{Layout, Section};
use super::paging::{PAGE, Paging};
use super::respond::{PageError, PageResult, html, page_url, redirect, see_other};
use super::visit::{Visit, encoded, url};

/// A resource in a list.
#[derive(Debug)]
pub(super) struct ResourceRow {
    pub(super) url: String,
    pub(super) id: u64,
    pub(super) number: String,
    pub(super) kind: String,
    pub(super) state: String,
    pub(super) state_title: String,
    pub(super) amount: Option<String>,
    pub(super) created: String,
}

/// A way to create a resource from outside, such as a complaint of the user.
#[derive(Debug)]
struct Creation {
    lifecycle: String,
    event: String,
    name: String,
    inputs: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "page/resources.html")]
struct ResourcesPage {
    layout: Layout,
    rows: Rows,
    /// The URL of the rows as they are later.
    live: String,
    lifecycles: Vec<(String, String)>,
    lifecycle: String,
    states: Vec<State>,
    state: String,
    number: String,
    paging: Paging,
    creations: Vec<Creation>,
}

#[derive(Template)]
#[template(path = "page/resource_rows.html")]
struct Rows {
    language: PageLanguage,
    rows: Vec<ResourceRow>,
    is_filtered: bool,
}

impl Rows {
    fn say<'t>(&self, chinese: &'t str, english: &'t str) -> &'t str {
        self.language.say(chinese, english)
    }
}

impl ResourceRow {
    pub(super) fn new(language: PageLanguage, resource: &Resource) -> Self {
        Self {
            url: format!("{BASE}/resources/{}", resource.id),
            id: resource.id,
            number: resource.number().to_owned(),
            kind: lifecycle_name(language, &resource.lifecycle, &resource.title),
            state: resource.state.clone(),
            state_title: resource.state_title.clone(),
            amount: of_object(&resource.object).map(yuan),
            created: time(&resource.created),
        }
    }
}

pub(super) async fn list(visit: &Visit<'_>) -> PageResult {
    let kinds = Kinds::read(visit).await?;
    let lifecycles = kinds.all();
    let (rows, total) = read(visit).await?;
    let chosen = lifecycles.iter().find(|it| Some(it.name.as_str()) == visit.queried("lifecycle"));
    let queried = |name: &str| visit.queried(name).unwrap_or_default().to_owned();
    let name = |it: &Lifecycle| lifecycle_name(visit.language, &it.name, &it.title);
    let path = format!("{BASE}/resources");
    let query: Vec<_> = visit.query.iter().filter(|(name, _)| name != "done").cloned().collect();
    let page = ResourcesPage {
        layout: Layout::new(
            visit,
            Section::Resources,
            visit.say("订单与业务单", "Orders and more"),
        )
        .await,
        rows,
        live: url(&format!("{path}/rows"), query.clone()),
        lifecycle: queried("lifecycle"),
        states: chosen.map(|it| it.states.clone()).unwrap_or_default(),
        state: queried("state"),
        number: queried("number"),
        paging: Paging::new(&path, &query, visit.number("skip", 0), total),
        creations: creations(visit, lifecycles),
        lifecycles: lifecycles.iter().map(|it| (it.name.clone(), name(it))).collect(),
    };
    html(visit, &page)
}

pub(super) async fn rows(visit: &Visit<'_>) -> PageResult {
    let (rows, _) = read(visit).await?;
    html(visit, &rows)
}

async fn read(visit: &Visit<'_>) -> Result<(Rows, usize), PageError> {
    let names = ["lifecycle", "state", "number"];
    let given = names.into_iter().filter_map(|name| Some((name, visit.queried(name)?.trim())));
    let given: Vec<_> = given.map(|(name, value)| (name, value.to_owned())).collect();
    let is_filtered = !given.is_empty();
    let window = [("skip", visit.number("skip", 0)), ("limit", PAGE)];
    let window = window.map(|(name, number)| (name, number.to_string()));
    let pairs: Vec<_> = given.into_iter().chain(window).collect();
    let ResourceList { resources, total } = visit.get(&url("/resources", pairs)).await?;
    let rows = resources.iter().map(|it| ResourceRow::new(visit.language, it)).collect();
    Ok((Rows { language: visit.language, rows, is_filtered }, total))
}

/// Leads to the resource with a number; to the list if there is not exactly one.
pub(super) async fn find(visit: &Visit<'_>) -> PageResult {
    let number = visit.queried("number").map(str::trim).unwrap_or_default();
    let path = url("/resources", [("number", number), ("limit", "2")]);
    let ResourceList { resources, .. } = visit.get(&path).await?;
    match resources.as_slice() {
        [only] if !number.is_empty() => redirect(&format!("{BASE}/resources/{}", only.id)),
        _ => redirect(&page_url("/resources", &[("number", number)])),
    }
}

/// Returns what outsiders can create.
fn creations(visit: &Visit<'_>, lifecycles: &[Lifecycle]) -> Vec<Creation> {
    let all = lifecycles.iter().flat_map(|lifecycle| {
        let events = lifecycle.events.iter().filter(|event| event.creates);
        events.map(move |event| (lifecycle, event))
    });
    let creation = |(lifecycle, event): (&Lifecycle, &super::control_data::Event)| Creation {
        lifecycle: lifecycle.name.clone(),
        event: event.name.clone(),
        name: cause_name(visit.language, &event.name, &event.title),
        inputs: event
            .inputs
            .iter()
            .map(|(name, usual)| (name.clone(), usual_text(usual)))
            .collect(),
    };
    all.map(creation).collect()
}

/// Writes the usual value of an input into a field.
pub(super) fn usual_text(usual: &Value) -> String {
    match usual {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Reads the inputs of an event that differ from the usual ones.
pub(super) fn inputs(visit: &Visit<'_>, event: &super::control_data::Event) -> Value {
    let mut inputs = Map::new();
    for (name, usual) in &event.inputs {
        let Some(text) = visit.field(&format!("input.{name}")) else { continue };
        if text == usual_text(usual) {
            continue;
        }
        // A number stays a text where a text is usual: order numbers are texts.
        let is_text = usual.is_string() || (usual.is_null() && !text.starts_with(['[', '{']));
        let value = match (is_text, serde_json::from_str(text)) {
            (false, Ok(value)) => value,
            _ => Value::from(text),
        };
        inputs.insert(name.clone(), value);
    }
    Value::Object(inputs)
}

/// Creates a resource by an event of an outsider.
pub(super) async fn create(visit: &Visit<'_>) -> PageResult {
    let (lifecycle, event) = (visit.required("lifecycle")?, visit.required("event")?);
    let kinds = Kinds::read(visit).await?;
    let found = kinds.lifecycle(lifecycle);
    let found = found.and_then(|it| it.events.iter().find(|it| it.name == event));
    let found = found.ok_or_else(|| PageError::not_found(visit))?;
    let body = json!({ "lifecycle": lifecycle, "event": event, "inputs": inputs(visit, found) });
    let created = visit.change(Method::POST, "/resources", &body).await?;
    let id = created.get("id").map(Value::to_string).unwrap_or_default();
    see_other(&format!("{BASE}/resources/{}", encoded(&id)), "created")
}
