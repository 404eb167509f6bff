//! One resource: its members, its state in the diagram, what can happen next, and what belongs to it.

use askama::Template;
use http::Method;
use serde_json::{Value, json};

use super::BASE;
use super::amount::{of_object, time, yuan};
use super::control_data::{Event, NotificationList, Resource, ResourceList};
use super::diagram::Diagram;
use super::kinds::{Kinds, cause_name, lifecycle_name};
use super::language::PageLanguage;
use super::layout::{Layout, Section};
use super::members::{Member, members};
use super::notifications::NotificationRow;
use super::paging::PAGE;
use super::resources::{ResourceRow, inputs, usual_text};
use super::respond::{PageError, PageResult, html, see_other};
use super::visit::{Visit, url};

/// An event that can happen now.
#[derive(Debug)]
struct Possible {
    name: String,
    label: String,
    inputs: Vec<(String, String)>,
}

/// Another resource that this one belongs to, or consists of.
#[derive(Debug)]
struct Relative {
    relation: String,
    url: String,
    number: String,
    kind: String,
}

/// What changes while the page is looked at.
#[derive(Template)]
#[template(path = "page/resource_live.html")]
struct Live {
    language: PageLanguage,
    id: u64,
    state: String,
    state_title: String,
    entered: String,
    events: Vec<Possible>,
    pay_url: Option<String>,
    diagram: Option<Diagram>,
    members: Vec<Member>,
    has_more: bool,
    relatives: Vec<Relative>,
    belongings: Vec<ResourceRow>,
    more_belongings: bool,
    notifications: Vec<NotificationRow>,
}

impl Live {
    fn say<'t>(&self, chinese: &'t str, english: &'t str) -> &'t str {
        self.language.say(chinese, english)
    }
}

#[derive(Template)]
#[template(path = "page/resource.html")]
struct ResourcePage {
    layout: Layout,
    live: Live,
    number: String,
    kind: String,
    lifecycle: String,
    owner: String,
    created: String,
    amount: Option<(String, i64)>,
}

pub(super) async fn show(visit: &Visit<'_>, id: &str) -> PageResult {
    let id = id_of(visit, id)?;
    let resource = read(visit, id).await?;
    let kind = lifecycle_name(visit.language, &resource.lifecycle, &resource.title);
    let title = format!("{kind} {}", resource.number());
    let page = ResourcePage {
        layout: Layout::new(visit, Section::Resources, &title).await,
        number: resource.number().to_owned(),
        kind,
        lifecycle: resource.lifecycle.clone(),
        owner: resource.owner.clone(),
        created: time(&resource.created),
        amount: of_object(&resource.object).map(|fen| (yuan(fen), fen)),
        live: Live::read(visit, resource).await?,
    };
    html(visit, &page)
}

/// Returns what changes while the page is looked at.
pub(super) async fn live(visit: &Visit<'_>, id: &str) -> PageResult {
    let resource = read(visit, id_of(visit, id)?).await?;
    html(visit, &Live::read(visit, resource).await?)
}

/// Fires an event.
pub(super) async fn fire(visit: &Visit<'_>, id: &str) -> PageResult {
    let id = id_of(visit, id)?;
    let name = visit.required("event")?;
    let resource = read(visit, id).await?;
    let usual = Event { name: name.to_owned(), ..Event::default() };
    // The control surface refuses events that cannot happen, and says which can.
    let event = resource.events.iter().find(|event| event.name == name).unwrap_or(&usual);
    let body = json!({ "event": name, "inputs": inputs(visit, event) });
    visit.change(Method::POST, &format!("/resources/@{id}/events"), &body).await?;
    see_other(&format!("{BASE}/resources/{id}"), "event")
}

fn id_of(visit: &Visit<'_>, text: &str) -> Result<u64, PageError> {
    text.parse().map_err(|_| PageError::not_found(visit))
}

async fn read(visit: &Visit<'_>, id: u64) -> Result<Resource, PageError> {
    visit.get(&format!("/resources/@{id}")).await
}

