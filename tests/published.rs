//! The reader of the published text: that it loses nothing and joins what a page cut.

#[path = "support/published.rs"]
mod published;

use published::*;

fn text() -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fidelity/published-2023.txt");
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("cannot read {path}: {error}"))
}

fn published() -> Published {
    read(&text())
}

fn table<'a>(report: &'a Published, number: &str) -> &'a PublishedTable {
    report
        .tables
        .iter()
        .find(|table| table.number == number)
        .unwrap_or_else(|| panic!("no table {number}"))
}

#[test]
fn plain_undoes_the_conversion() {
    assert_eq!(plain("制卡成功率 $\\geq 90\\%$ 等。"), "制卡成功率≥90%等。");
    assert_eq!(plain("<u>基本支出 事项</u>"), "基本支出事项");
    assert_eq!(plain("<p>1. 甲；</p> <p>2. 乙。</p>"), "1.甲；2.乙。");
    assert_eq!(plain("收\u{3000}入\u{a0}10,327\u{200b} 万元"), "收入10,327万元");
    assert_eq!(plain("US$ 5, 6$"), "US$5,6$");
}

#[test]
fn counts_are_those_of_the_file() {
    let report = published();
    assert_eq!(report.contents_title, "目录");
    // 一、文字部分, 9 parts, 二、表格部分, 12 tables.
    assert_eq!(report.contents.len(), 1 + 9 + 1 + 12);
    // Headings and paragraphs: cover; 一、文字部分; parts one to nine; 二、表格部分.
    let parts = [8, 3, 11, 2, 6, 5, 3, 8, 10];
    assert_eq!(report.paragraphs.len(), 1 + 1 + parts.iter().sum::<usize>() + 1);
    let starts: Vec<usize> = report
        .paragraphs
        .iter()
        .enumerate()
        .filter(|(_, text)| text.starts_with('第') && text.contains("部分"))
        .map(|(index, _)| index)
        .chain([report.paragraphs.len() - 1])
        .collect();
    let found: Vec<usize> = starts.windows(2).map(|two| two[1] - two[0]).collect();
    assert_eq!(found, parts);
}

#[test]
fn every_table_is_there_once() {
    let report = published();
    // Number, rows of column heads, rows, columns, pages, notes.
    let expected = [
        ("第七部分", 1, 4, 3, 3, 0),
        ("表1", 2, 18, 4, 2, 2),
        ("表3", 2, 16, 9, 2, 0),
        ("表6", 2, 18, 4, 2, 0),
        ("表7", 1, 17, 6, 2, 0),
        ("表8", 1, 34, 6, 3, 0),
        ("表9", 2, 3, 8, 1, 1),
        ("表10", 1, 2, 6, 1, 1),
        ("表11", 1, 2, 6, 1, 1),
        ("表12", 0, 31, 0, 3, 0),
    ];
    let found: Vec<_> = report
        .tables
        .iter()
        .map(|table| {
            (
                table.number.as_str(),
                table.header.len(),
                table.rows.len(),
                table.header.first().map_or(0, Vec::len),
                table.pages.len(),
                table.notes.len(),
            )
        })
        .collect();
    assert_eq!(found, expected);
    for table in &report.tables {
        let columns = table.header.first().map_or(0, Vec::len);
        for row in table.header.iter().chain(&table.rows) {
            assert!(
                row.len() == columns || table.number == FORM_TABLE,
                "{}: {row:?}",
                table.number
            );
        }
        assert_eq!(table.pages.last().map(|page| page.rows.end), Some(table.rows.len()));
    }
}

#[test]
fn what_a_page_cut_is_joined() {
    let report = published();
    let expected = [
        "关系的一体化服务 / 平台为突破口，统",
        "、对个人和家庭的 / 补助支出66万元",
        "2年预算增加0万 / 元，增长0%，主",
        "实施部门预算绩效 / 管理的单位范围只",
        "当年拨付的一般公 / 共预算资金。",
        "套网络安全产品的 / 采购,提高单位网",
        "全培训,进行维护 / 的设备不少于64",
    ];
    assert_eq!(report.joins, expected);
    // Nothing is left that looks cut: a text without an end mark is a heading.
    let open = report.paragraphs.iter().filter(|text| !ended(text) && text.chars().count() > 40);
    assert_eq!(open.count(), 0);
}

