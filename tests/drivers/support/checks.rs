//! What must hold on the pages of any report of the shipped form.

use std::collections::BTreeMap;

use yusuan::report::{Align, Cell, Report, Role, Row, Table, plain};

use super::paper::{Area, Page, Run, squeezed};

/// Rules are half a point wide and ink may touch them; typefaces overhang by a hair.
const SLACK: f64 = 1.0;
/// Of the form: a millimetre in points, and the margins of both ways of A4 in `look.typ`.
const MM: f64 = 72.0 / 25.4;
const PORTRAIT: (f64, f64) = (28.0 * MM, 26.0 * MM);
const LANDSCAPE: (f64, f64) = (35.0 * MM, 37.0 * MM);
const PORTRAIT_BOTTOM: f64 = 35.0 * MM;
const LANDSCAPE_BOTTOM: f64 = 26.0 * MM;

/// Everything that is wrong with the pages, a sentence each.
pub fn complaints(report: &Report, pages: &[Page]) -> Vec<String> {
    let mut complaints = Vec::new();
    for page in pages {
        inside(page, &mut complaints);
        between_rules(page, &mut complaints);
        apart(page, &mut complaints);
    }
    tables(report, pages, &mut complaints);
    complaints
}

/// No ink leaves the page, nor the text area to the left or right.
fn inside(page: &Page, complaints: &mut Vec<String>) {
    let (left, right) = if page.width > page.height { LANDSCAPE } else { PORTRAIT };
    let (left, right) = (left - SLACK, page.width - right + SLACK);
    for (text, ink) in inked(page) {
        if ink.left < left || ink.right > right || ink.top < 0.0 || ink.bottom > page.height {
            complaints.push(format!("page {}: {text:?} leaves the page: {ink:?}", page.number));
        }
    }
}

/// No ink crosses a rule of a table.
fn between_rules(page: &Page, complaints: &mut Vec<String>) {
    for (text, ink) in inked(page) {
        let crossed = page.rules.iter().find(|rule| {
            let upright = rule.right - rule.left < rule.bottom - rule.top;
            // A hair for a body: overlap needs an extent both ways.
            let body = if upright {
                Area { left: rule.left - SLACK, right: rule.right + SLACK, ..**rule }
            } else {
                Area { top: rule.top - SLACK, bottom: rule.bottom + SLACK, ..**rule }
            };
            // Crossing means ink on both sides of the rule, not at its edge.
            body.overlaps(ink, 2.0 * SLACK - 0.01)
        });
        if let Some(rule) = crossed {
            let place = page.number;
            complaints.push(format!("page {place}: {text:?} at {ink:?} crosses {rule:?}"));
        }
    }
}

/// No two texts stand on one another.
fn apart(page: &Page, complaints: &mut Vec<String>) {
    let mut runs: Vec<(&str, &Area)> = inked(page).collect();
    runs.sort_by(|a, b| a.1.left.total_cmp(&b.1.left));
    for (at, (text, ink)) in runs.iter().enumerate() {
        let near = runs[at + 1..].iter().take_while(|(_, other)| other.left < ink.right);
        for (other_text, other) in near {
            if ink.overlaps(other, 2.0 * SLACK) {
                let place = page.number;
                complaints.push(format!("page {place}: {text:?} {ink:?} on {other_text:?}"));
            }
        }
    }
}

fn inked(page: &Page) -> impl Iterator<Item = (&str, &Area)> {
    page.runs.iter().filter_map(|run| Some((run.text.as_str(), run.ink.as_ref()?)))
}

