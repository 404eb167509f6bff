//! What all commands have in common: JSON, colours, broken pipes, exit codes.

use crate::support::{APPID, Ran, Shop, program, read_one_byte};

#[tokio::test(flavor = "multi_thread")]
async fn colours_are_for_terminals() {
    let shop = Shop::open().await;
    shop.paid("order-1").await;
    let commands: [&[&str]; 6] = [
        &["--help"],
        &["self-test"],
        &["certificates", "--list"],
        &["event"],
        &["state", "resources"],
        &["pay", "order-1"],
    ];
    for arguments in commands {
        let ran = shop.run(arguments);
        assert!(!ran.stdout.contains('\u{1b}'), "{arguments:?}: {}", ran.stdout);
        assert!(!ran.stderr.contains('\u{1b}'), "{arguments:?}: {}", ran.stderr);
        let mut command = program(shop.folder.path());
        let forced = Ran::of(command.args(arguments).env("CLICOLOR_FORCE", "1"), b"");
        assert!((forced.stdout + &forced.stderr).contains('\u{1b}'), "{arguments:?}");
        let mut command = program(shop.folder.path());
        let none = Ran::of(command.args(arguments).env("NO_COLOR", "1"), b"");
        assert!(!none.stdout.contains('\u{1b}'), "{arguments:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_goes_away_is_no_failure() {
    let shop = Shop::open().await;
    for number in 0..20 {
        shop.paid(&format!("order-{number}")).await;
    }
    shop.sandbox.set_bill(wxpay_api::sandbox::BillFile::rows(20_000));
    let ran = shop.run(&["bill", "download", "trade", "2025-03-01", "--out", "bill.csv"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let commands: [&[&str]; 6] = [
        &["completions", "zsh"],
        &["event", "--lifecycles"],
        &["--json", "event", "--lifecycles"],
        &["state", "requests"],
        &["bill", "csv", "bill.csv"],
        &["bill", "download", "trade", "2025-03-01", "--out", "-"],
    ];
    for arguments in commands {
        let (code, stderr) = read_one_byte(program(shop.folder.path()).args(arguments));
        assert_eq!((code, stderr.as_str()), (0, ""), "{arguments:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_arguments_end_with_2() {
    let shop = Shop::open().await;
    let commands: [&[&str]; 6] = [
        &[],
        &["pays"],
        &["bill", "download", "everything", "2025-03-01"],
        &["invoke", "jsapi", "--appid", APPID],
        &["completions", "tcsh"],
        &["notification", "replay", "file", "--to", "http://127.0.0.1", "--event", "A.B"],
    ];
    for arguments in commands {
        let ran = shop.run(arguments);
        assert_eq!(ran.code, 2, "{arguments:?}: {ran:?}");
        assert!(ran.stdout.is_empty(), "{arguments:?}");
    }
    assert!(shop.run(&["pays"]).stderr.contains("'pay'"));
}

/// What failed, as programs read it.
#[tokio::test(flavor = "multi_thread")]
async fn a_failure_is_json_for_programs() {
    let shop = Shop::open().await;
    let ran = shop.run(&["--json", "event", "order-1"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""));
    let report = ran.report();
    assert_eq!(report["exit_code"], 1);
    assert!(report["error"].as_str().unwrap().contains("order-1"), "{report}");
    assert!(report["causes"].is_array());
    let down = shop.sandbox.dead_url().to_owned();
    let file = shop.file("sandbox/env.json");
    let text = std::fs::read_to_string(&file).unwrap().replace(shop.sandbox.url(), &down);
    std::fs::write(&file, text).unwrap();
    let ran = shop.run(&["event"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("is it running?"), "{}", ran.stderr);
    let ran = shop.run(&["--json", "bill", "download", "trade", "2025-03-01"]);
    assert_eq!(ran.report()["detail"]["outcome"], "not-sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_config_for_live_calls_leaves_the_sandbox_alone() {
    let shop = Shop::open().await;
    let mut command = program(shop.folder.path());
    let ran = Ran::of(command.arg("self-test").env("WXPAY_CONFIG", "nowhere.yaml"), b"");
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let mut command = program(shop.folder.path());
    let directory = shop.file("sandbox");
    command.current_dir("/").arg("self-test").env("WXPAY_SANDBOX_DIR", directory);
    assert_eq!(Ran::of(&mut command, b"").code, 0);
}
