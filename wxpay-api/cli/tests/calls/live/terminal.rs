//! The question before a live call, on a pseudo-terminal.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::process::{Child, Stdio};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use super::{live, transfer};
use crate::support::Folder;

/// Starts a call whose standard input is a terminal, and returns the terminal's other end.
fn on_a_terminal(folder: &Folder) -> (Child, File) {
    let controller = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a pseudo-terminal");
    grantpt(&controller).expect("granted");
    unlockpt(&controller).expect("unlocked");
    let name = ptsname(&controller, Vec::new()).expect("a name");
    let name = name.to_str().expect("UTF-8");
    let user = OpenOptions::new().read(true).write(true).open(name).expect("a terminal");
    let mut command = live(folder, &transfer(&[]));
    command.stdin(user).stdout(Stdio::piped()).stderr(Stdio::piped());
    (command.spawn().expect("a run"), File::from(controller))
}

/// Types a line, and returns exit code and standard error.
fn typed(folder: &Folder, line: &str) -> (Option<i32>, String) {
    let (mut child, mut terminal) = on_a_terminal(folder);
    terminal.write_all(line.as_bytes()).expect("typed");
    let mut text = String::new();
    child.stderr.take().expect("a pipe").read_to_string(&mut text).expect("UTF-8");
    (child.wait().expect("it ends").code(), text)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_merchants_id_confirms_a_call() {
    let folder = Folder::start().await;
    let (exit, text) = typed(&folder, "1230000109\n");
    for part in [
        "POST /v3/fund-app/mch-transfer/transfer-bills",
        "https://api.mch.weixin.qq.com/v3/fund-app/mch-transfer/transfer-bills",
        "merchant 1230000109",
        "transfer_amount 400005 fen = 4000.05 yuan",
        "openid o-MYE42l80oelYMDE34nYD456Xoy",
        "user_name ******",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    assert!(!text.contains("张三丰"), "{text}");
    // It was confirmed, and then not sent: the proxy does not exist.
    assert_eq!(exit, Some(1), "{text}");
    assert!(text.contains("not-sent"), "{text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn anything_else_sends_nothing() {
    let folder = Folder::start().await;
    for line in ["yes\n", "\n", "123000010\n", "12300001090\n"] {
        let (exit, text) = typed(&folder, line);
        assert_eq!(exit, Some(7), "{line:?}: {text}");
        assert!(text.contains("nothing was sent"), "{text}");
    }
}
