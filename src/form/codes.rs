//! 科目表: the names of functional and economic codes, as a form ships them.

use std::collections::BTreeMap;
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
}

impl CodeNames {
    pub fn read(
        manifest: &Located<Manifest>,
        files: &BTreeMap<String, Arc<File>>,
    ) -> Result<Self, Vec<Finding>> {
        let read = |path: &Option<Text>| {
            let Some(path) = path else { return Ok::<_, Vec<Finding>>(Names::new()) };
            let file = files.get(&path.text).ok_or_else(|| {
                vec![
                    Finding::error("F02", format!("表式里没有“{}”这个文件", path.text))
                        .at(&manifest.file, path.place.clone()),
                ]
            })?;
            Ok(names(&file.text))
        };
        let codes = &manifest.value.codes;
        Ok(Self { functional: read(&codes.functional)?, economic: read(&codes.economic)? })
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
