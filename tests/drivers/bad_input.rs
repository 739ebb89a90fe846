//! Runs the program over every source in `tests/bad-input` and compares what it says, exactly.
//!
//! `NAME.txt` is what the user reads of `NAME.yaml`. Sources named `ok-…` build and say nothing;
//! every other one ends with exit code 1 and leaves an old output as it was. `UPDATE=1` rewrites
//! the texts; read the difference before committing it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

const OLD_OUTPUT: &[u8] = b"old";
/// Enough to keep a machine busy, few enough to leave it usable.
const WORKERS: usize = 4;

#[test]
fn says_what_is_wrong() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad-input");
    let sources = sources(&folder);
    assert!(!sources.is_empty(), "no sources in {}", folder.display());
    let next = AtomicUsize::new(0);
    let differences = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                while let Some(source) = sources.get(next.fetch_add(1, Ordering::Relaxed)) {
                    differences.lock().unwrap().extend(difference(source));
                }
            });
        }
    });
    let mut differences = differences.into_inner().unwrap();
    differences.sort();
    let count = differences.len();
    assert!(count == 0, "{count} of {} differ\n\n{}", sources.len(), differences.join("\n"));
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder of bad input");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths.filter(|path| path.extension().is_some_and(|ending| ending == "yaml")).collect()
}

/// What a run of the program on one source gave.
struct Run {
    said: String,
    code: Option<i32>,
    output_is_old: bool,
}

fn run(source: &Path) -> Run {
    let target = tempfile::tempdir().expect("a folder for the output");
    let output = target.path().join("out.pdf");
    fs::write(&output, OLD_OUTPUT).expect("an old output");
    let result = Command::new(env!("CARGO_BIN_EXE_yusuan"))
        .arg("build")
        .arg(source.file_name().expect("a file"))
        .arg("-o")
        .arg(&output)
        .current_dir(source.parent().expect("a folder"))
        .output()
        .expect("the program runs");
    Run {
        said: String::from_utf8(result.stderr).expect("the program speaks UTF-8"),
        code: result.status.code(),
        output_is_old: fs::read(&output).is_ok_and(|bytes| bytes == OLD_OUTPUT),
    }
}

/// How a run differs from what is expected of it.
fn difference(source: &Path) -> Option<String> {
    let name = source.file_stem().expect("a name").to_string_lossy();
    let builds = name.starts_with("ok-");
    let run = run(source);
    let text = source.with_extension("txt");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&text, &run.said).expect("the text is written");
    }
    let expected = fs::read_to_string(&text).unwrap_or_default();
    let code = if builds { 0 } else { 1 };
    let mut differences = Vec::new();
    if run.said != expected {
        differences.push(format!("expected:\n{expected}\nsaid:\n{}", run.said));
    }
    if builds && !run.said.is_empty() {
        differences.push("an ok- source says nothing".to_owned());
    }
    if run.code != Some(code) {
        differences.push(format!("expected exit code {code}, not {:?}", run.code));
    }
    if run.output_is_old == builds {
        let what = if builds { "was not written" } else { "was touched" };
        differences.push(format!("the output {what}"));
    }
    (!differences.is_empty()).then(|| format!("── {name}\n{}\n", differences.join("\n")))
}
