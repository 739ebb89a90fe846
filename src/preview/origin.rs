//! From a point on a page to the source: the line that was printed there, or what it was computed
//! from, part by part.

use serde_json::{Value, json};

use super::shown::Shown;
use super::trail::trail;
use crate::budget::{self, Figure};
use crate::finding::File;
use crate::report::Origin;
use crate::source::{scalar::Place, tree::Node};
use crate::typeset::geometry::Area;
use crate::typeset::markup::Placed;

/// How far beside a text a click still means it, in points.
const REACH: f64 = 14.0;
/// Parts that an answer lists; the sum of a whole city has more than anybody reads.
const MOST_PARTS: usize = 400;

/// What is printed at a point of a page, counted from 0, and where it comes from.
pub fn source_of(shown: &Shown, page: usize, x: f64, y: f64) -> Option<Value> {
    let near = shown.areas().iter().filter(|area| area.page == page);
    let near = near.map(|area| (area.rect.distance(x, y), area));
    let (distance, area) = near.min_by(|a, b| a.0.total_cmp(&b.0))?;
    (distance <= REACH).then(|| answer(shown, area))
}

fn answer(shown: &Shown, area: &Area) -> Value {
    let placed = shown.placed(area);
    let mut left = MOST_PARTS;
    let mut answer = origin_of(shown, placed, &mut left);
    answer["text"] = placed.text.clone().into();
    answer["where"] = super::answer::label(&shown.made.report, placed.address).into();
    let own = shown.areas().iter().filter(|other| other.placed == area.placed);
    answer["areas"] = own.map(super::answer::area).collect();
    answer
}

fn origin_of(shown: &Shown, placed: &Placed, left: &mut usize) -> Value {
    match &placed.origin {
        Origin::Text(place) => located(shown, "text", place),
        Origin::Figure(figure, _) => figure_of(shown, figure, left),
        Origin::Form => {
            // The form's own words: then what the source says in the same paragraph or cell.
            let beside =
                shown.pages.markup.placed.iter().filter(|other| {
                    other.address == placed.address && other.origin != Origin::Form
                });
            let mut told: Vec<Value> = Vec::new();
            for other in beside {
                if !part(left) {
                    break;
                }
                let one = origin_of(shown, other, left);
                if !told.contains(&one) {
                    told.push(one);
                }
            }
            let mut answer = nowhere("form");
            answer["computed_from"] = told.into();
            answer
        }
    }
}

fn figure_of(shown: &Shown, figure: &Figure, left: &mut usize) -> Value {
    let (kind, parts): (_, &[&Figure]) = match figure.origin() {
        budget::Origin::Stated(place) => {
            let mut answer = located(shown, "stated", place);
            answer["value"] = shown.made.budget.format.in_prose().print(figure).into();
            return answer;
        }
        budget::Origin::Absent => ("absent", &[]),
        budget::Origin::Sum(parts) => ("sum", &parts.iter().collect::<Vec<_>>()),
        budget::Origin::Difference(a, b) => ("difference", &[a, b]),
        budget::Origin::Rate(a, b) => ("rate", &[a, b]),
        budget::Origin::Computed(parts) => ("computed", &parts.iter().collect::<Vec<_>>()),
    };
    let mut answer = nowhere(kind);
    answer["value"] = shown.made.budget.format.in_prose().print(figure).into();
    answer["keys"] = common_trail(shown.tree(), &figure.places()).into();
    answer["computed_from"] = parts
        .iter()
        .map_while(|figure| part(left).then(|| figure_of(shown, figure, left)))
        .collect();
    answer
}

/// The keys that all places are under.
fn common_trail(tree: &Node, places: &[Place]) -> Vec<String> {
    let mut trails = places.iter().map(|place| trail(tree, place));
    let first = trails.next().unwrap_or_default();
    trails.fold(first, |common, other| {
        let same = common.iter().zip(&other).take_while(|(a, b)| a == b).count();
        common[..same].to_vec()
    })
}

fn part(left: &mut usize) -> bool {
    *left = left.saturating_sub(1);
    *left > 0
}

fn located(shown: &Shown, kind: &str, place: &Place) -> Value {
    let mut answer = line_of(&shown.made.report.file, place);
    answer["kind"] = kind.into();
    answer["keys"] = trail(shown.tree(), place).into();
    answer["computed_from"] = Value::Array(Vec::new());
    answer
}

fn nowhere(kind: &str) -> Value {
    json!({"kind": kind, "file": null, "line": null, "column": null, "excerpt": null, "keys": [], "computed_from": []})
}

/// A place as people find it: file, line, column, and the line itself. Columns count characters
/// from 1; the place ends before `end_column`, or with its first line.
pub fn line_of(file: &File, place: &Place) -> Value {
    let (line, column) = file.line_column(place.start);
    let start = file.text[..place.start].rfind('\n').map_or(0, |at| at + 1);
    let end = file.text[start..].find('\n').map_or(file.text.len(), |at| start + at);
    let marked = &file.text[place.start..place.end.clamp(place.start, end.max(place.start))];
    json!({
        "file": file.name,
        "line": line,
        "column": column,
        "end_column": column + marked.chars().count(),
        "excerpt": file.text[start..end].trim_end_matches('\r'),
    })
}
