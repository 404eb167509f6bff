//! The help of every command, and the completions.

use crate::support::{Ran, program};

/// Commands with a test of their own for their help.
const ELSEWHERE: [&str; 4] = ["call", "search", "show", "sandbox"];

fn run(arguments: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let ran = Ran::of(program(folder.path()).args(arguments), b"");
    assert_eq!(ran.code, 0, "{arguments:?}: {}", ran.stderr);
    ran.stdout
}

/// The names below `Commands:`.
fn commands(help: &str) -> Vec<String> {
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let lines = lines.take_while(|line| line.starts_with(' '));
    let names = lines.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let names = names.filter_map(|line| line.split_whitespace().next());
    names.filter(|name| *name != "help").map(str::to_owned).collect()
}

/// The help of a command, and of those below it.
fn tree(path: &[&str], told: &mut String) {
    let help = run(&[path, &["--help"]].concat());
    // What others tell is not repeated here.
    if !path.is_empty() {
        told.push_str(&format!("$ wxpay {} --help\n{help}\n", path.join(" ")));
    }
    for command in commands(&help) {
        if !ELSEWHERE.contains(&command.as_str()) {
            tree(&[path, &[command.as_str()]].concat(), told);
        }
    }
}

#[test]
fn every_command_explains_itself() {
    let mut told = String::new();
    tree(&[], &mut told);
    insta::assert_snapshot!("help", told);
}

#[test]
fn the_program_lists_commands_and_exit_codes() {
    let help = run(&["--help"]);
    for code in 0..=7 {
        assert!(help.contains(&format!("\n  {code}  ")), "{help}");
    }
    let known = [
        "demo",
        "self-test",
        "certificates",
        "notification",
        "bill",
        "invoke",
        "pay",
        "event",
        "state",
        "completions",
    ];
    let listed = commands(&help);
    for command in known {
        assert!(listed.iter().any(|it| it == command), "{command}: {listed:?}");
    }
}

#[test]
fn each_command_with_a_choice_has_examples() {
    for command in ["demo", "self-test", "certificates", "invoke", "pay", "event", "state"] {
        assert!(run(&[command, "--help"]).contains("Examples:\n  "), "{command}");
    }
}

#[test]
fn shells_complete_it() {
    for (shell, part) in [
        ("bash", "_wxpay()"),
        ("zsh", "#compdef wxpay"),
        ("fish", "complete -c wxpay"),
        ("elvish", "edit:completion"),
        ("powershell", "Register-ArgumentCompleter"),
    ] {
        let script = run(&["completions", shell]);
        assert!(script.contains(part) && script.contains("self-test"), "{shell}");
    }
}
