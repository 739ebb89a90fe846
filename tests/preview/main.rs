//! The preview's protocol, without a browser: docs/preview.md is what it promises.

mod desk;

use std::process::Stdio;
use std::time::{Duration, Instant};

use desk::{Desk, hashes, numbers, program, source};
use serde_json::Value;

/// An amount that is printed on some pages and not on others.
const AMOUNT: &str = "预算: 1141";

fn edited(to: &str) -> String {
    let text = source();
    assert!(text.contains(AMOUNT), "the shipped source has {AMOUNT}");
    text.replace(AMOUNT, to)
}

#[test]
fn answers_only_this_computer_and_who_has_the_token() {
    let desk = Desk::open(&[]);
    let with_token = format!("/?token={}", desk.token);
    let own = format!("Host: 127.0.0.1:{}", desk.port);
    let refused: [(&str, &[&str]); 6] = [
        ("/", &[]),
        ("/?token=0", &[]),
        ("/findings", &["Cookie: yusuan-1=0"]),
        (&with_token, &["Host: example.com"]),
        (&with_token, &[&own, "Origin: http://example.com"]),
        (&with_token, &[&own, "Origin: null"]),
    ];
    for (path, headers) in refused {
        assert_eq!(desk.send("GET", path, headers).status, 403, "{path} {headers:?}");
    }
    let page = desk.send("GET", &with_token, &[]);
    assert_eq!(page.status, 200);
    let cookie = format!("yusuan-{}={}", desk.port, desk.token);
    assert!(
        page.head.contains(&format!("set-cookie: {cookie}; Path=/; HttpOnly; SameSite=Strict"))
    );
    let origin = format!("Origin: http://127.0.0.1:{}", desk.port);
    let again = desk.send("GET", "/app.js", &[&format!("Cookie: x=1; {cookie}"), &origin]);
    assert_eq!(again.status, 200);
}

#[test]
fn every_answer_forbids_what_comes_from_elsewhere() {
    let desk = Desk::open(&[]);
    for path in ["/", "/app.js", "/app.css", "/findings", "/nothing.js"] {
        let head = desk.get(path).head;
        let policy = head.lines().find(|line| line.starts_with("content-security-policy: "));
        let policy = policy.unwrap_or_else(|| panic!("{path}: {head}"));
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    }
    let page = desk.get("/").text();
    assert!(!page.contains("style=\"") && !page.contains("onclick"), "nothing inline");
    assert!(!page.contains("http://") && !page.contains("https://"), "no other host");
}

