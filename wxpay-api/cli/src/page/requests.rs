//! The requests that the sandbox received: a list that grows while it is looked at, and each in detail.

use askama::Template;
use http::HeaderValue;
use serde::Deserialize;

use super::BASE;
use super::connect::Guide;
use super::control_data::{Diagnosis, HeaderView, RequestList, RequestSummary};
use super::layout::{Layout, Section};
use super::members::excerpt;
use super::paging::PAGE;
use super::respond::{PageError, PageResult, html};
use super::signature::Comparison;
use super::visit::{Visit, encoded, url};

/// How many requests are read at once from the journal.
const WINDOW: usize = 500;
/// How many windows are looked through for a page of filtered requests.
const WINDOWS: usize = 20;
/// The most characters of a body.
const BODY: usize = 64 << 10;

#[derive(Template)]
#[template(path = "page/requests.html")]
struct RequestsPage {
    layout: Layout,
    rows: Rows,
    /// The query of the rows that come later.
    live: String,
    last: usize,
    only_refused: bool,
    search: String,
    /// The URL of earlier requests.
    older: Option<String>,
    is_first_page: bool,
    /// How to connect, as long as nothing came in.
    guide: Option<Guide>,
}

#[derive(Template)]
#[template(path = "page/request_rows.html")]
struct Rows {
    language: super::language::PageLanguage,
    requests: Vec<RequestSummary>,
}

impl Rows {
    fn say<'t>(&self, chinese: &'t str, english: &'t str) -> &'t str {
        self.language.say(chinese, english)
    }
}

#[derive(Template)]
#[template(path = "page/request.html")]
struct RequestPage {
    layout: Layout,
    request: RequestDetail,
    headers: Vec<HeaderView>,
    body: String,
    comparison: Option<Comparison>,
    next: Option<usize>,
}

#[derive(Debug, Deserialize)]
struct RequestDetail {
    #[serde(flatten)]
    summary: RequestSummary,
    #[serde(default)]
    headers: Vec<HeaderView>,
    #[serde(default)]
    body: String,
    #[serde(default)]
    secrets: Vec<String>,
    #[serde(default)]
    diagnosis: Option<Diagnosis>,
}

/// Which requests to show.
struct Filter<'a> {
    only_refused: bool,
    search: Option<&'a str>,
}

impl<'a> Filter<'a> {
    fn of(visit: &'a Visit<'_>) -> Self {
        let search = visit.queried("q").map(str::trim).filter(|text| !text.is_empty());
        Self { only_refused: visit.queried("refused").is_some(), search }
    }

    fn accepts(&self, request: &RequestSummary) -> bool {
        (!self.only_refused || request.is_refused())
            && self.search.is_none_or(|text| request.has(text))
    }

    fn pairs(&self) -> Vec<(String, String)> {
        let refused = self.only_refused.then(|| ("refused".to_owned(), "1".to_owned()));
        let search = self.search.map(|text| ("q".to_owned(), text.to_owned()));
        refused.into_iter().chain(search).collect()
    }
}

pub(super) async fn list(visit: &Visit<'_>) -> PageResult {
    let filter = Filter::of(visit);
    // The journal says its last number even if nothing is listed.
    let last = read(visit, usize::MAX, 1).await?.last;
    let before = visit.number("before", last.saturating_add(1)).min(last.saturating_add(1));
    let (requests, reached) = find_before(visit, &filter, before).await?;
    let older = (reached > 1 && !requests.is_empty()).then(|| {
        let mut pairs = filter.pairs();
        pairs.push(("before".to_owned(), reached.to_string()));
        url(&format!("{BASE}/requests"), pairs)
    });
    let guide = (last == 0).then(|| Guide::new(visit));
    let page = RequestsPage {
        layout: Layout::new(visit, Section::Requests, visit.say("请求", "Requests")).await,
        rows: Rows { language: visit.language, requests },
        live: url(&format!("{BASE}/requests/rows"), filter.pairs()),
        last,
        only_refused: filter.only_refused,
        search: filter.search.unwrap_or_default().to_owned(),
        older,
        is_first_page: before > last,
        guide,
    };
    html(visit, &page)
}

/// Returns the rows of the requests after a number, the newest first.
pub(super) async fn rows(visit: &Visit<'_>) -> PageResult {
    let filter = Filter::of(visit);
    let RequestList { requests, last } = read(visit, visit.number("after", 0), WINDOW).await?;
    // What did not fit into the window comes with the next request of the script.
    let last = requests.last().map_or(last, |newest| newest.number);
    let fitting = requests.into_iter().filter(|request| filter.accepts(request)).rev();
    let rows = Rows { language: visit.language, requests: fitting.take(PAGE).collect() };
    let mut response = html(visit, &rows)?;
    if let Ok(last) = HeaderValue::from_str(&last.to_string()) {
        response.headers_mut().insert("page-last", last);
    }
    Ok(response)
}

/// Finds a page of requests before a number, the newest first, and the number down to which it looked.
async fn find_before(
    visit: &Visit<'_>,
    filter: &Filter<'_>,
    before: usize,
) -> Result<(Vec<RequestSummary>, usize), PageError> {
    let mut found = Vec::new();
    let mut end = before;
    for _ in 0..WINDOWS {
        let after = end.saturating_sub(WINDOW + 1);
        let length = end.saturating_sub(after + 1);
        if length == 0 {
            break;
        }
        let RequestList { requests, .. } = read(visit, after, length).await?;
        let held = requests.into_iter().filter(|request| request.number < end);
        let held: Vec<_> = held.collect();
        if held.is_empty() {
            // Earlier ones have left the journal.
            return Ok((found, 0));
        }
        for request in held.into_iter().rev() {
            end = request.number;
            if filter.accepts(&request) {
                found.push(request);
            }
            if found.len() == PAGE {
                return Ok((found, end));
            }
        }
    }
    Ok((found, end))
}

async fn read(visit: &Visit<'_>, after: usize, limit: usize) -> Result<RequestList, PageError> {
    visit.get(&format!("/requests?after={after}&limit={limit}")).await
}

pub(super) async fn show(visit: &Visit<'_>, number: &str) -> PageResult {
    let mut request: RequestDetail = visit.get(&format!("/requests/{}", encoded(number))).await?;
    let last = read(visit, usize::MAX, 1).await?.last;
    let title = match visit.language {
        super::language::PageLanguage::Chinese => format!("请求 {}", request.summary.number),
        super::language::PageLanguage::English => format!("Request {}", request.summary.number),
    };
    let next = request.summary.number.checked_add(1).filter(|next| *next <= last);
    let headers = std::mem::take(&mut request.headers);
    let body = pretty(&request.body);
    let page = RequestPage {
        layout: Layout::new(visit, Section::Requests, &title).await,
        comparison: request.diagnosis.as_ref().map(Comparison::new),
        request,
        headers,
        body,
        next,
    };
    html(visit, &page)
}

/// Writes JSON in lines. Other bodies stay as they are.
fn pretty(body: &str) -> String {
    let lines = serde_json::from_str::<serde_json::Value>(body).ok();
    let lines = lines.and_then(|value| serde_json::to_string_pretty(&value).ok());
    match lines {
        Some(lines) if lines.len() <= BODY => lines,
        Some(_) | None => excerpt(body),
    }
}
