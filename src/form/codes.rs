//! 科目表: the names of functional and economic codes, as a form ships them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::manifest::Manifest;
use crate::finding::{File, Finding};
use crate::source::Located;
use crate::source::alike;
use crate::source::scalar::Text;

/// Names by code.
pub type Names = BTreeMap<String, String>;

/// The code tables of a form. They are partial: an unknown code is no error in itself.
#[derive(Debug, Default)]
pub struct CodeNames {
    /// 支出功能分类
    pub functional: Names,
    /// 支出经济分类
    pub economic: Names,
    /// Codes whose names were last seen long before the form's year: they may be called otherwise.
    dated: BTreeSet<String>,
}

/// As many years a name is taken to last.
const LASTS: u32 = 3;

impl CodeNames {
    pub fn read(
        manifest: &Located<Manifest>,
        files: &BTreeMap<String, Arc<File>>,
    ) -> Result<Self, Vec<Finding>> {
        let mut dated = BTreeSet::new();
        let year = manifest.value.year.as_ref().map_or(0, |year| year.count);
        let mut read = |path: &Option<Text>| {
            let Some(path) = path else { return Ok::<_, Vec<Finding>>(Names::new()) };
            let file = files.get(&path.text).ok_or_else(|| {
                vec![
                    Finding::error("F02", format!("表式里没有“{}”这个文件", path.text))
                        .at(&manifest.file, path.place.clone()),
                ]
            })?;
            dated.extend(dated_before(&file.text, year.saturating_sub(LASTS)));
            Ok(names(&file.text))
        };
        let codes = &manifest.value.codes;
        let (functional, economic) = (read(&codes.functional)?, read(&codes.economic)?);
        Ok(Self { functional, economic, dated })
    }
}

impl CodeNames {
    /// Whether a name may have changed since.
    pub fn is_dated(&self, code: &str) -> bool {
        self.dated.contains(code)
    }

    /// Whether some code has this name.
    pub fn has_name(&self, name: &str) -> bool {
        self.names().any(|own| own == name)
    }

    /// The names of all codes.
    pub fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.functional.values().chain(self.economic.values()).map(String::as_str)
    }
}

/// The code that a table has for a name beside a wrong code: in the same 款 (of a 款, the same 类).
/// Elsewhere a name says nothing: every 款 has its 行政运行.
pub fn meant<'n>(names: &'n Names, code: &str, name: &str) -> Option<&'n str> {
    let above = |code: &str| code.get(..code.len().saturating_sub(2)).map(str::to_owned);
    let looks = alike::folded(name);
    let is_meant = |known: &str, its: &str| {
        known != code
            && known.len() == code.len()
            && above(known) == above(code)
            && alike::folded(its) == looks
    };
    names.iter().find(|(known, its)| is_meant(known, its)).map(|(known, _)| known.as_str())
}

/// The codes whose third field, years between commas, ends before a year.
fn dated_before(text: &str, year: u32) -> impl Iterator<Item = String> {
    text.lines().filter_map(move |line| {
        let mut fields = line.split('\t');
        let (code, last) = (fields.next()?, fields.nth(1)?.rsplit(',').next()?);
        last.trim().parse().is_ok_and(|last: u32| last < year).then(|| code.to_owned())
    })
}

/// `CODE<tab>NAME` lines; lines that do not begin with a code are remarks.
fn names(text: &str) -> Names {
    text.lines()
        .filter_map(|line| {
            let mut fields = line.split('\t');
            let code = fields.next()?;
            let name = fields.next()?.trim();
            let is_code = !code.is_empty() && code.bytes().all(|b| b.is_ascii_digit());
            is_code.then(|| (code.to_owned(), name.to_owned()))
        })
        .collect()
}
