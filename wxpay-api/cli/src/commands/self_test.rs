//! Says whether the keys work, and what to do if not.

use clap::Args;
use serde_json::{Value, json};
use wxpay_api::{Check, CheckOutcome};

use crate::output::{Failure, Output, style};
use crate::target::TargetArguments;

/// Says whether the keys work, and what to do if not.
///
/// It signs, verifies, encrypts and decrypts with the configured keys, and compares the clocks. No money moves: WeChat Pay
/// only returns what it received. The program ends with 0 if no check failed, else with 1.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  wxpay self-test
  wxpay self-test --live --config wxpay.yaml
  wxpay self-test --json")]
pub(crate) struct SelfTestArguments {
    #[command(flatten)]
    target: TargetArguments,
}

pub(crate) async fn run(arguments: SelfTestArguments, output: &mut Output) -> Result<(), Failure> {
    let report = arguments.target.client()?.self_test().await;
    for check in report.checks() {
        let style = match check.outcome {
            CheckOutcome::Passed => style::GOOD,
            CheckOutcome::Failed => style::BAD,
            CheckOutcome::Warned => style::WARNING,
            _ => style::FAINT,
        };
        let outcome = outcome(check);
        let Check { name, explanation, .. } = check;
        output.line(format_args!("{style}{outcome:<7}{style:#} {name}: {explanation}"))?;
    }
    let checks: Vec<Value> = report.checks().iter().map(view).collect();
    output.value(&json!({ "ok": report.is_ok(), "checks": checks }))?;
    match report.is_ok() {
        true => Ok(()),
        false => Err(Failure::new("the keys do not work; the failed checks say what to do")),
    }
}

fn outcome(check: &Check) -> &'static str {
    match check.outcome {
        CheckOutcome::Passed => "ok",
        CheckOutcome::Failed => "failed",
        CheckOutcome::Warned => "warning",
        _ => "skipped",
    }
}

fn view(check: &Check) -> Value {
    json!({ "name": check.name, "outcome": outcome(check), "explanation": check.explanation })
}
