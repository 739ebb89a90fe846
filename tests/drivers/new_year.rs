//! Next year's source: what is carried over, what is left to do, and that it cannot change unseen.

use crate::common;

use std::collections::BTreeSet;

use yusuan::budget;
use yusuan::finding::{File, Finding};
use yusuan::new_year::{NextYear, next_year};
use yusuan::source::edit::{self, Edit, Path};
use yusuan::source::leaves::leaves;
use yusuan::source::progress::progress;
use yusuan::source::{self, Leaf, schema, tree_of};

fn next_of(text: &str) -> NextYear {
    let budget = budget::build(source::read("2023.yaml", text.as_bytes()).expect("it can be read"));
    next_year(common::form(), &budget, text.as_bytes())
        .unwrap_or_else(|found| panic!("{}", common::told(&found)))
}

fn text_of(next: &NextYear) -> String {
    String::from_utf8(next.bytes.clone()).expect("the case is whole")
}

fn codes(findings: &[Finding]) -> BTreeSet<&str> {
    findings.iter().map(|finding| finding.code.as_str()).collect()
}

/// The year's source with all that is left to do filled in.
fn filled(text: &str) -> String {
    let file = File::new("2024.yaml", text);
    let tree = tree_of(&file).expect("the case is whole");
    let fill = leaves(&tree, schema()).into_iter().filter(|leaf| !leaf.is_filled()).map(|leaf| {
        let old = leaf.node.scalar().unwrap_or_default().trim_start_matches("待填：").to_owned();
        let new = match leaf.leaf {
            Some(Leaf::Amount) => "0".to_owned(),
            Some(Leaf::Count) => "3".to_owned(),
            Some(Leaf::Date) => "2024-02-10".to_owned(),
            _ if old.is_empty() => "已写".to_owned(),
            _ => old,
        };
        Edit::Set(leaf.path, new)
    });
    let edits: Vec<Edit> = fill.collect();
    let edited = edit::apply("2024.yaml", text.as_bytes(), &edits)
        .unwrap_or_else(|found| panic!("{}", common::told(&found)));
    String::from_utf8(edited).expect("the case is whole")
}

fn at<'t>(tree: &'t yusuan::source::tree::Node, path: &str) -> &'t str {
    let path: Path = path.parse().expect("the case is whole");
    path.find(tree).and_then(|node| node.scalar()).unwrap_or_else(|| panic!("no {path}"))
}

#[test]
fn the_real_source_becomes_the_next_years() {
    let next = next_of(&common::source_2023());
    let text = text_of(&next);
    let tree = tree_of(&File::new("2024.yaml", text.as_str())).unwrap();
    assert_eq!(at(&tree, "年度"), "2024");
    assert_eq!(at(&tree, "上年预算.收入总计"), "10327");
    for (number, amount) in ["794", "1141", "4629", "1953"].iter().enumerate() {
        assert_eq!(at(&tree, &format!("预算单位[0].项目[{number}].上年预算")), *amount);
        assert_eq!(at(&tree, &format!("预算单位[0].项目[{number}].预算")), "");
    }
    assert_eq!(at(&tree, "预算单位[0].三公经费.公务用车运行维护费.上年"), "4");
    assert_eq!(at(&tree, "国有资产.截至"), "待填：2023年10月");
    assert!(
        text.contains("收入总计: 10327       # 支出总计与它相等"),
        "the comment keeps its column"
    );
    assert!(text.starts_with("# yaml-language-server") && text.contains("中心 2024 年部门预算"));
    assert!(!text.contains("增减说法") && !text.contains("R-03") && !text.contains("C-02:"));
    assert_eq!(next.locked, 10);
    assert_eq!(text, text_of(&next_of(&common::source_2023())), "the same bytes on every run");
}

/// Comments stay, but for those of lines that are gone.
#[test]
fn comments_are_kept() {
    let before = common::source_2023();
    let after = text_of(&next_of(&before));
    let comments: Vec<&str> = before
        .lines()
        .filter_map(|line| line.split_once("# ").map(|(_, comment)| comment))
        .collect();
    let gone: Vec<&&str> = comments.iter().filter(|it| !after.contains(**it)).collect();
    let wanted = [
        "深圳市人力资源和社会保障数据管理中心 2023 年部门预算",
        "下面三项相加是 230",
        "下面各款相加是 66 和 3113",
        "上年为零，本无百分比",
        "三个项目相加是 7376",
    ];
    assert_eq!(gone, wanted.iter().collect::<Vec<_>>());
}

