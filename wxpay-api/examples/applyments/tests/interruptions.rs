//! Runs that are killed, and responses and requests that are lost: the next run goes on, and nothing is submitted twice.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::sleep;
use wxpay_api::sandbox::Fault;

use super::{CODE, QUERY, UPLOAD};
use crate::commands::{Command, execute};
use crate::harness::{ATTEMPTS, Harness, SUBMIT};

/// One query, five uploads and a submission.
const REQUESTS: usize = 7;

impl Harness {
    /// Starts a run that is killed while it waits for the response to its request of this number.
    async fn killed_at(&mut self, request: usize) {
        for _ in 1..request {
            self.sandbox.inject_fault(Fault::Delay(Duration::ZERO));
        }
        self.sandbox.inject_fault(Fault::Delay(Duration::from_secs(3600)));
        let provider = self.provider.clone();
        let run = tokio::spawn(async move {
            let (_running, mut stop) = watch::channel(false);
            let every = Command::Run { every: None };
            execute(&provider, every, &mut stop, &mut std::io::sink()).await.is_ok()
        });
        while self.sandbox.received().len() < request {
            assert!(!run.is_finished(), "the run has ended before request {request}");
            sleep(Duration::from_millis(2)).await;
        }
        run.abort();
        assert!(run.await.unwrap_err().is_cancelled());
        self.restart().unwrap();
    }
}

#[tokio::test]
async fn a_killed_run_goes_on_where_it_was() {
    for request in 1..=REQUESTS {
        let mut harness = Harness::with_an_application().await;
        harness.killed_at(request).await;
        harness.run_well().await;
        harness.assert_state("auditing").await;
        let resources = harness.sandbox.resources("applyment4sub/applyment").unwrap();
        assert_eq!((harness.sent(), resources.len()), (1, 1), "killed at {request}");
        // At most the picture whose number was not stored yet was uploaded twice.
        let killed_in_an_upload = (2..=6).contains(&request);
        let uploads = harness.executions("POST", UPLOAD).unwrap();
        assert_eq!(uploads, 5 + usize::from(killed_in_an_upload), "killed at {request}");
    }
}

#[tokio::test]
async fn a_run_that_is_killed_again_and_again_comes_to_an_end() {
    let mut harness = Harness::with_an_application().await;
    for _ in 0..3 {
        let received = harness.sandbox.received().len();
        let task = harness.provider.clone();
        harness.sandbox.inject_fault_at("POST", UPLOAD, Fault::Delay(Duration::ZERO)).unwrap();
        harness
            .sandbox
            .inject_fault_at("POST", UPLOAD, Fault::Delay(Duration::from_secs(3600)))
            .unwrap();
        let run = tokio::spawn(async move { crate::submission::advance(&task, CODE).await });
        let uploads = harness.executions("POST", UPLOAD).unwrap();
        while harness.executions("POST", UPLOAD).unwrap() < uploads + 2 {
            sleep(Duration::from_millis(2)).await;
        }
        run.abort();
        assert!(run.await.unwrap_err().is_cancelled());
        assert!(harness.sandbox.received().len() > received);
        harness.restart().unwrap();
    }
    harness.run_well().await;
    harness.assert_state("auditing").await;
    // Each run stored one upload more than the one before.
    assert_eq!((harness.sent(), harness.executions("POST", UPLOAD).unwrap()), (1, 8));
}

#[tokio::test]
async fn a_run_that_is_stopped_ends_after_its_step() {
    let mut harness = Harness::with_an_application().await;
    harness.prepare("zebra_bar_2").unwrap();
    let (stopper, mut stop) = watch::channel(false);
    let delay = Fault::Delay(Duration::from_millis(200));
    harness.sandbox.inject_fault_at("POST", SUBMIT, delay).unwrap();
    let provider = harness.provider.clone();
    let run = tokio::spawn(async move {
        let every = Command::Run { every: Some(10) };
        execute(&provider, every, &mut stop, &mut std::io::sink()).await.unwrap()
    });
    while harness.submissions() == 0 {
        sleep(Duration::from_millis(2)).await;
    }
    stopper.send(true).unwrap();
    assert!(run.await.unwrap());
    harness.assert_state("auditing").await;
    assert_eq!(harness.state("zebra_bar_2").await.unwrap(), "");
    harness.run_well().await;
    assert_eq!(harness.state("zebra_bar_2").await.unwrap(), "auditing");
}

#[tokio::test]
async fn a_lost_response_is_queried() {
    let mut harness = Harness::with_an_application().await;
    harness.lose_responses("POST", SUBMIT).unwrap();
    harness.run_well().await;
    harness.assert_state("auditing").await;
    assert_eq!((harness.submissions(), harness.executions("GET", QUERY).unwrap()), (1, 1));
    assert_eq!(harness.sent(), ATTEMPTS as usize);
}

#[tokio::test]
async fn an_unknown_outcome_is_settled_by_the_next_run() {
    let mut harness = Harness::with_an_application().await;
    // The first query finds nothing, the submission has no response, and the second query neither.
    harness.sandbox.inject_fault_at("GET", QUERY, Fault::Delay(Duration::ZERO)).unwrap();
    harness.lose_responses("POST", SUBMIT).unwrap();
    harness.lose_responses("GET", QUERY).unwrap();
    let printed = harness.run_badly().await;
    assert!(printed.contains(&format!("the submission of {CODE}: the outcome is unknown")));
    assert!(printed.contains("unknown: the next run asks WeChat Pay"), "{printed}");
    harness.assert_state("submitting").await;
    harness.restart().unwrap();
    harness.run_well().await;
    harness.assert_state("auditing").await;
    assert_eq!((harness.submissions(), harness.sent()), (1, ATTEMPTS as usize));
    harness.assert_silent();
}

#[tokio::test]
async fn a_lost_request_is_sent_again_under_the_same_number() {
    let mut harness = Harness::with_an_application().await;
    harness.lose_requests("POST", SUBMIT);
    let printed = harness.run_badly().await;
    assert!(printed.contains("the outcome is unknown"), "{printed}");
    // WeChat Pay does not know it, and it may still be on its way.
    assert_eq!(harness.sent(), ATTEMPTS as usize);
    harness.run_well().await;
    harness.assert_state("submitting").await;
    assert_eq!(harness.sent(), ATTEMPTS as usize);

    harness.wait_long().await;
    harness.run_well().await;
    harness.assert_state("auditing").await;
    assert_eq!((harness.submissions(), harness.executions("POST", UPLOAD).unwrap()), (1, 5));
}

#[tokio::test]
async fn a_submission_that_arrives_late_is_no_second_one() {
    let mut harness = Harness::with_an_application().await;
    harness.lose_requests("POST", SUBMIT);
    harness.run_badly().await;
    harness.arrives_late().await;
    harness.wait_long().await;
    harness.run_well().await;
    harness.assert_state("auditing").await;
    assert_eq!((harness.submissions(), harness.sent()), (1, 1 + ATTEMPTS as usize));
}

#[tokio::test]
async fn without_a_network_nothing_is_sent_and_nothing_changes() {
    let mut harness = Harness::with_an_application().await;
    let online = harness.provider.wx.clone();
    let offline = harness.sandbox.client_builder().base_url(harness.sandbox.dead_url());
    harness.provider.wx = offline.retries(wxpay_api::Retries::none()).build().unwrap();
    let printed = harness.run_badly().await;
    assert!(printed.contains("nothing was sent"), "{printed}");
    harness.assert_state("").await;
    harness.provider.wx = online;
    harness.run_well().await;
    harness.assert_state("auditing").await;
}
