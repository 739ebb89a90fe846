//! What a source prints: `tests/printed/*.yaml`, each with lines `# 印出：…` of texts that stand
//! somewhere in its report. The cells of a row are parted by `|`.

use crate::support::making;

use yusuan::report::{Block, Grid, Report, plain};

const WANTED: &str = "# 印出：";

fn texts(report: &Report) -> Vec<String> {
    let mut texts = Vec::new();
    let rows = |grid: &Grid| -> Vec<String> {
        let cells = |row: &yusuan::report::Row| -> String {
            row.cells.iter().map(|cell| plain(&cell.text)).collect::<Vec<_>>().join("|")
        };
        grid.rows.iter().map(cells).collect()
    };
    for block in report.chapters().flat_map(|chapter| &chapter.blocks) {
        match block {
            Block::Heading(_, line) | Block::Paragraph(line) => texts.push(plain(line)),
            Block::Table(grid) => texts.extend(rows(grid)),
        }
    }
    for table in report.tables() {
        texts.extend(rows(&table.grid));
        texts.extend(table.notes.iter().map(|note| plain(note)));
    }
    texts
}

#[test]
fn sources_print_what_they_should() {
    let form = making::shipped_form();
    let mut paths: Vec<_> = std::fs::read_dir("tests/printed")
        .expect("the folder is there")
        .map(|entry| entry.expect("it can be read").path())
        .collect();
    paths.sort();
    let mut missing = Vec::new();
    for path in &paths {
        let text = std::fs::read_to_string(path).expect("it can be read");
        let report = making::shown(form.report(&making::shown(making::budget(&text))));
        let printed = texts(&report);
        let wanted: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix(WANTED)).collect();
        assert!(!wanted.is_empty(), "{} wants nothing", path.display());
        let is_missing = |wanted: &&&str| !printed.iter().any(|have| have.contains(**wanted));
        missing
            .extend(wanted.iter().filter(is_missing).map(|it| format!("{}: {it}", path.display())));
    }
    assert!(missing.is_empty(), "not printed:\n{}", missing.join("\n"));
}
