//! Some days of the service provider, played over real sockets. Each step is printed and checked.

use crate::commands::Command;
use crate::harness::{CHANGE, Harness, Result, SUBMIT, check, other_account};

const TEA: &str = "tea_house_1";
const NOODLES: &str = "noodle_bar_2";

/// Plays the story.
pub(crate) async fn play() -> Result<()> {
    let mut harness = Harness::open().await?;
    two_merchants_apply(&mut harness).await?;
    one_is_rejected_and_corrected(&mut harness).await?;
    both_sign(&mut harness).await?;
    one_changes_its_account(&mut harness).await?;
    one_is_paid(&mut harness).await?;
    harness.sandbox.finish()?;
    println!("\nEvery step held.");
    Ok(())
}

async fn two_merchants_apply(harness: &mut Harness) -> Result<()> {
    println!("1. Two merchants apply; the first response is lost");
    harness.prepare(NOODLES)?;
    harness.prepare(TEA)?;
    harness.lose_responses("POST", SUBMIT)?;
    show(harness.run().await?.1);
    check("the first", harness.state(NOODLES).await?, "auditing".to_owned())?;
    check("the second", harness.state(TEA).await?, "auditing".to_owned())?;
    check("submissions", harness.executions("POST", SUBMIT)?, 2)
}

async fn one_is_rejected_and_corrected(harness: &mut Harness) -> Result<()> {
    println!(
        "\n2. The auditors reject a picture; the program starts again, and a person takes another one"
    );
    harness.at_wechat_pay(NOODLES)?.event("reject")?;
    harness.restart()?;
    show(harness.run().await?.1);
    check("submissions", harness.executions("POST", SUBMIT)?, 2)?;
    harness.photograph(NOODLES, "front.png", 2)?;
    show(harness.run().await?.1);
    check("the correction", harness.state(NOODLES).await?, "auditing".to_owned())?;
    check("submissions", harness.executions("POST", SUBMIT)?, 3)
}

async fn both_sign(harness: &mut Harness) -> Result<()> {
    println!("\n3. Both are accepted, and sign");
    harness.at_wechat_pay(TEA)?.event("ask_validation")?;
    harness.at_wechat_pay(NOODLES)?.event("approve")?;
    show(harness.run().await?.1);
    harness.at_wechat_pay(TEA)?.event("validate")?.event("sign")?.event("open")?;
    harness.at_wechat_pay(NOODLES)?.event("sign")?.event("open")?;
    show(harness.run().await?.1);
    check("the first", harness.state(NOODLES).await?, "finished".to_owned())?;
    check("the second", harness.state(TEA).await?, "finished".to_owned())
}

async fn one_changes_its_account(harness: &mut Harness) -> Result<()> {
    println!("\n4. One changes its settlement account");
    harness.write(TEA, "account_2", &other_account())?;
    for state in ["audited", "accepted"] {
        let (business_code, name) = (TEA.to_owned(), "account_2".to_owned());
        let (_, printed) = harness.command(Command::Account { business_code, name }).await?;
        check("the change", printed.contains(state), true)?;
        show(printed);
    }
    check("changes", harness.executions("POST", CHANGE)?, 1)
}

async fn one_is_paid(harness: &mut Harness) -> Result<()> {
    println!("\n5. A guest pays the new merchant");
    let (_, code_url) = harness.command(order(TEA, "table-1", 880)).await?;
    show(code_url.clone());
    harness.sandbox.open_payment(code_url.trim())?.pay()?;
    let (is_paid, printed) = harness.command(paid("table-1")).await?;
    show(printed);
    check("the payment is made", is_paid, true)
}

/// The command that orders a payment.
pub(crate) fn order(code: &str, number: &str, total: i64) -> Command {
    Command::Order {
        business_code: code.to_owned(),
        out_trade_no: number.to_owned(),
        description: "龙井茶".to_owned(),
        total,
    }
}

/// The command that asks whether a payment was made.
pub(crate) fn paid(number: &str) -> Command {
    Command::Paid { out_trade_no: number.to_owned() }
}

fn show(printed: String) {
    for line in printed.lines() {
        println!("   {line}");
    }
}
