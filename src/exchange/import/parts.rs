//! What the parts of a workbook say that its cells do not: which rows and columns do not show, and
//! where a part has to be mended before it can be read.

use std::sync::LazyLock;

use regex::bytes::Regex;

/// Rows and columns that do not show, from 0.
#[derive(Debug, Default)]
pub struct Hidden {
    pub rows: Vec<u32>,
    /// From the first to the last.
    pub columns: Vec<(u32, u32)>,
}

impl Hidden {
    pub fn row(&self, row: u32) -> bool {
        self.rows.binary_search(&row).is_ok()
    }

    pub fn column(&self, column: u32) -> bool {
        self.columns.iter().any(|(first, last)| (*first..=*last).contains(&column))
    }
}

pub fn pattern(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a pattern of the program is one")
}

/// An attribute of an element; its name may have a prefix.
pub fn attribute<'x>(element: &'x [u8], name: &str) -> Option<&'x str> {
    static ATTRIBUTE: LazyLock<Regex> =
        LazyLock::new(|| pattern(r#"\s(?:\w+:)?(\w+)\s*=\s*(?:"([^"]*)"|'([^']*)')"#));
    let mut all = ATTRIBUTE.captures_iter(element);
    let found = all.find(|it| &it[1] == name.as_bytes())?;
    std::str::from_utf8(found.get(2).or_else(|| found.get(3))?.as_bytes()).ok()
}

/// Which rows and columns of a sheet do not show.
pub fn hidden(sheet: &[u8]) -> Hidden {
    static ELEMENT: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"<(?:\w+:)?(row|col)(?:\s[^>]*)?>"));
    let mut hidden = Hidden::default();
    let mut next = 1;
    for found in ELEMENT.captures_iter(sheet) {
        let element = found.get(0).map_or(&[][..], |it| it.as_bytes());
        let number = |name| attribute(element, name).and_then(|text| text.parse::<u32>().ok());
        let unseen = |size| {
            matches!(attribute(element, "hidden"), Some("1" | "true"))
                || attribute(element, size).and_then(|it| it.parse().ok()) == Some(0.0_f64)
        };
        if &found[1] == b"row" {
            let row = number("r").unwrap_or(next);
            next = row.saturating_add(1);
            if unseen("ht") {
                hidden.rows.push(row.saturating_sub(1));
            }
        } else if let (Some(first), Some(last)) = (number("min"), number("max"))
            && unseen("width")
        {
            hidden.columns.push((first.saturating_sub(1), last.saturating_sub(1)));
        }
    }
    hidden.rows.sort_unstable();
    hidden
}

/// A sheet without its dimension, where that is none: it is only a hint.
pub fn mended(sheet: &[u8]) -> Option<Vec<u8>> {
    static DIMENSION: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"<(?:\w+:)?dimension(?:\s[^>]*)?(?:/>|>\s*</(?:\w+:)?dimension\s*>)")
    });
    static RANGE: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"^[A-Z]{1,3}[1-9]\d{0,6}(?::[A-Z]{1,3}[1-9]\d{0,6})?$"));
    let found = DIMENSION.find(sheet)?;
    let range = attribute(found.as_bytes(), "ref").unwrap_or_default();
    let is_range = RANGE.is_match(range.as_bytes())
        && range.split_once(':').is_none_or(|(first, last)| {
            let (first, last) = (place(first), place(last));
            first.0 <= last.0 && first.1 <= last.1
        });
    if is_range {
        return None;
    }
    Some([&sheet[..found.start()], &sheet[found.end()..]].concat())
}

/// The row and column of a name, as they compare.
pub fn place(name: &str) -> (u32, (usize, &str)) {
    let end = name.find(|c: char| c.is_ascii_digit()).unwrap_or(name.len());
    let (column, row) = name.split_at(end);
    (row.parse().unwrap_or_default(), (column.len(), column))
}

/// What a part is related to.
pub struct Relation<'x> {
    pub id: &'x str,
    pub kind: &'x str,
    pub target: &'x str,
}

/// The relations of a part.
pub fn relations(part: &[u8]) -> impl Iterator<Item = Relation<'_>> {
    static RELATION: LazyLock<Regex> = LazyLock::new(|| pattern(r"<(?:\w+:)?Relationship\s[^>]*>"));
    RELATION.find_iter(part).filter_map(|found| {
        let of = |name| attribute(found.as_bytes(), name);
        Some(Relation {
            id: of("Id")?,
            kind: of("Type").unwrap_or_default(),
            target: of("Target")?,
        })
    })
}

/// The part of each sheet, in the order of the workbook.
pub fn sheets(workbook: &[u8], relations: &[u8]) -> Vec<String> {
    static SHEET: LazyLock<Regex> = LazyLock::new(|| pattern(r"<(?:\w+:)?sheet\s[^>]*>"));
    let target = |id: &str| {
        let target = self::relations(relations).find(|it| it.id == id)?.target;
        let target = target.replace('\\', "/");
        Some(match target.strip_prefix('/') {
            Some(whole) => whole.to_owned(),
            None => format!("xl/{target}"),
        })
    };
    let ids = SHEET.find_iter(workbook).map(|it| attribute(it.as_bytes(), "id"));
    ids.map(|id| id.and_then(target).unwrap_or_default()).collect()
}