#[test]
fn pages_are_what_build_draws_and_never_change_under_their_hash() {
    let desk = Desk::open(&[]);
    let (_, report) = desk.ready();
    let built = program(desk.folder.path(), &["build", "a.yaml", "--to", "svg"]).output();
    assert!(built.expect("it runs").status.success());
    assert_eq!(report["pages"].as_array().map(Vec::len), Some(36));
    for page in report["pages"].as_array().expect("a list") {
        let number = page["number"].as_u64().expect("a number");
        let hash = page["hash"].as_str().expect("a hash");
        let svg = desk.get(&format!("/pages/{number}.svg?hash={hash}"));
        assert!(svg.head.contains("cache-control: private, max-age=31536000, immutable"));
        let file = desk.path(&format!("output/a-svg/{number:03}.svg"));
        let file = std::fs::read(&file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        assert!(svg.body == file, "page {number}");
    }
    assert_eq!(desk.get("/pages/1.svg?hash=0").status, 404);
    assert_eq!(desk.get("/pages/0.svg?hash=0").status, 404);
}

#[test]
fn an_edit_changes_the_pages_that_look_otherwise_and_no_others() {
    let desk = Desk::open(&[]);
    let (mut events, before) = desk.ready();
    desk.write(&edited("预算: 1142"));
    let (name, after) = events.next();
    assert_eq!(name, "report");
    let (old, new) = (hashes(&before), hashes(&after));
    let differ: Vec<u64> =
        (0..36).filter(|at| old[*at] != new[*at]).map(|at| at as u64 + 1).collect();
    assert_eq!(numbers(&after["changed"]), differ);
    assert!(!differ.is_empty() && differ.len() < 10, "{differ:?}");
    for part in ["read", "report", "audit", "typeset", "total"] {
        assert!(after["ms"][part].as_f64().is_some_and(|ms| ms > 0.0), "{part}: {after}");
    }
    // A remark changes no page; writing the same again is no change at all.
    desk.write(&(edited("预算: 1142") + "# 备注\n"));
    let (_, same) = events.next();
    assert_eq!(numbers(&same["changed"]), Vec::<u64>::new());
    assert_eq!(hashes(&same), new);
    desk.write(&(edited("预算: 1142") + "# 备注\n"));
    assert!(events.within(Duration::from_millis(600)).is_none());
}

#[test]
fn a_file_that_is_renamed_into_place_is_seen_and_so_is_the_last_of_many() {
    let desk = Desk::open(&[]);
    let (mut events, before) = desk.ready();
    std::fs::write(desk.path("a.yaml.tmp"), edited("预算: 1143")).expect("it can be written");
    std::fs::rename(desk.path("a.yaml.tmp"), desk.path("a.yaml")).expect("it can be renamed");
    let (_, renamed) = events.next();
    assert_ne!(hashes(&renamed), hashes(&before));
    for amount in 2000..2020 {
        desk.write(&edited(&format!("预算: {amount}")));
    }
    let mut last = renamed;
    while let Some((_, report)) = events.within(Duration::from_secs(2)) {
        last = report;
    }
    assert!(
        last["revision"].as_u64() < Some(15),
        "waiting edits are left out: {}",
        last["revision"]
    );
    let found = desk.get("/find?q=2019").json();
    assert!(found["count"].as_u64() > Some(0), "the last edit is what is shown");
}

#[test]
fn polling_sees_edits_too() {
    let desk = Desk::open(&["--poll"]);
    let (mut events, before) = desk.ready();
    desk.write(&edited("预算: 1144"));
    let (_, after) = events.next();
    assert_ne!(hashes(&after), hashes(&before));
}

#[test]
fn an_error_stands_over_the_last_good_pages_and_goes_when_mended() {
    let desk = Desk::open(&[]);
    let (mut events, before) = desk.ready();
    desk.write(&edited("预算: 1,141"));
    let (name, failure) = events.next();
    assert_eq!(name, "failure");
    let finding = &failure["findings"][0];
    let line = source().lines().position(|line| line.contains(AMOUNT)).expect("it is there") + 1;
    assert_eq!(finding["code"], "S08");
    assert_eq!(finding["line"], line);
    let excerpt = finding["excerpt"].as_str().expect("the line");
    let columns = |key: &str| finding[key].as_u64().expect("a column") as usize - 1;
    let marked: String = excerpt
        .chars()
        .skip(columns("column"))
        .take(columns("end_column") - columns("column"))
        .collect();
    assert_eq!(marked, "1,141");
    // Who comes now sees the last good pages, and the error over them.
    let mut late = desk.events();
    let (first, report) = late.next();
    assert_eq!((first.as_str(), hashes(&report)), ("report", hashes(&before)));
    assert_eq!(late.next().0, "failure");
    assert_eq!(desk.get("/findings").status, 200);
    desk.write(&source());
    let (name, mended) = events.next();
    assert_eq!((name.as_str(), hashes(&mended)), ("report", hashes(&before)));
}

#[test]
fn a_source_that_is_broken_from_the_start_shows_its_errors_until_it_is_mended() {
    let desk = Desk::open_with("表式：x\n", &[], |_| {});
    let mut events = desk.events();
    assert_eq!(events.next().0, "failure");
    assert_eq!(desk.get("/findings").status, 503);
    assert_eq!(desk.get("/report.pdf").status, 503);
    std::fs::remove_file(desk.path("a.yaml")).expect("it can be removed");
    let (name, gone) = events.next();
    assert_eq!((name.as_str(), &gone["findings"][0]["code"]), ("failure", &Value::from("P04")));
    desk.write(&source());
    let mut next = events.next();
    while next.0 == "failure" {
        next = events.next();
    }
    assert_eq!(next.0, "report");
}

/// The middle of the first place where something is printed.
fn place_of(desk: &Desk, query: &str, where_: &str) -> (u64, f64, f64) {
    let found = desk.get(&format!("/find?q={query}")).json();
    let places = found["places"].as_array().expect("a list");
    let place = places
        .iter()
        .find(|place| place["where"].as_str().is_some_and(|have| have.contains(where_)))
        .unwrap_or_else(|| panic!("{where_}: {found}"));
    let area = &place["areas"][0];
    let number = |key: &str| area[key].as_f64().expect("a number");
    let page = area["page"].as_u64().expect("a page");
    (page, number("x") + number("width") / 2.0, number("y") + number("height") / 2.0)
}

fn source_of(desk: &Desk, (page, x, y): (u64, f64, f64)) -> Value {
    desk.get(&format!("/source-of?page={page}&x={x}&y={y}")).json()
}

/// `7302` in a path.
fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[test]
fn a_figure_leads_to_its_line_and_a_total_to_its_parts() {
    let desk = Desk::open(&[]);
    let (_events, _) = desk.ready();
    let line_of =
        |words: &str| source().lines().position(|line| line.contains(words)).map(|at| at + 1);
    let stated = source_of(&desk, place_of(&desk, "7302", "表1"));
    assert_eq!(stated["kind"], "stated");
    assert_eq!(
        stated["line"].as_u64().map(|line| line as usize),
        line_of("一般公共预算拨款: 7302")
    );
    assert_eq!(stated["keys"], serde_json::json!(["预算单位", "收入", "一般公共预算拨款"]));
    assert_eq!(stated["text"], "7,302");
    let total = source_of(&desk, place_of(&desk, "10327", "表2"));
    assert_eq!(total["kind"], "sum", "{total}");
    let parts = total["computed_from"].as_array().expect("a list");
    let value = |value: &Value| -> i64 {
        value["value"].as_str().expect("a value").replace(',', "").parse().expect("an amount")
    };
    assert_eq!(parts.iter().map(value).sum::<i64>(), 10327, "{total}");
    let words = source_of(&desk, place_of(&desk, &encoded("一卡通"), "第一部分"));
    assert_eq!(words["kind"], "text");
    assert_eq!(words["line"].as_u64().map(|line| line as usize), line_of("一卡通"));
    assert_eq!(desk.get("/source-of?page=1&x=1&y=1").status, 404);
    assert_eq!(desk.get("/source-of?page=99&x=1&y=1").status, 404);
}

/// A bureau in 元 with two decimals: five units, sixty projects, and the amounts of these.
fn bureau(step: usize) -> (String, Vec<String>) {
    let mut text = "\
表式: shenzhen-2023
年度: 2023
金额: {单位: 元, 小数: 2}
部门: {名称: 东港市水务局}
预算单位:
"
    .to_owned();
    let mut amounts = Vec::new();
    for unit in 0..5 {
        let own: Vec<usize> = (1..=12).map(|at| (unit * 12 + at) * step).collect();
        let projects: usize = own.iter().sum::<usize>() + 6;
        text += &format!(
            "  - 名称: 第{}水务所\n    性质: 事业单位\n    收入: {{一般公共预算拨款: {}.75}}\n    \
             功能分类: [{{编码: 2010301, 基本支出: 90.75}}, {{编码: 2010302, 项目支出: {projects}}}]\n    \
             经济分类: [{{编码: 30101, 基本支出: 90.75}}, {{编码: 30201, 项目支出: {projects}}}]\n    \
             项目:\n",
            unit + 1,
            projects + 90,
        );
        for (at, amount) in own.into_iter().enumerate() {
            text += &format!("      - {{名称: 工程{unit}-{at}, 预算: {amount}.50}}\n");
            amounts.push(format!("{amount}.50"));
        }
    }
    (text, amounts)
}

/// Every project's amount is found in table 5, and the page leads back to its line.
fn every_amount_leads_to_its_line(step: usize) {
    let (text, amounts) = bureau(step);
    let desk = Desk::open_with(&text, &[], |_| {});
    let (_events, _) = desk.ready();
    for amount in amounts {
        let line = text.lines().position(|line| line.contains(&format!("预算: {amount}}}")));
        let answer = source_of(&desk, place_of(&desk, &amount, "表5"));
        assert_eq!(answer["kind"], "stated", "{amount}: {answer}");
        let found = answer["line"].as_u64().map(|line| line as usize);
        assert_eq!(found, line.map(|at| at + 1), "{amount}");
    }
    // What is found in a table is shown where it is printed.
    let (mut events, _) = desk.ready();
    desk.write(&text.replacen("编码: 30101, 基本支出: 90.75", "编码: 30101, 基本支出: 70.75", 1));
    let (_, report) = events.next();
    assert!(report["findings"]["error"].as_u64() > Some(0), "{report}");
    let findings = desk.get("/findings").json();
    for finding in findings["findings"].as_array().expect("a list") {
        assert!(finding["table"].is_null() || !finding["at"].is_null(), "{finding}");
    }
}

#[test]
fn every_amount_of_sixty_projects_leads_to_its_line() {
    every_amount_leads_to_its_line(7);
}

#[test]
#[ignore = "amounts from eight characters on break in their cells, and what is broken has no place"]
fn every_long_amount_of_sixty_projects_leads_to_its_line() {
    every_amount_leads_to_its_line(7_654_321);
}

#[test]
fn every_printed_place_of_a_line_of_the_source_is_found() {
    let desk = Desk::open(&[]);
    let (_events, _) = desk.ready();
    let line = source().lines().position(|line| line.contains(AMOUNT)).expect("it is there") + 1;
    let found = desk.get(&format!("/find?q=:{line}")).json();
    let texts: Vec<&str> = found["places"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|place| place["text"].as_str())
        .collect();
    assert!(texts.contains(&"1,141"), "{texts:?}");
    let by_key = desk.get(&format!("/find?q={}", encoded("在职人数"))).json();
    let first = &by_key["places"][0];
    assert_eq!(first["text"], "37", "{by_key}");
    // 141 is not a part of 1,141.
    let part = desk.get("/find?q=141").json();
    let whole = |place: &Value| place["text"].as_str().is_some_and(|text| text.contains("1,141"));
    assert!(!part["places"].as_array().expect("a list").iter().any(whole));
    assert_eq!(desk.get("/find?q=").json()["count"], 0);
}

#[test]
fn findings_say_where_on_the_pages_they_are_to_be_seen() {
    let desk = Desk::open(&[]);
    let (mut events, _) = desk.ready();
    desk.write(&edited("预算: 1241"));
    let (_, report) = events.next();
    assert!(report["open"].as_u64() > Some(0));
    assert!(report["findings"]["error"].as_u64() > Some(0));
    let findings = desk.get("/findings").json();
    let findings = findings["findings"].as_array().expect("a list");
    let errors: Vec<&Value> =
        findings.iter().filter(|found| found["severity"] == "error").collect();
    assert!(!errors.is_empty());
    for error in errors {
        let at = &error["at"];
        let answer = source_of(
            &desk,
            (at["page"].as_u64().expect("a page"), number(at, "x"), number(at, "y")),
        );
        let printed = answer["text"].as_str().expect("a text");
        let actual = error["actual"].as_str().expect("an amount").replace(',', "");
        assert_eq!(printed.replace(',', ""), actual, "{error}");
    }
}

fn number(value: &Value, key: &str) -> f64 {
    value[key].as_f64().expect("a number")
}

#[test]
fn the_pdf_is_the_one_that_build_writes() {
    let desk = Desk::open(&[]);
    let (mut events, _) = desk.ready();
    let build = |arguments: &[&str]| {
        let _ = program(desk.folder.path(), arguments).stdout(Stdio::null()).output();
        std::fs::read(desk.path("output/a.pdf")).expect("it was built")
    };
    let pdf = desk.get("/report.pdf");
    assert!(pdf.head.contains("content-type: application/pdf"));
    assert!(pdf.body == build(&["build", "a.yaml"]), "the final one");
    desk.write(&edited("预算: 1241"));
    events.next();
    assert!(desk.get("/report.pdf").body == build(&["build", "a.yaml", "--draft"]), "the draft");
    // The draft's watermark does not reach the pages.
    desk.write(&source());
    let (_, after) = events.next();
    let (_, late) = desk.ready();
    assert_eq!(hashes(&after), hashes(&late));
}

#[test]
fn earlier_states_and_other_sources_can_be_compared_with() {
    let other = edited("预算: 1141").replace("在职人数: 37", "在职人数: 36");
    let desk = Desk::open_with(&source(), &[], |folder| {
        std::fs::write(folder.join("b.yaml"), &other).expect("it can be written");
    });
    let (mut events, _) = desk.ready();
    desk.write(&edited("预算: 1142"));
    events.next();
    let versions = desk.get("/versions").json();
    assert_eq!(versions["states"][0]["revision"], 1);
    assert_eq!(versions["files"], serde_json::json!(["b.yaml"]));
    let changes = desk.get("/compare?revision=1").json();
    let changed = |before: &str, after: &str, changes: &Value| {
        changes["changes"].as_array().expect("a list").iter().any(|change| {
            change["before"]["text"].as_str().is_some_and(|text| text.contains(before))
                && change["after"]["text"].as_str().is_some_and(|text| text.contains(after))
        })
    };
    assert!(changed("1,141", "1,142", &changes), "{changes}");
    let pages: Vec<u64> = changes["changes"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|change| change["after"]["areas"][0]["page"].as_u64())
        .collect();
    assert!(!pages.is_empty() && pages.iter().all(|page| (1..=36).contains(page)));
    let against = desk.get("/compare?file=b.yaml").json();
    assert!(changed("36", "37", &against), "{against}");
    let hash = against["pages"][0]["hash"].as_str().expect("a hash");
    assert_eq!(desk.get(&format!("/pages/1.svg?hash={hash}")).status, 200);
    assert_eq!(desk.get("/compare?file=/etc/passwd").status, 404);
    assert_eq!(desk.get("/compare?revision=99").status, 404);
}

#[test]
fn the_contents_lead_to_the_first_page_of_each_part_and_table() {
    let desk = Desk::open(&[]);
    let (_events, report) = desk.ready();
    let outline = desk.get("/outline").json();
    let parts: Vec<Value> = outline["groups"]
        .as_array()
        .expect("a list")
        .iter()
        .flat_map(|group| group["parts"].as_array().expect("a list").clone())
        .collect();
    assert_eq!(parts.len(), 21);
    let pages: Vec<u64> = parts.iter().map(|part| part["page"].as_u64().expect("a page")).collect();
    assert!(pages.is_sorted() && pages[0] > 2, "{pages:?}");
    assert_eq!(report["pages"][0]["printed"], Value::Null);
    assert_eq!(report["pages"][2]["printed"], 1);
}

#[cfg(unix)]
#[test]
fn the_editor_opens_at_the_line_and_only_on_files_of_the_report() {
    let desk = Desk::open(&["--editor", "sh -c 'echo \"$0\" > opened' {file}:{line}:{column}"]);
    let (_events, _) = desk.ready();
    assert_eq!(desk.get("/open?file=a.yaml&line=3&column=2").status, 405);
    assert_eq!(desk.post("/open?file=/etc/passwd&line=1&column=1").status, 404);
    let opened = desk.post("/open?file=a.yaml&line=3&column=2");
    assert_eq!((opened.status, opened.json()["editor"].as_str()), (200, Some("sh")));
    let begin = Instant::now();
    while !desk.path("opened").exists() && begin.elapsed() < Duration::from_secs(10) {
        std::thread::sleep(Duration::from_millis(20));
    }
    std::thread::sleep(Duration::from_millis(50));
    let opened = std::fs::read_to_string(desk.path("opened")).expect("the editor ran");
    assert_eq!(opened.trim(), "a.yaml:3:2");
}

#[test]
fn an_edited_form_is_read_again() {
    let templates = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let desk = Desk::open_with(&source(), &["--templates", "forms"], |folder| {
        copy(&templates, &folder.join("forms"));
    });
    let (mut events, before) = desk.ready();
    let path = desk.path("forms/shenzhen-2023/form.yaml");
    let form = std::fs::read_to_string(&path).expect("the form is there");
    std::fs::write(&path, form.replace("标题: 收支总表", "标题: 收支一览表"))
        .expect("it can be written");
    let (name, after) = events.next();
    assert_eq!(name, "report", "{after}");
    assert_ne!(hashes(&after), hashes(&before));
    std::fs::write(&path, "名称: [").expect("it can be written");
    assert_eq!(events.next().0, "failure");
    std::fs::write(&path, form).expect("it can be written");
    let (name, mended) = events.next();
    assert_eq!((name.as_str(), hashes(&mended)), ("report", hashes(&before)));
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).expect("it can be made");
    for entry in std::fs::read_dir(from).expect("the folder is there").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("it can be copied");
        }
    }
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_it_at_once_whoever_listens() {
    let mut desk = Desk::open(&[]);
    let (_events, _) = desk.ready();
    let id = desk.child.id().to_string();
    let begin = Instant::now();
    assert!(
        std::process::Command::new("kill").args(["-INT", &id]).status().is_ok_and(|s| s.success())
    );
    let status = desk.child.wait().expect("it ends");
    assert_eq!(status.code(), Some(0));
    assert!(begin.elapsed() < Duration::from_secs(3), "{:?}", begin.elapsed());
}