/// `check` speaks of nothing but what is left to do, and `status` counts the same.
#[test]
fn check_leads_through_what_is_left() {
    let next = next_of(&common::source_2023());
    let text = text_of(&next);
    let findings = common::findings(&text);
    assert_eq!(codes(&findings), BTreeSet::from(["S07", "S15"]), "{}", common::told(&findings));
    let now = progress("2024.yaml", text.as_bytes()).unwrap();
    assert_eq!(now.missing(), findings.len());
    assert_eq!(now.missing(), next.to_do);
    assert!(now.faults.is_empty() && (1..100).contains(&now.percent()));

    let text = filled(&text);
    let now = progress("2024.yaml", text.as_bytes()).unwrap();
    assert_eq!((now.missing(), now.percent()), (0, 100));
    let findings = common::findings(&text);
    // Neither is a lock broken nor does anything speak against the year.
    let alarms = codes(&findings).intersection(&BTreeSet::from(["R-05", "C-21"])).count();
    assert_eq!(alarms, 0, "{}", common::told(&findings));
}

#[test]
fn a_locked_figure_cannot_change_unseen() {
    let text = filled(&text_of(&next_of(&common::source_2023())));
    let changed = text.replace("上年预算: 794", "上年预算: 800");
    assert_ne!(changed, text);
    let findings = common::findings(&changed);
    let found: Vec<&Finding> = findings.iter().filter(|it| it.code == "R-05").collect();
    assert_eq!(found.len(), 1, "{}", common::told(&findings));
    assert!(found[0].blocks() && found[0].message.contains("信息化新建项目（非政府投资项目）"));
    let line = changed.lines().position(|line| line.contains("上年预算: 800")).unwrap() + 1;
    assert_eq!(common::line_of(found[0].spot.as_ref().unwrap()), line);

    let explained = format!("{changed}\n说明:\n  R-05: 口径调整\n");
    let findings = common::findings(&explained);
    assert!(findings.iter().filter(|it| it.code == "R-05").all(|it| it.reason.is_some()));

    let without = text.replace("        上年预算: 794\n", "");
    let findings = common::findings(&without);
    assert!(findings.iter().any(|it| it.code == "R-05" && it.message.contains("没有填")));

    // The same amount written otherwise is the same amount; a project that ended is no matter.
    let digest = text.replace("    上年预算.收入总计:", "    上年预算.收入总计 :");
    assert!(!codes(&common::findings(&digest)).contains("R-05"));
    let file = File::new("2024.yaml", text.as_str());
    let project: Path = "预算单位[0].项目[1]".parse().unwrap();
    let task: Path = "整体支出绩效目标.主要任务[2]".parse().unwrap();
    assert!(project.find(&tree_of(&file).unwrap()).is_some());
    let edits = [Edit::Remove(project), Edit::Remove(task)];
    let ended = edit::apply("", text.as_bytes(), &edits).unwrap();
    let findings = common::findings(&String::from_utf8(ended).unwrap());
    assert!(!codes(&findings).contains("R-05"), "{}", common::told(&findings));
}

/// Year after year: the lock of the last one gives way to the new.
#[test]
fn the_year_after_next() {
    let text = filled(&text_of(&next_of(&common::source_2023())));
    let text = text.replace("      一般公共预算拨款: 0", "      一般公共预算拨款: 12");
    let after = text_of(&next_of(&text));
    let tree = tree_of(&File::new("2025.yaml", after.as_str())).unwrap();
    assert_eq!(at(&tree, "年度"), "2025");
    assert_eq!(at(&tree, "上年预算.收入总计"), "12");
    assert_eq!(after.matches("上年锁定:").count(), 1);
    assert_eq!(at(&tree, "国有资产.截至"), "待填：2024年10月");
    assert!(!codes(&common::findings(&filled(&after))).contains("R-05"));
}

/// A source with other parts: two units, no 上年预算, CRLF and a BOM.
#[test]
fn another_source() {
    let base = common::read("tests/rules/base.yaml").replace("上年预算: {收入总计: 500}\n", "");
    let base = format!("\u{FEFF}{}", base.replace('\n', "\r\n"));
    let text = text_of(&next_of(&base));
    assert!(text.starts_with('\u{FEFF}') && !text.replace("\r\n", "").contains('\n'));
    let plain = text.trim_start_matches('\u{FEFF}').replace("\r\n", "\n");
    let tree = tree_of(&File::new("2024.yaml", plain.as_str())).unwrap();
    assert_eq!(at(&tree, "上年预算.收入总计"), "594");
    assert_eq!(at(&tree, "预算单位[1].项目[0].上年预算"), "45");
    assert_eq!(codes(&common::findings(&plain)), BTreeSet::from(["S07", "S15"]));
}

