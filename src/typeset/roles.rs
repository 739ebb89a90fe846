//! Roles of type (小标宋, 仿宋, 黑体 …) and the faces that draw them.

use std::path::PathBuf;
use std::sync::Arc;

use typst::text::{Font, FontBook, FontVariant, FontWeight};

use super::faces;
use super::measure::{Measure, Widths};
use crate::finding::{File, Finding};
use crate::form::manifest::{Face, Manifest, Role};
use crate::source::near;
use crate::source::scalar::{Entries, Text};

/// The role that draws ASCII in all the others.
const DIGITS: &str = "digits";

/// All faces at hand, shipped ones first.
#[derive(Clone)]
pub struct Faces {
    all: Vec<Font>,
    book: Arc<FontBook>,
    /// The families of the office's own folders.
    own: Vec<String>,
}

/// A role as `yusuan fonts` shows it.
#[derive(Debug)]
pub struct RoleReport {
    pub role: String,
    pub stands_for: String,
    /// The families in use, in order, and whether each is at hand.
    pub families: Vec<(String, bool)>,
}

impl Faces {
    /// The shipped faces and those of the office's own folders.
    pub fn load(folders: &[PathBuf]) -> Result<Self, Vec<Finding>> {
        let mut all = faces::shipped().to_vec();
        let shipped = all.len();
        for folder in folders {
            all.extend(faces::in_folder(folder).map_err(|finding| vec![finding])?);
        }
        let own = all[shipped..].iter().map(|face| face.info().family.as_str().to_owned());
        let own = own.collect();
        let book = Arc::new(FontBook::from_fonts(&all));
        Ok(Self { all, book, own })
    }

    pub fn all(&self) -> &[Font] {
        &self.all
    }

    /// The form's roles, with the faces that the source or the office's folders put first.
    pub fn roles(
        &self,
        manifest: &Manifest,
        chosen: &Entries<Text>,
        file: &Arc<File>,
    ) -> Result<Vec<(Text, Role)>, Vec<Finding>> {
        let mut findings = Vec::new();
        let names: Vec<&str> =
            manifest.roles.0.iter().map(|(name, _)| name.text.as_str()).collect();
        for (role, family) in &chosen.0 {
            if !names.contains(&role.text.as_str()) {
                let help = match near::nearest(&role.text, names.iter().copied()) {
                    Some(near) => format!("是不是“{near}”？"),
                    None => format!("角色有：{}", names.join("、")),
                };
                findings.push(
                    Finding::error("P03", format!("字体没有“{}”这个角色", role.text))
                        .at(file, role.place.clone())
                        .help(help),
                );
            } else if !self.has(&family.text) {
                findings.push(
                    Finding::error("P03", format!("没有“{}”这个字体", family.text))
                        .at(file, family.place.clone())
                        .help("用 --fonts 文件夹 给出它；yusuan fonts 列出现有的字体"),
                );
            }
        }
        if !findings.is_empty() {
            return Err(findings);
        }
        let roles = manifest.roles.0.iter();
        Ok(roles.map(|(name, role)| (name.clone(), self.filled(name, role, chosen))).collect())
    }

    /// The role with the family that the source names in front, else one of the office's own that
    /// the form knows for it.
    fn filled(&self, name: &Text, role: &Role, chosen: &Entries<Text>) -> Role {
        let own = || {
            role.own
                .iter()
                .find(|family| self.own.iter().any(|have| have.eq_ignore_ascii_case(&family.text)))
        };
        match chosen.get(&name.text).or_else(own) {
            Some(family) => {
                let first = Face { name: family.clone(), covers: None };
                Role {
                    faces: std::iter::once(first).chain(role.faces.clone()).collect(),
                    ..role.clone()
                }
            }
            None => role.clone(),
        }
    }

    /// How wide text is: ASCII in the face of `digits`, all else in the first face of its role.
    pub fn widths(&self, roles: &[(Text, Role)]) -> Widths {
        let face = |role: &Role| {
            let weight = FontWeight::from_number(u16::try_from(role.weight.count).ok()?);
            let variant = FontVariant { weight, ..FontVariant::default() };
            let first = role.faces.iter().find(|face| face.covers.is_none())?;
            self.all.get(self.book.select(&first.name.text.to_lowercase(), variant)?)
        };
        let digits = roles.iter().find(|(name, _)| name.text == DIGITS);
        let digits = digits.and_then(|(_, role)| face(role));
        let widths = roles.iter().filter_map(|(name, role)| {
            Some((name.text.clone(), Measure::new(digits?, face(role)?)?))
        });
        Widths::new(widths)
    }

    /// What each role of a form is drawn with.
    pub fn report(&self, roles: &[(Text, Role)]) -> Vec<RoleReport> {
        let reports = roles.iter().map(|(name, role)| RoleReport {
            role: name.text.clone(),
            stands_for: role.stands_for.text.clone(),
            families: role
                .faces
                .iter()
                .map(|face| (face.name.text.clone(), self.has(&face.name.text)))
                .collect(),
        });
        reports.collect()
    }

    fn has(&self, family: &str) -> bool {
        self.book.contains_family(&family.to_lowercase())
    }
}
