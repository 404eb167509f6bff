//! What must not happen: an application twice, a change of an account twice, a secret in the output. WeChat Pay remembers.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a failed expectation is a failed test"
)]

mod accounts;
mod corrections;
mod interruptions;
mod payments;
mod submissions;

use std::fs;

use clap::{CommandFactory, Parser};
use wxpay_api::sandbox::Fault;

use crate::Arguments;
use crate::harness::{ATTEMPTS, Harness, SECRETS, SUBMIT};
use crate::story::play;

const CODE: &str = "tea_house_1";
const QUERY: &str = "/v3/applyment4sub/applyment/business_code/{business_code}";
const UPLOAD: &str = "/v3/merchant/media/upload";

#[test]
fn the_arguments_are_well_formed() {
    Arguments::command().debug_assert();
    Arguments::try_parse_from(["applyments", "--folder", "a", "run", "--every", "10"]).unwrap();
}

#[tokio::test]
async fn the_story_holds() {
    play().await.unwrap();
}

/// What only tests need.
impl Harness {
    /// A program with one application that is not sent yet.
    pub(super) async fn with_an_application() -> Self {
        let harness = Self::open().await.unwrap();
        harness.prepare(CODE).unwrap();
        harness
    }

    /// Takes the application to its end, and returns the number of the new merchant.
    pub(super) async fn finish(&mut self) -> String {
        self.run_well().await;
        let application = self.at_wechat_pay(CODE).unwrap();
        application.event("approve").unwrap().event("sign").unwrap().event("open").unwrap();
        self.run_well().await;
        self.assert_state("finished").await;
        application.object().unwrap()["sub_mchid"].as_str().unwrap().to_owned()
    }

    /// Loses the next call of an operation on its way, with every retry.
    pub(super) fn lose_requests(&self, method: &str, path: &str) {
        for _ in 0..ATTEMPTS {
            let fault = Fault::CloseAfterReading.unexecuted();
            self.sandbox.inject_fault_at(method, path, fault).unwrap();
        }
    }

    /// A submission arrives that was under way for long.
    pub(super) async fn arrives_late(&self) {
        let call = self.sandbox.client().unwrap().v3().applyment4sub().applyment().post(|r| {
            r.business_code(CODE)
                .contact_info(|c| {
                    c.contact_type("LEGAL")
                        .contact_name("某某")
                        .mobile_phone("13800000000")
                        .contact_email("late@example.com")
                })
                .subject_info(|s| {
                    s.subject_type("SUBJECT_TYPE_INDIVIDUAL")
                        .identity_info(|i| i.id_doc_type("IDENTIFICATION_TYPE_IDCARD"))
                })
                .business_info(|b| {
                    b.merchant_shortname("某某茶馆")
                        .service_phone("0755-86010000")
                        .sales_info(|s| s.sales_scenes_type(["SALES_SCENES_STORE"]))
                })
                .settlement_info(|s| s.settlement_id("719"))
                .bank_account_info(|b| {
                    b.bank_account_type("BANK_ACCOUNT_TYPE_PERSONAL")
                        .account_name("某某")
                        .account_bank("工商银行")
                        .bank_address_code("440300")
                })
        });
        call.await.unwrap();
    }

    /// Lets so much time go by that nothing is under way any more.
    pub(super) async fn wait_long(&self) {
        let long_ago = "UPDATE applications SET sent_at = sent_at - 600";
        let aged = self.provider.store.transaction(|db| Ok(db.execute(long_ago, [])?)).await;
        assert!(aged.unwrap() > 0);
    }

    /// Runs, and expects that all goes well.
    pub(super) async fn run_well(&mut self) -> String {
        let (is_well, printed) = self.run().await.unwrap();
        assert!(is_well, "{printed}");
        printed
    }

    /// Runs, and expects that something does not go well.
    pub(super) async fn run_badly(&mut self) -> String {
        let (is_well, printed) = self.run().await.unwrap();
        assert!(!is_well, "{printed}");
        printed
    }

    pub(super) async fn assert_state(&self, state: &str) {
        assert_eq!(self.state(CODE).await.unwrap(), state);
    }

    /// How many submissions reached WeChat Pay, executed or not.
    pub(super) fn sent(&self) -> usize {
        self.sandbox.received().iter().filter(|it| it.target == SUBMIT).count()
    }

    /// How many submissions WeChat Pay executed.
    pub(super) fn submissions(&self) -> usize {
        self.executions("POST", SUBMIT).unwrap()
    }

    /// Neither what was printed nor what is stored has anybody's name, number or account.
    pub(super) fn assert_silent(&self) {
        let stored = fs::read(self.store_file()).unwrap();
        let wal = fs::read(self.store_file().with_extension("sqlite-wal")).unwrap_or_default();
        let kept = String::from_utf8_lossy(&[stored, wal].concat()).into_owned();
        assert!(kept.contains(CODE));
        for secret in SECRETS {
            assert!(!self.printed.contains(secret), "{}", self.printed);
            assert!(!kept.contains(secret), "{secret} is stored");
        }
    }
}
