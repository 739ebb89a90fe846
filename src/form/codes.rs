//! 科目表: the names of functional and economic codes, as a form ships them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::manifest::Manifest;
use crate::finding::{File, Finding};
use crate::source::Located;
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

/// How many digits may be wrong in a code that was meant to be another.
const SLIPS: usize = 2;

/// Digits of a 类.
const CLASS: usize = 3;

/// How much two names of one class have in common at least.
const ALIKE: f64 = 0.5;

/// The known code that a slip of the finger most likely meant: the one of this name, else the one
/// that differs least.
pub fn nearest<'n>(names: &'n Names, code: &str, name: Option<&str>) -> Option<(&'n str, &'n str)> {
    let same_level = || names.iter().filter(|(known, _)| known.len() == code.len());
    let apart = |known: &str| strsim::damerau_levenshtein(known, code);
    let of_name = same_level().filter(|(_, known)| Some(known.as_str()) == name);
    // Where the name says something else, the code is probably only missing from the table: one
    // wrong digit may still be a slip, but not in a 类, of which nearly every number is one.
    let alike =
        |known: &str| name.map(|name| strsim::normalized_damerau_levenshtein(name, known) >= ALIKE);
    let most = |known_code: &str, known: &str| match alike(known) {
        Some(true) => SLIPS,
        _ if code.len() == CLASS || known_code.get(..CLASS) != code.get(..CLASS) => 0,
        Some(false) => 1,
        None => SLIPS,
    };
    let of_digits = same_level().filter(|(code, known)| apart(code) <= most(code, known));
    let nearest = of_name.min_by_key(|(known, _)| apart(known));
    let nearest = nearest.or_else(|| of_digits.min_by_key(|(known, _)| apart(known)));
    nearest.map(|(code, name)| (code.as_str(), name.as_str()))
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
