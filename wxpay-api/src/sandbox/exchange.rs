//! One request and its answer.

use std::sync::Arc;

use http::StatusCode;

use super::account::Account;
use super::answer;
use super::authorization;
use super::bill;
use super::book::Operation;
use super::certificates;
use super::content::{Content, Proof};
use super::course::Course;
use super::echo::Echo;
use super::inspection::{Inspection, inspect};
use super::journal::ReceivedRequest;
use super::refusal::{Location, Problem, Refusal};
use super::request::Request;
use super::route::{NoRoute, Route};
use super::state::Shared;

/// The name of the header that asks for a key (docs/protocol/keys.md §3.4).
const SERIAL: &str = "Wechatpay-Serial";

/// An answer, and for whom it is signed.
pub(super) struct Exchange {
    pub(super) content: Content,
    pub(super) account: Account,
    /// The key that was asked for.
    pub(super) serial: Option<String>,
}

/// What became known of a request on its way.
#[derive(Default)]
struct Findings {
    /// Whether it is carried out if it is right.
    executes: bool,
    account: Option<Account>,
    verified_message: Option<Vec<u8>>,
    route: Option<Route>,
    secrets: Vec<(String, Vec<u8>)>,
}

/// What is to happen to a request whose body is still to be read.
pub(super) fn course(shared: &Shared, request: &Request) -> Course {
    let route = shared.routes.find(request.method.as_str(), request.path()).ok();
    shared.state().take_course(request, route.as_ref())
}

/// Checks a request, answers it and notes it down. One that is right is carried out if `executes`.
///
/// What nobody can be told for whom it is, is an affair of the first account.
pub(super) fn exchange(first: Account, request: &Request, executes: bool) -> Exchange {
    let shared = Arc::clone(&first.shared);
    let mut findings = Findings { executes, ..Findings::default() };
    let content = match answer(&shared, request, &mut findings) {
        Ok(content) => content,
        Err(refusal) => {
            let content = Content::refusal(&refusal);
            // WeChat Pay signs an error only if the request's own signature was right.
            if findings.account.is_none() { content.proof(Proof::None) } else { content }
        }
    };
    let account = findings.account.clone().unwrap_or(first);
    note_down(&shared, request, findings, content.status);
    Exchange { content, account, serial: request.header(SERIAL).map(str::to_owned) }
}

fn answer(
    shared: &Arc<Shared>,
    request: &Request,
    findings: &mut Findings,
) -> Result<Content, Refusal> {
    let (customer, message) = authorization::verify(shared, request)?;
    let account = Account { shared: Arc::clone(shared), customer };
    findings.account = Some(account.clone());
    findings.verified_message = Some(message);
    match shared.routes.find(request.method.as_str(), request.path()) {
        Ok(route) => {
            let route = findings.route.insert(route).clone();
            match route.operation() {
                Some(operation) => answer_operation(&account, request, &route, operation, findings),
                None => Ok(answer::no_operation(request, &[])),
            }
        }
        Err(_) if !findings.executes => Err(not_executed()),
        Err(_) if bill::is_link(request.path()) => answer::encrypted_bill(&account, request),
        Err(no_route) => answer_unknown(&account, request, no_route),
    }
}

fn answer_operation(
    account: &Account,
    request: &Request,
    route: &Route,
    operation: &Operation,
    findings: &mut Findings,
) -> Result<Content, Refusal> {
    let key = match request.header(SERIAL) {
        Some(id) => account.customer.keys().keyring.find(id).cloned(),
        None => None,
    };
    let Inspection { mut problems, secrets, values } =
        inspect(route, operation, request, key.as_ref(), account.customer.id());
    // Whoever asks for the first certificate has none to name.
    let may_be_unsaid = certificates::are_at(&operation.path);
    if key.is_none() && !(may_be_unsaid && request.header(SERIAL).is_none()) {
        problems.insert(0, wrong_serial(request));
    }
    let echo = Echo::new(values, &secrets);
    findings.secrets = secrets;
    if !problems.is_empty() {
        return Err(Refusal::parameters(&problems));
    }
    if !findings.executes {
        return Err(not_executed());
    }
    let planned = account.shared.state().take_planned(request, Some(route));
    match planned {
        Some(planned) => answer::as_planned(account, Some(route), planned),
        None => answer::by_descriptor(account, route, operation, &echo),
    }
}

/// A test may foresee a URL that no book has; nothing but its signature is checked then.
fn answer_unknown(
    account: &Account,
    request: &Request,
    no_route: NoRoute,
) -> Result<Content, Refusal> {
    let planned = account.shared.state().take_planned(request, None);
    match (planned, no_route) {
        (Some(planned), _) => answer::as_planned(account, None, planned),
        (None, NoRoute::UnknownUrl) => Ok(answer::no_operation(request, &[])),
        (None, NoRoute::OtherMethods(methods)) => Ok(answer::no_operation(request, &methods)),
    }
}

fn not_executed() -> Refusal {
    Refusal::system("not carried out, as the test wants it")
}

fn wrong_serial(request: &Request) -> Problem {
    let issue = match request.header(SERIAL) {
        None => "is required: the id of the WeChat Pay key you hold",
        Some(_) => "names no key that WeChat Pay has for this merchant",
    };
    Problem { field: SERIAL.to_owned(), issue: issue.to_owned(), location: Location::Header }
}

fn note_down(shared: &Shared, request: &Request, findings: Findings, status: StatusCode) {
    let operation = findings.route.as_ref().and_then(Route::operation);
    let received = ReceivedRequest {
        method: request.method.to_string(),
        target: request.target.clone(),
        headers: request.headers.clone(),
        body: request.body.clone(),
        operation: operation.map(|operation| format!("{} {}", operation.method, operation.path)),
        path_values: findings.route.map(|route| route.path_values).unwrap_or_default(),
        sender: findings.account.map(|account| account.customer.id().to_owned()),
        verified_message: findings.verified_message,
        status: status.as_u16(),
        executed: status.is_success(),
        secrets: findings.secrets,
    };
    shared.state().received.push(received);
}