/// Every table has pages of its own, each with the whole head; together they hold every character
/// of the table, and no other but those of what stands again on the next page.
fn tables(report: &Report, pages: &[Page], complaints: &mut Vec<String>) {
    let mut rest = pages;
    // Tables stand at the end: skip to the first page with the head of the first table.
    if let Some(first) = report.tables().next() {
        let start = pages.iter().position(|page| head_on(first, page).is_some());
        rest = &pages[start.unwrap_or(pages.len())..];
    }
    for table in report.tables() {
        let own = rest.iter().take_while(|page| head_on(table, page).is_some()).count();
        let (own, after) = rest.split_at(own);
        rest = after;
        if own.is_empty() {
            complaints.push(format!("{} has no page with its head", table.number));
        }
        let mut wanted = Letters::default();
        own.iter().filter_map(|page| head_on(table, page)).for_each(|head| wanted.add(&head));
        wanted.add_rows(&table.grid.header);
        wanted.add_rows(&table.grid.rows);
        table.notes.iter().for_each(|note| wanted.add(&plain(note)));
        let mut printed = Letters::default();
        own.iter().for_each(|page| printed.add(&without_page_number(page, complaints)));
        if !wanted.are_in(&printed, &again(table)) {
            complaints.push(format!(
                "{} printed − wanted: {}",
                table.number,
                printed.less(&wanted)
            ));
        }
    }
    if let Some(page) = rest.first() {
        complaints.push(format!("page {} has no table's head: {}", page.number, page.text()));
    }
}

/// What may stand again on a further page of a table: heads, and the names that rows go by.
fn again(table: &Table) -> Letters {
    let mut letters = Letters::default();
    letters.add("（续）");
    letters.add_rows(&table.grid.header);
    let names = table.grid.columns.iter().take_while(|column| column.align != Align::Right).count();
    for row in &table.grid.rows {
        let repeats = |cell: &&Cell| row.role == Role::Head || cell.rows > 1 || cell.column < names;
        row.cells.iter().filter(repeats).for_each(|cell| letters.add(&plain(&cell.text)));
    }
    letters
}

/// 表号, title, 部门名称 and 单位, when they stand on the page together.
fn head_on(table: &Table, page: &Page) -> Option<String> {
    let text = page.text();
    let heads = [&table.left, &table.left_after].map(|left| {
        let parts = [&table.title, &table.subtitle, left, &table.right];
        let words: String = parts.iter().map(|part| plain(part)).collect();
        squeezed(&(table.number.clone() + &words))
    });
    heads.into_iter().find(|head| text.contains(head.as_str()))
}

/// The text of a page without `— 12 —` below its text area.
fn without_page_number(page: &Page, complaints: &mut Vec<String>) -> String {
    let bottom = if page.width > page.height { LANDSCAPE_BOTTOM } else { PORTRAIT_BOTTOM };
    let below = |run: &Run| run.ink.is_some_and(|ink| ink.top > page.height - bottom);
    let (footer, body): (Vec<&Run>, Vec<&Run>) = page.runs.iter().partition(|run| below(run));
    let text =
        |runs: Vec<&Run>| squeezed(&runs.iter().map(|run| run.text.as_str()).collect::<String>());
    let number = text(footer);
    let digits = number.trim_start_matches('—').trim_end_matches('—');
    if digits.len() + 2 * '—'.len_utf8() != number.len() || digits.parse::<usize>().is_err() {
        complaints.push(format!("page {} has {number:?} for its number", page.number));
    }
    text(body)
}

/// How often each character stands somewhere: equal for equal texts, however their lines break.
#[derive(Debug, Default)]
struct Letters(BTreeMap<char, i64>);

impl Letters {
    fn add(&mut self, text: &str) {
        squeezed(text).chars().for_each(|c| *self.0.entry(c).or_default() += 1);
    }

    fn add_rows(&mut self, rows: &[Row]) {
        rows.iter().flat_map(|row| &row.cells).for_each(|cell| self.add(&plain(&cell.text)));
    }

    /// Whether all are among others, and what these have besides is among what may stand `again`.
    fn are_in(&self, others: &Self, again: &Self) -> bool {
        let of = |letters: &Self, c| letters.0.get(c).copied().unwrap_or_default();
        self.0.iter().all(|(c, count)| of(others, c) >= *count)
            && others.0.iter().all(|(c, count)| of(self, c) == *count || of(again, c) > 0)
    }

    fn less(&self, other: &Self) -> String {
        let all: std::collections::BTreeSet<char> =
            self.0.keys().chain(other.0.keys()).copied().collect();
        let of = |letters: &Self, c| letters.0.get(&c).copied().unwrap_or_default();
        all.into_iter()
            .map(|c| (c, of(self, c) - of(other, c)))
            .filter(|(_, difference)| *difference != 0)
            .map(|(c, difference)| format!("{c}{difference:+} "))
            .collect()
    }
}
