//! `demo`: the first command.

use serde_json::Value;

use crate::support::{Ran, program};

fn demo(arguments: &[&str], variables: &[(&str, &str)]) -> Ran {
    let folder = tempfile::tempdir().unwrap();
    let mut command = program(folder.path());
    let ran = Ran::of(command.arg("demo").args(arguments).envs(variables.iter().copied()), b"");
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(folder.path().read_dir().unwrap().count(), 0, "nothing stays");
    ran
}

#[test]
fn it_tells_the_life_of_an_order() {
    let told = demo(&[], &[]).stdout;
    for part in ["1 Order", "TRANSACTION.SUCCESS", "REFUND.SUCCESS", "order-1  REFUND", "Try next:"]
    {
        assert!(told.contains(part), "{part}: {told}");
    }
    let places: Vec<_> =
        ["1 Order", "2 Pay", "3 Notif", "4 Query", "5 Refund", "6 Notif", "7 Bill"]
            .map(|title| told.find(title).unwrap())
            .into();
    assert!(places.is_sorted(), "{told}");
}

#[test]
fn it_speaks_chinese_where_the_environment_does() {
    for variables in [&[("LANG", "zh_CN.UTF-8")], &[("LC_ALL", "zh_TW.UTF-8")]] {
        assert!(demo(&[], variables).stdout.contains("1 下单"));
    }
    let other = [("LC_ALL", "C"), ("LANG", "zh_CN.UTF-8")];
    assert!(demo(&[], &other).stdout.contains("1 Order"), "LC_ALL comes first");
    assert!(demo(&["--language", "zh"], &[]).stdout.contains("第二天"));
}

#[test]
fn programs_read_its_steps() {
    let told: Value = serde_json::from_str(&demo(&["--json"], &[]).stdout).unwrap();
    let steps = told["steps"].as_array().unwrap();
    let names: Vec<_> = steps.iter().map(|step| step["step"].as_str().unwrap()).collect();
    let expected =
        ["order", "pay", "payment-notified", "query", "refund", "refund-notified", "bill"];
    assert_eq!(names, expected);
    assert_eq!(steps[2]["values"]["success"], true);
    assert_eq!(steps[6]["values"]["rows"][1]["trade_state"], "REFUND");
    assert_eq!(steps[6]["values"]["rows"][1]["refund_amount"], "-3.00");
}
