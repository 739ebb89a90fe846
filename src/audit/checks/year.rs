//! 年度: the year of the budget against every other year that the source knows of.

use super::{Hit, View};
use crate::source::scalar::Place;

/// The first month in which next year's budget may be printed.
const EARLIEST_MONTH: u8 = 10;

impl View<'_> {
    /// A 年度 that the date, the 截至 of the assets, the form or the file's name speak against.
    pub(super) fn budget_year(&self, words: &[String]) -> Result<Vec<Hit>, String> {
        let years_on: u32 = match words {
            [] => 0,
            [word, ..] => word.parse().map_err(|_| format!("“{word}”要写成年数"))?,
        };
        let source = &self.budget.source;
        let this = source.value.year.count;
        let mut against = Vec::new();
        let mut feeds = Vec::new();
        let mut speaks = |what: String, place: Option<&Place>| {
            against.push(what);
            feeds.extend(place.cloned());
        };
        if let Some(date) = &source.value.date {
            let year = u32::try_from(date.year).unwrap_or(this);
            if year != this && !(year + 1 == this && date.month >= EARLIEST_MONTH) {
                let day = source.file.text.get(date.place.clone()).unwrap_or_default();
                speaks(format!("“日期”是 {day}"), Some(&date.place));
            }
        }
        if let Some(assets) = &source.value.assets {
            let years = years_in(&assets.until.text);
            if !years.is_empty() && !years.iter().any(|year| *year == this || year + 1 == this) {
                let until = &assets.until;
                speaks(format!("“国有资产.截至”是{}", until.text), Some(&until.place));
            }
        }
        let form = &self.form.manifest.value;
        if let Some(year) = form.year.as_ref().map(|year| year.count)
            && !(year..=year + years_on).contains(&this)
        {
            speaks(format!("“表式”是 {year} 年的"), Some(&source.value.form.place));
        }
        let name = source.file.name.rsplit(['/', '\\']).next().unwrap_or_default();
        let years = years_in(name);
        if !years.is_empty() && !years.contains(&this) {
            speaks(format!("文件名是 {name}"), None);
        }
        if against.is_empty() {
            return Ok(Vec::new());
        }
        let message = format!("年度是 {this}，但{}", against.join("，"));
        let place = Some(source.value.year.place.clone());
        Ok(vec![Hit { message, place, feeds, ..Hit::default() }])
    }
}

/// The years that a text names, not being parts of longer numbers.
fn years_in(text: &str) -> Vec<u32> {
    let numbers = text.split(|c: char| !c.is_ascii_digit()).filter(|it| it.len() == 4);
    let years = numbers.filter_map(|it| it.parse().ok());
    years.filter(|year| (1900..2100).contains(year)).collect()
}
