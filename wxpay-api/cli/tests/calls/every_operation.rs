//! Every operation of the catalogue can be shown, and called with its example.

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use serde_json::Value;
use wxpay_api::sandbox::Sandbox;

use crate::support::{Folder, wxpay, wxpay_with_input};

/// The operations of the descriptors, as `cargo xtask regen` lists them.
fn operations() -> Vec<String> {
    let list = include_str!("../../../../wxpay-spec/operations.txt");
    let lines = list.lines().filter(|line| line.contains(" /"));
    let names = lines.map(|line| {
        let mut words = line.split_whitespace();
        format!("{} {}", words.next().unwrap_or_default(), words.next().unwrap_or_default())
    });
    names.collect()
}

/// Does something with each element, on several threads, and returns what it complains about.
fn for_each(names: &[String], complaint: impl Fn(&str) -> Option<String> + Sync) -> Vec<String> {
    let next = AtomicUsize::new(0);
    let complaints = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while let Some(name) = names.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let complaint = complaint(name);
                    complaints.lock().expect("no panic").extend(complaint);
                }
            });
        }
    });
    complaints.into_inner().expect("no panic")
}

#[test]
fn every_operation_is_shown() {
    let names = operations();
    assert!(names.len() > 1000, "{}", names.len());
    let complaints = for_each(&names, |name| {
        let run = wxpay(&["show", name]);
        let is_whole = run.exit == 0
            && run.stdout.contains(name)
            && run.stdout.contains("wxpay call")
            && run.stdout.ends_with('\n');
        (!is_whole).then(|| format!("{name}: {} {}", run.exit, run.stderr))
    });
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

/// The names of descriptors below a folder, which are their paths without `.yaml`.
fn descriptors(folder: &Path, above: &str) -> Vec<String> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).expect("descriptors") {
        let entry = entry.expect("an entry");
        let name = entry.file_name().into_string().expect("UTF-8");
        match entry.path().is_dir() {
            true => names.extend(descriptors(&entry.path(), &format!("{above}{name}/"))),
            false => names.push(format!("{above}{}", name.trim_end_matches(".yaml"))),
        }
    }
    names
}

#[test]
fn every_notification_and_lifecycle_is_shown() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../wxpay-spec");
    let notifications = descriptors(&root.join("notifications"), "notification:");
    let lifecycles = descriptors(&root.join("lifecycles"), "lifecycle:");
    assert!(notifications.len() > 80 && lifecycles.len() > 20);
    let complaints = for_each(&[notifications, lifecycles].concat(), |name| {
        let text = wxpay(&["show", name]);
        let json = wxpay(&["--json", "show", name]);
        let is_whole = text.exit == 0 && serde_json::from_str::<Value>(&json.stdout).is_ok();
        (!is_whole).then(|| format!("{name}: {}", text.stderr))
    });
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

/// An operation whose example cannot succeed: its token comes with a bill's link. `transfers` tests it.
const DOWNLOAD_OF_A_LINK: &str = "GET /v3/billdownload/file";

/// Calls an operation with its example.
fn call(folder: &Folder, name: &str) -> Option<String> {
    let shown = wxpay(&["--json", "show", name]);
    let Ok(shown) = serde_json::from_str::<Value>(&shown.stdout) else {
        return Some(format!("{name}: {}", shown.stderr));
    };
    let example = &shown["example"];
    let dir = folder.path().to_str().expect("a path");
    let mut arguments =
        vec!["--json".to_owned(), "call".to_owned(), "--dir".to_owned(), dir.to_owned()];
    arguments.push(name.to_owned());
    for place in ["path", "query", "header"] {
        for (name, value) in example[place].as_object().into_iter().flatten() {
            arguments.push(format!("{name}:={value}"));
        }
    }
    if let Some(upload) = shown["operation"]["upload"]["file"].as_str() {
        arguments.push(format!("{upload}=@{}", folder.path().join("picture.png").display()));
    }
    let download = &shown["operation"]["response"]["download"]["integrity"];
    if download.is_string() {
        let file = format!("{}.file", name.replace(['/', ' ', '{', '}'], "_"));
        let file = folder.path().join(file).display().to_string();
        arguments.extend(["--output".to_owned(), file]);
    }
    if download == "sha1" {
        arguments.push("--unchecked".to_owned());
    }
    let body = example["body"].to_string();
    if example["body"].is_object() {
        arguments.extend(["--data".to_owned(), "-".to_owned()]);
    }
    if example["body"]["combine_mchid"].is_string() {
        arguments.push("combine_mchid=1230000109".to_owned());
    }
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    let run = wxpay_with_input(&arguments, &body);
    let is_for_brands = name.contains(" /brand/");
    let is_right = match is_for_brands {
        // The merchant's key signs nothing for a brand.
        true => run.exit == 1 && run.stderr.contains("brand"),
        false if name == DOWNLOAD_OF_A_LINK => run.exit == 3,
        false => run.exit == 0 && serde_json::from_str::<Value>(&run.stdout).is_ok(),
    };
    (!is_right).then(|| format!("{name}: {} {}", run.exit, run.stderr))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_operation_is_called_with_its_example() {
    let folder = Folder::of(Sandbox::builder().examples_only()).await;
    folder.file("picture.png", b"\x89PNG\r\n\x1a\n a picture");
    let complaints = for_each(&operations(), |name| call(&folder, name));
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}