#[test]
fn what_cannot_be_served_is_said_in_chinese() {
    let desk = Desk::open(&[]);
    let port = desk.port.to_string();
    let taken = program(desk.folder.path(), &["preview", "a.yaml", "--no-open", "--port", &port]);
    let nothing = program(desk.folder.path(), &["preview", "no.yaml", "--no-open"]);
    let unnamed = program(desk.folder.path(), &["preview", "--no-open"]);
    let cases = [(taken, "正被别的程序用着"), (nothing, "没有这个文件"), (unnamed, "input")];
    for (mut command, words) in cases {
        let output = command.output().expect("it runs");
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{error}");
        assert!(error.contains(words), "{error}");
    }
}

#[cfg(target_os = "linux")]
#[test]
#[ignore = "takes a minute; CI runs it by name"]
fn memory_stays_flat_over_500_edits() {
    let desk = Desk::open(&[]);
    let (mut events, _) = desk.ready();
    let resident = || {
        let status = std::fs::read_to_string(format!("/proc/{}/status", desk.child.id()));
        let status = status.expect("it runs");
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("it has memory");
        line.split_whitespace().nth(1).and_then(|kilobytes| kilobytes.parse::<u64>().ok())
    };
    let mut early = None;
    for edit in 1..=500 {
        desk.write(&edited(&format!("预算: {}", 1500 + edit)));
        assert_eq!(events.next().0, "report");
        if edit == 50 {
            early = resident();
        }
    }
    let (early, late) = (early.expect("measured"), resident().expect("measured"));
    assert!(late * 10 <= early * 13, "{early} kB after 50 edits, {late} kB after 500");
}
