//! What one sandbox is, and what changes while it runs.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::SandboxError;
use super::bill::Bills;
use super::course::Course;
use super::customer::Customer;
use super::fault::Fault;
use super::journal::ReceivedRequest;
use super::planned_answer::PlannedResponse;
use super::request::Request;
use super::route::{Route, Routes};
use super::target::Target;

/// Shared by the sandbox and its connections.
pub(super) struct Shared {
    pub(super) url: String,
    pub(super) routes: Routes,
    state: Mutex<State>,
}

pub(super) struct State {
    /// By merchant number or brand id.
    customers: BTreeMap<String, Arc<Customer>>,
    pub(super) bills: Bills,
    pub(super) received: Vec<ReceivedRequest>,
    /// Without a target, for any request.
    faults: Vec<(Option<Target>, Fault)>,
    planned: Vec<(Target, PlannedResponse)>,
}

impl Shared {
    pub(super) fn new(url: String, routes: Routes) -> Self {
        let state = State {
            customers: BTreeMap::new(),
            bills: Bills::default(),
            received: Vec::new(),
            faults: Vec::new(),
            planned: Vec::new(),
        };
        Self { url, routes, state: Mutex::new(state) }
    }

    /// A task that panicked leaves nothing half done here, so that its lock is taken over.
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    pub(super) fn customer(&self, id: &str) -> Option<Arc<Customer>> {
        self.customers.get(id).cloned()
    }

    pub(super) fn open(&mut self, customer: Arc<Customer>) -> Result<(), SandboxError> {
        let id = customer.id().to_owned();
        if self.customers.contains_key(&id) {
            return Err(SandboxError::AccountExists { id });
        }
        self.customers.insert(id, customer);
        Ok(())
    }

    pub(super) fn plan(&mut self, target: Target, answer: PlannedResponse) {
        self.planned.push((target, answer));
    }

    pub(super) fn inject_fault(&mut self, target: Option<Target>, fault: Fault) {
        self.faults.push((target, fault));
    }

    /// What a test wants to happen to a request, what it asked for first going first.
    pub(super) fn take_course(&mut self, request: &Request, route: Option<&Route>) -> Course {
        let mut faults = self.faults.iter();
        let meant = faults.position(|(target, _)| {
            target.as_ref().is_none_or(|target| target.is_of(request, route))
        });
        meant.map_or_else(Course::default, |index| Course::new(self.faults.remove(index).1))
    }

    /// The answer a test asked for, the first one first.
    pub(super) fn take_planned(
        &mut self,
        request: &Request,
        route: Option<&Route>,
    ) -> Option<PlannedResponse> {
        let index = self.planned.iter().position(|(target, _)| target.is_of(request, route))?;
        let (_, planned) = self.planned.get_mut(index)?;
        let answer = planned.clone();
        planned.times = planned.times.saturating_sub(1);
        if planned.times == 0 {
            self.planned.remove(index);
        }
        Some(answer)
    }
}