/// Names that stand above their classes stay, with or without figures beside them; what else stands
/// above goes. Texts that say why this year is not like the last are written anew.
#[test]
fn names_stay_and_reasons_do_not() {
    let text = "表式: shenzhen-2023
年度: 2023
金额: {单位: 万元, 小数: 2}
部门: {名称: 某县渔政站, 人员说明: 比上年增加2人。, 职责: [管渔船。]}
预算单位:
  - 性质: 事业单位
    收入: {一般公共预算拨款: 30}
    功能分类:
      - {编码: 213, 名称: 农林水支出}
      - 编码: 21301
        名称: 农业农村    # 照批复
        基本支出: 30
        资金来源: {一般公共预算拨款: 30}
      - {编码: 2130199, 基本支出: 30}
    经济分类:
      - {编码: 301, 基本支出: 30, 采购: 0}
      - {编码: 30101, 基本支出: 30}
    支出说明: {人员支出: 工资。, 公用支出: 水电费，同比略增。}
三公经费说明: {公务接待费: 接待检查。, 公务用车购置费: 更新执法车2辆。}
机关运行经费: {本年: 3, 上年: 2, 说明: 办公费增加。}
表格: {表3: {注: 含2022年结转。}}
名词解释: {休渔: 禁止捕捞的时期。}
";
    let after = text_of(&next_of(text));
    let wanted = [
        "      - {编码: 213, 名称: 农林水支出}\n      - 编码: 21301\n        名称: 农业农村    # 照批复\n",
        "      - {编码: 2130199, 基本支出: }\n    经济分类:\n      - {编码: 30101, 基本支出: }\n",
        "人员说明: 待填：比上年",
        "职责: [管渔船。]",
        "{人员支出: 工资。, 公用支出: 待填：水电费",
        "{公务接待费: 待填：接待检查。, 公务用车购置费: 待填：更新",
        "说明: 待填：办公费增加。",
        "注: 待填：含2023年结转。",
        "休渔: 禁止捕捞的时期。",
    ];
    for wanted in wanted {
        assert!(after.contains(wanted), "{wanted}\n{after}");
    }
}

/// The commands: where the new source goes, what they refuse, their codes.
#[test]
fn on_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_yusuan"));
        command.args(arguments).current_dir(folder.path()).output().unwrap()
    };
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    std::fs::write(folder.path().join("2023.yaml"), common::source_2023()).unwrap();
    let done = run(&["status", "2023.yaml", "--json"]);
    assert_eq!(done.status.code(), Some(0));
    let json: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!(json["sources"][0]["done"], true);

    let wrong = run(&["new", "2025", "--from", "2023.yaml"]);
    assert_eq!(wrong.status.code(), Some(1));
    assert!(text(&wrong.stderr).contains("2023 年的下一年是 2024"));
    let made = run(&["new", "2024", "--from", "2023.yaml"]);
    assert_eq!(made.status.code(), Some(0), "{}", text(&made.stderr));
    assert!(text(&made.stdout).starts_with("2024.yaml\n上年数带过来 10 个，已锁定"));
    let again = run(&["new", "2024", "--from", "2023.yaml"]);
    assert_eq!(again.status.code(), Some(2), "what is there is not replaced");

    let open = run(&["status", "2024.yaml", "--json"]);
    assert_eq!(open.status.code(), Some(1));
    let json: serde_json::Value = serde_json::from_slice(&open.stdout).unwrap();
    let source = &json["sources"][0];
    let sections = source["sections"].as_array().unwrap();
    let missing: usize =
        sections.iter().map(|section| section["missing"].as_array().unwrap().len()).sum();
    assert_eq!(source["missing"], missing);
    let first = &sections.iter().find(|section| section["name"] == "部门").unwrap()["missing"][0];
    let line = std::fs::read_to_string(folder.path().join("2024.yaml")).unwrap();
    let line = line.lines().nth(first["line"].as_u64().unwrap() as usize - 1).unwrap().to_owned();
    assert!(line.trim().starts_with("人员说明: 待填：人员主要"), "{line}");
    let told = run(&["status", "2024.yaml"]);
    assert!(text(&told.stdout).contains("2024.yaml:27  “在职人数”没有填"));
}
