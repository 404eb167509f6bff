//! One request and its answer.

use http::StatusCode;

use super::answer;
use super::authorization;
use super::book::Operation;
use super::certificates;
use super::content::{Content, Proof};
use super::course::Course;
use super::echo::Echo;
use super::identity::Signer;
use super::inspection::{Inspection, inspect};
use super::journal::ReceivedRequest;
use super::refusal::{Location, Problem, Refusal};
use super::request::Request;
use super::route::{NoRoute, Route};
use super::state::Shared;

/// The name of the header that asks for a key (PROTOCOL §3.4).
const SERIAL: &str = "Wechatpay-Serial";

/// An answer, and who is to sign it.
pub(super) struct Exchange {
    pub(super) content: Content,
    pub(super) signer: Signer,
}

/// What became known of a request on its way.
#[derive(Default)]
struct Findings {
    /// Whether it is carried out if it is right.
    executes: bool,
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
pub(super) fn exchange(shared: &Shared, request: &Request, executes: bool) -> Exchange {
    let mut findings = Findings { executes, ..Findings::default() };
    let content = match answer(shared, request, &mut findings) {
        Ok(content) => content,
        Err(refusal) => {
            let content = Content::refusal(&refusal);
            // WeChat Pay signs an error only if the request's own signature was right.
            let unsigned = findings.verified_message.is_none();
            if unsigned { content.proof(Proof::None) } else { content }
        }
    };
    let signer = shared.state().keyring.signer(request.header(SERIAL));
    note_down(shared, request, findings, content.status);
    Exchange { content, signer }
}

fn answer(shared: &Shared, request: &Request, findings: &mut Findings) -> Result<Content, Refusal> {
    findings.verified_message = Some(authorization::verify(&shared.customer, request)?);
    match shared.routes.find(request.method.as_str(), request.path()) {
        Ok(route) => {
            let route = findings.route.insert(route).clone();
            match route.operation() {
                Some(operation) => answer_operation(shared, request, &route, operation, findings),
                None => Ok(answer::no_operation(request, &[])),
            }
        }
        Err(_) if !findings.executes => Err(not_executed()),
        Err(no_route) => answer_unknown(shared, request, no_route),
    }
}

fn answer_operation(
    shared: &Shared,
    request: &Request,
    route: &Route,
    operation: &Operation,
    findings: &mut Findings,
) -> Result<Content, Refusal> {
    let key = match request.header(SERIAL) {
        Some(id) => shared.state().keyring.find(id).cloned(),
        None => None,
    };
    let mchid = shared.customer.merchant.id();
    let Inspection { mut problems, secrets, values } =
        inspect(route, operation, request, key.as_ref(), mchid);
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
    let planned = shared.state().take_planned(request, Some(route));
    match planned {
        Some(planned) => answer::as_planned(shared, Some(route), planned),
        None => answer::by_descriptor(shared, route, operation, &echo),
    }
}

/// A test may foresee a URL that no book has; nothing but its signature is checked then.
fn answer_unknown(
    shared: &Shared,
    request: &Request,
    no_route: NoRoute,
) -> Result<Content, Refusal> {
    let planned = shared.state().take_planned(request, None);
    match (planned, no_route) {
        (Some(planned), _) => answer::as_planned(shared, None, planned),
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
        verified_message: findings.verified_message,
        status: status.as_u16(),
        executed: status.is_success(),
        secrets: findings.secrets,
    };
    shared.state().received.push(received);
}