/// Every character of the file is in what was read, as often as it is printed.
#[test]
fn nothing_is_lost() {
    let report = published();
    let mut read = report.contents_title.clone();
    for text in report.contents.iter().chain(&report.paragraphs) {
        read.push_str(text);
    }
    for table in &report.tables {
        // The table inside a part has no number, title or repeated head of its own.
        let inside = table.number.starts_with('第');
        for (index, page) in table.pages.iter().enumerate() {
            if !page.unit.is_empty() {
                read += &table.number;
                read += &table.title;
            }
            for line in [&page.department, &page.period, &page.unit] {
                read += line;
            }
            if index == 0 || !inside {
                read.extend(table.header.iter().flatten().map(String::as_str));
            }
        }
        read.extend(table.rows.iter().flatten().map(String::as_str));
        read.extend(table.notes.iter().map(String::as_str));
    }
    // The marks of headings, list items and the Markdown rule; the marks are ASCII only.
    let marks = |c: &char| !matches!(c, '#' | '-');
    let mut read: Vec<char> = read.chars().filter(marks).collect();
    let mut file: Vec<char> = plain(&text()).chars().filter(marks).collect();
    read.sort_unstable();
    file.sort_unstable();
    assert_eq!(String::from_iter(read), String::from_iter(file));
}

#[test]
fn paragraphs_that_are_close_stay_apart() {
    let report = published();
    for start in [
        "2023年深圳市人力资源和社会保障数据管理中心部门预算",
        "1.信息化新建项目（非政府投资项目）预算794万元",
        "4.信息化运维项目预算1,953万元",
        "公务用车运行维护费2023年预算数4万元",
        "备注：涉密项目按要求不予公开。",
        "二、表格部分",
    ] {
        assert!(report.paragraphs.iter().any(|text| text.starts_with(start)), "{start}");
    }
}

#[test]
fn each_page_keeps_its_own_department() {
    let report = published();
    let bureau = "部门名称：深圳市人力资源和社会保障局";
    let centre = "部门名称：深圳市人力资源和社会保障数据管理中心";
    for (number, expected) in [
        ("表1", &[centre, centre][..]),
        ("表7", &[bureau, centre]),
        ("表8", &[bureau, centre, centre]),
        ("表10", &[bureau]),
        ("表11", &[centre]),
        ("表12", &["", "", ""]),
    ] {
        let pages = &table(&report, number).pages;
        let found: Vec<&str> = pages.iter().map(|page| page.department.as_str()).collect();
        assert_eq!(found, expected, "{number}");
    }
    let first = &table(&report, "表12").pages[0];
    assert_eq!((first.period.as_str(), first.unit.as_str()), ("2023年度", "单位：万元"));
    let rows: Vec<_> = table(&report, "表8").pages.iter().map(|page| page.rows.len()).collect();
    assert_eq!(rows, [13, 14, 7]);
}

#[test]
fn cells_stand_where_the_file_has_them() {
    let report = published();
    let one = table(&report, "表1");
    assert_eq!(one.title, "收支总表");
    assert_eq!(one.header[0], ["收入", "", "支出", ""]);
    assert_eq!(one.rows[11], ["", "", "三、住房保障支出", "386"]);
    assert_eq!(one.notes[1], "本套报表金额单位转换时可能存在尾数误差。");
    let seven = table(&report, "第七部分");
    assert_eq!(seven.title, "重点项目预算绩效情况说明");
    assert!(seven.rows[1][2].contains("制卡成功率≥90%等。"));
    assert!(seven.rows[3][2].ends_with("验收合格率=100%等。"));
    let three = table(&report, "表3");
    assert_eq!(three.header[1][7], "其中：面向中小企业政府采购项目");
}

#[test]
fn the_cells_of_table_12_can_be_put_in_their_columns() {
    let report = published();
    let rows = &table(&report, "表12").rows;
    assert_eq!(rows[10], ["进行维护的设备台数", "", "", "≥64台", ""]);
    let rows = in_columns(rows);
    assert_eq!(rows[10], ["", "", "", "进行维护的设备台数", "≥64台"]);
    assert_eq!(rows[14][2], "质量");
    assert_eq!(rows[20][2], "时效");
    assert_eq!(rows[7][0], "年度总体目标", "a cell merged to the right stays at the left");
    for row in &rows[8..] {
        assert_eq!(row.len(), 5);
        assert!(!row[4].is_empty(), "an indicator has a target: {row:?}");
    }
}
