//! Invented sources: every one becomes a report without a finding, and every page of it is sound.
//!
//! `YUSUAN_RANDOM=300 cargo test --release --test random` tries more of them, and
//! `YUSUAN_SEED=17` begins with that one. A source that fails is left in the temporary folder.

use crate::support;

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use support::{checks, inventor, making, paper};

/// As many as two cores make in well under a minute.
const SOURCES: u64 = 12;
/// Complaints shown of one source: more would hide the others.
const SHOWN: usize = 5;

fn number(variable: &str, otherwise: u64) -> u64 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

#[test]
fn any_source_becomes_sound_pages() {
    let first = number("YUSUAN_SEED", 1);
    let sources = number("YUSUAN_RANDOM", SOURCES);
    let form = making::shipped_form();
    let next = AtomicU64::new(first);
    let failures = Mutex::new(Vec::new());
    let pages_read = AtomicU64::new(0);
    making::side_by_side(2, || {
        let typesetter = making::typesetter();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= first + sources {
                break;
            }
            let yaml = inventor::source(seed);
            let made = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                making::pages(&typesetter, &form, &yaml)
            }));
            let complaints = match made {
                Err(_) => vec!["panicked".to_owned()],
                Ok(Err(findings)) => vec![making::text_of(&findings)],
                Ok(Ok((report, pages))) => {
                    let pages = paper::read(&pages.document);
                    pages_read.fetch_add(pages.len() as u64, Ordering::Relaxed);
                    checks::complaints(&report, &pages)
                }
            };
            if !complaints.is_empty() {
                let path = std::env::temp_dir().join(format!("yusuan-random-{seed}.yaml"));
                std::fs::write(&path, &yaml).expect("the temporary folder can be written");
                let shown = complaints[..complaints.len().min(SHOWN)].join("\n");
                let count = complaints.len();
                let failure = format!("seed {seed}, {}, {count}:\n{shown}", path.display());
                failures.lock().expect("no test thread panics").push(failure);
            }
        }
    });
    let failures = failures.into_inner().expect("no test thread panics");
    assert!(failures.is_empty(), "{} failed\n{}", failures.len(), failures.join("\n\n"));
    assert!(pages_read.into_inner() >= 20 * sources, "reports of a few pages prove nothing");
}