impl Live {
    async fn read(visit: &Visit<'_>, resource: Resource) -> Result<Self, PageError> {
        let language = visit.language;
        let id = resource.id;
        let kinds = Kinds::read(visit).await?;
        let lifecycle = kinds.lifecycle(&resource.lifecycle);
        let limit = PAGE.to_string();
        let of = url("/resources", [("of", format!("@{id}")), ("limit", limit)]);
        let ResourceList { resources, total } = visit.get(&of).await?;
        let sent: NotificationList =
            visit.get(&format!("/notifications?resource=@{id}&limit={PAGE}")).await?;
        let newest = sent.notifications.iter().rev();
        let (members, has_more) = members(&resource.object);
        Ok(Self {
            language,
            id,
            state: resource.state.clone(),
            state_title: resource.state_title.clone(),
            entered: time(&resource.entered),
            events: resource.events.iter().map(|event| Possible::new(language, event)).collect(),
            pay_url: pay_url(language, &resource),
            diagram: lifecycle.map(|it| Diagram::new(language, it, &resource.state)),
            members,
            has_more,
            relatives: relatives(visit, &kinds, &resource, &resources).await,
            more_belongings: total > resources.len(),
            belongings: resources.iter().map(|it| ResourceRow::new(language, it)).collect(),
            notifications: newest.map(|it| NotificationRow::new(language, it)).collect(),
        })
    }
}

impl Possible {
    fn new(language: PageLanguage, event: &Event) -> Self {
        let inputs = event.inputs.iter().map(|(name, usual)| (name.clone(), usual_text(usual)));
        Self {
            name: event.name.clone(),
            label: cause_name(language, &event.name, &event.title),
            inputs: inputs.collect(),
        }
    }
}

/// Returns the page on which the user pays an order.
fn pay_url(language: PageLanguage, resource: &Resource) -> Option<String> {
    let is_payable = resource.events.iter().any(|event| event.name == "pay");
    if !is_payable {
        return None;
    }
    let member = |name: &str| resource.remembered.get(name).and_then(Value::as_str);
    let lang = ("lang", language.code());
    match trade_type(resource)? {
        "NATIVE" => Some(url("/_sandbox/pay", [("code_url", member("code_url")?), lang])),
        "MWEB" => {
            let (_, query) = member("h5_url")?.split_once('?')?;
            let pairs = form_urlencoded::parse(query.as_bytes()).into_owned();
            let lang = (lang.0.to_owned(), lang.1.to_owned());
            Some(url("/_sandbox/pay", pairs.chain([lang]).collect::<Vec<(String, String)>>()))
        }
        _ => None,
    }
}

fn trade_type(resource: &Resource) -> Option<&str> {
    resource.remembered.get("trade_type").and_then(Value::as_str)
}

/// Lists what the resource belongs to, and its parts.
async fn relatives(
    visit: &Visit<'_>,
    kinds: &Kinds,
    resource: &Resource,
    belongings: &[Resource],
) -> Vec<Relative> {
    let mut relatives = Vec::new();
    for link in &resource.links {
        relatives.push(Relative {
            relation: link.name.clone(),
            url: format!("{BASE}/resources/{}", link.id),
            number: link.number.clone(),
            kind: kinds.name(&link.lifecycle),
        });
    }
    let whole = resource.whole.map(|id| (visit.say("整单", "whole"), id));
    let parts = resource.parts.iter().map(|id| (visit.say("子单", "part"), *id)).take(PAGE);
    for (relation, id) in whole.into_iter().chain(parts) {
        let listed = relatives.iter().any(|it| it.url.ends_with(&format!("/{id}")));
        if listed || belongings.iter().any(|it| it.id == id) {
            continue;
        }
        // The other one may be forgotten by now.
        if let Ok(other) = read(visit, id).await {
            relatives.push(Relative {
                relation: relation.to_owned(),
                url: format!("{BASE}/resources/{id}"),
                number: other.number().to_owned(),
                kind: kinds.name(&other.lifecycle),
            });
        }
    }
    relatives
}
