//! What one sandbox is, and what changes while it runs.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::bill::Bills;
use super::identity::{Customer, Keyring};
use super::journal::ReceivedRequest;
use super::misbehaviour::Misbehaviour;
use super::planned_answer::Answer;
use super::request::Request;
use super::route::{self, Route, Routes};

/// Shared by the sandbox and its connections.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) url: String,
    pub(super) customer: Customer,
    pub(super) routes: Routes,
    state: Mutex<State>,
}

#[derive(Debug)]
pub(super) struct State {
    pub(super) keyring: Keyring,
    pub(super) bills: Bills,
    pub(super) misbehaviours: VecDeque<Misbehaviour>,
    pub(super) received: Vec<ReceivedRequest>,
    planned: Vec<Planned>,
}

#[derive(Clone, Debug)]
struct Planned {
    method: String,
    template: String,
    answer: Answer,
}

impl Shared {
    pub(super) fn new(url: String, customer: Customer, keyring: Keyring, routes: Routes) -> Self {
        let state = State {
            keyring,
            bills: Bills::default(),
            misbehaviours: VecDeque::new(),
            received: Vec::new(),
            planned: Vec::new(),
        };
        Self { url, customer, routes, state: Mutex::new(state) }
    }

    /// A task that panicked leaves nothing half done here, so that its lock is taken over.
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    pub(super) fn plan(&mut self, method: &str, template: &str, answer: Answer) {
        let (method, template) = (method.to_ascii_uppercase(), template.to_owned());
        self.planned.push(Planned { method, template, answer });
    }

    /// The answer a test asked for, the first one first.
    pub(super) fn take_planned(
        &mut self,
        request: &Request,
        route: Option<&Route>,
    ) -> Option<Answer> {
        let index = self.planned.iter().position(|planned| planned.is_for(request, route))?;
        let planned = self.planned.get_mut(index)?;
        let answer = planned.answer.clone();
        planned.answer.times = planned.answer.times.saturating_sub(1);
        if planned.answer.times == 0 {
            self.planned.remove(index);
        }
        Some(answer)
    }
}

impl Planned {
    /// An operation is meant by its template; a URL without an operation by any that fits.
    fn is_for(&self, request: &Request, route: Option<&Route>) -> bool {
        let path = request.path();
        let same_url = match route.and_then(Route::operation) {
            Some(operation) => same_url(&operation.path, &self.template) || self.template == path,
            None => route::fits(&self.template, path),
        };
        self.method == request.method.as_str() && same_url
    }
}

/// Whether two URLs as documented are the same but for the names of their parameters.
fn same_url(one: &str, other: &str) -> bool {
    let same = |(one, other): (&str, &str)| {
        one == other || (one.starts_with('{') && other.starts_with('{'))
    };
    one.split('/').count() == other.split('/').count()
        && one.split('/').zip(other.split('/')).all(same)
}
