//! Everything that the sandbox remembers at one moment, as its control surface shows it.

use std::collections::BTreeMap;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use wxpay_api::sandbox::Sandbox;

#[derive(Debug, PartialEq)]
pub(super) struct Held {
    pub(super) id: u64,
    pub(super) lifecycle: String,
    pub(super) owner: String,
    pub(super) state: String,
    /// The keys that it has, the merchant's own number first.
    pub(super) keys: Vec<(String, String)>,
    pub(super) object: Value,
    pub(super) links: BTreeMap<String, u64>,
    pub(super) whole: Option<u64>,
    pub(super) events: Vec<String>,
}

#[derive(Debug, PartialEq)]
pub(super) struct Seen {
    pub(super) resources: BTreeMap<u64, Held>,
    /// The event types of all notifications, the oldest first.
    pub(super) told: Vec<String>,
}

impl Seen {
    pub(super) async fn look(sandbox: &Sandbox) -> Self {
        let (status, listed) = control(sandbox, "GET", "/resources?limit=100000", "").await;
        assert_eq!(status, 200, "{listed}");
        let resources = listed["resources"].as_array().unwrap().iter().map(Held::read);
        let told = sandbox.sent_notifications().into_iter().map(|sent| sent.event_type);
        Self { resources: resources.map(|held| (held.id, held)).collect(), told: told.collect() }
    }

    pub(super) fn of<'a>(&'a self, lifecycle: &'a str) -> impl Iterator<Item = &'a Held> {
        self.resources.values().filter(move |held| held.lifecycle == lifecycle)
    }

    /// Returns the resources of a lifecycle that have this link to a resource.
    pub(super) fn linked<'a>(
        &'a self,
        lifecycle: &'a str,
        link: &'a str,
        to: u64,
    ) -> impl Iterator<Item = &'a Held> {
        self.of(lifecycle).filter(move |held| held.links.get(link) == Some(&to))
    }

    pub(super) fn count(&self, event_type: &str) -> usize {
        self.told.iter().filter(|told| *told == event_type).count()
    }

    /// Picks one of the resources that a choice has.
    pub(super) fn pick<'a>(&'a self, lifecycles: &[&str], index: usize) -> Option<&'a Held> {
        let fitting = self.resources.values();
        let fitting: Vec<_> = fitting
            .filter(|held| lifecycles.is_empty() || lifecycles.contains(&held.lifecycle.as_str()))
            .collect();
        fitting.get(index.checked_rem(fitting.len())?).copied()
    }
}

impl Held {
    fn read(view: &Value) -> Self {
        let text = |name: &str| view[name].as_str().unwrap().to_owned();
        let keys = view["keys"].as_object().unwrap().iter();
        let links = view["links"].as_array().unwrap().iter();
        let events = view["events"].as_array().unwrap().iter();
        let mut keys: Vec<_> = keys.map(|(key, number)| (key.clone(), plain(number))).collect();
        // The object of a response has its members in the order of their names.
        keys.sort_by_key(|(key, _)| !key.starts_with("out_") && key != "combine_out_trade_no");
        Self {
            id: view["id"].as_u64().unwrap(),
            lifecycle: text("lifecycle"),
            owner: text("owner"),
            state: text("state"),
            keys,
            object: view["remembered"].clone(),
            links: links
                .map(|link| {
                    (link["name"].as_str().unwrap().to_owned(), link["id"].as_u64().unwrap())
                })
                .collect(),
            whole: view["whole"].as_u64(),
            events: events.map(|event| event["name"].as_str().unwrap().to_owned()).collect(),
        }
    }

    pub(super) fn has(&self, member: &str) -> bool {
        self.object.get(member).is_some_and(|value| !value.is_null())
    }

    pub(super) fn text(&self, member: &str) -> &str {
        self.object[member].as_str().unwrap_or_default()
    }

    /// Returns the merchant's own number, or WeChat Pay's where there is none.
    pub(super) fn number(&self) -> &str {
        self.keys.first().map_or("", |(_, number)| number)
    }
}

fn plain(number: &Value) -> String {
    number.as_str().map_or_else(|| number.to_string(), str::to_owned)
}

/// Speaks to the control surface.
pub(super) async fn control(
    sandbox: &Sandbox,
    method: &str,
    target: &str,
    body: &str,
) -> (u16, Value) {
    let host = sandbox.url().trim_start_matches("http://");
    let mut stream = TcpStream::connect(host).await.unwrap();
    let request = format!(
        "{method} /_sandbox{target} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).await.unwrap();
    let (head, body) = response.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, serde_json::from_str(body).unwrap_or_else(|_| panic!("no JSON: {body}")))
}
