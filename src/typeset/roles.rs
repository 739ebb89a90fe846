//! Roles of type (小标宋, 仿宋, 黑体 …) and the faces that draw them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use typst::text::{Font, FontBook, FontInfo, FontStyle, FontVariant, FontWeight};

use super::measure::{Measure, Widths};
use super::{faces, names};
use crate::finding::{File, Finding};
use crate::form::manifest::{Face, Manifest, Role};
use crate::source::scalar::{Entries, Text};
use crate::source::shape;

/// The role that draws ASCII in all the others.
const DIGITS: &str = "digits";

/// All faces at hand, shipped ones first.
#[derive(Clone)]
pub struct Faces {
    all: Vec<Font>,
    book: Arc<FontBook>,
    called: Arc<Vec<Called>>,
}

/// One of the names of a face.
struct Called {
    key: String,
    /// Its kind: names of the family come first.
    rank: usize,
    /// The one name that Typst knows the face's family by.
    family: String,
    /// It is the office's own.
    own: bool,
}

/// A role as `yusuan fonts` shows it.
#[derive(Debug)]
pub struct RoleReport {
    pub role: String,
    pub stands_for: String,
    /// The families in use, in order, and whether each is at hand.
    pub families: Vec<(String, bool)>,
    /// The office's own families that the form would rather take, when it has none of them.
    pub wanted: Vec<String>,
}

impl Faces {
    /// The shipped faces and those of the office's own folders.
    pub fn load(folders: &[PathBuf]) -> Result<Self, Vec<Finding>> {
        let mut all = faces::shipped().to_vec();
        let shipped = all.len();
        for folder in folders {
            all.extend(faces::in_folder(folder).map_err(|finding| vec![finding])?);
        }
        let names = all.iter().enumerate().flat_map(|(at, face)| {
            let family = &face.info().family;
            let names = names::of_font(face).into_iter();
            names.chain([(0, family.clone())]).map(move |(rank, name)| Called {
                key: names::key(&name),
                rank,
                family: family.clone(),
                own: at >= shipped,
            })
        });
        let mut called: Vec<Called> = names.collect();
        called.sort_by_key(|one| one.rank);
        let mut infos: Vec<FontInfo> = all.iter().map(|face| face.info().clone()).collect();
        for regular in regulars(&all) {
            let info = regular.info().clone();
            infos.push(FontInfo { family: regular_of(&info.family), ..info });
            all.push(regular);
        }
        let book = Arc::new(FontBook::from_infos(infos));
        Ok(Self { all, book, called: Arc::new(called) })
    }

    pub fn all(&self) -> &[Font] {
        &self.all
    }

    /// The faces by family; the regular ones of families with several weights by another name too.
    pub fn book(&self) -> &FontBook {
        &self.book
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
                let help = match shape::nearest(&role.text, names.iter().copied()) {
                    Some(near) => format!("是不是“{near}”？"),
                    None => format!("角色有：{}", names.join("、")),
                };
                findings.push(
                    Finding::error("P03", format!("字体没有“{}”这个角色", role.text))
                        .at(file, role.place.clone())
                        .help(help),
                );
            } else if self.family(&family.text).is_none() {
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
        Ok(roles
            .map(|(name, role)| (name.clone(), self.filled(role, chosen.get(&name.text), manifest)))
            .collect())
    }

    /// The role with the family that the source names in front, then the office's own that the form
    /// knows for it and what extends them, then the form's faces and all other extensions.
    fn filled(&self, role: &Role, chosen: Option<&Text>, manifest: &Manifest) -> Role {
        let face = |family: &String, place: &Text| Face {
            name: Text { text: family.clone(), place: place.place.clone() },
            covers: None,
        };
        let own = |names: &[Text]| -> Vec<Face> {
            let found = |name: &Text| self.own(name).map(|family| face(family, name)).collect();
            names.iter().flat_map::<Vec<Face>, _>(found).collect()
        };
        let chosen = chosen.and_then(|name| Some(face(self.family(&name.text)?, name)));
        let mut first: Vec<Face> = chosen.into_iter().chain(own(&role.own)).collect();
        let (partners, others): (Vec<Face>, Vec<Face>) =
            own(&manifest.extensions).into_iter().partition(|extension| {
                let key = names::key(&extension.name.text);
                first.iter().any(|face| key.starts_with(&names::key(&face.name.text)))
            });
        first.extend(partners);
        let mut faces: Vec<Face> = Vec::new();
        for face in first.into_iter().chain(role.faces.clone()).chain(others) {
            let same = |have: &Face| have.covers.is_none() && have.name.text == face.name.text;
            if face.covers.is_some() || !faces.iter().any(same) {
                faces.push(face);
            }
        }
        Role { faces, ..role.clone() }
    }

    /// Lets the regular face of a family draw those of `characters` that its bold one cannot.
    pub fn complete(&self, roles: &mut [(Text, Role)], characters: &BTreeSet<char>) {
        for (_, role) in roles {
            let mut faces = Vec::new();
            for face in std::mem::take(&mut role.faces) {
                let regular = regular_of(&face.name.text);
                let bold = self.pick(&face, role);
                let draws =
                    self.pick_family(&regular, role).zip(bold).is_some_and(|(one, bold)| {
                        let lacks = |c: &char| !covers(bold, *c) && covers(one, *c);
                        face.covers.is_none() && characters.iter().any(lacks)
                    });
                let name = Text { text: regular.clone(), place: face.name.place.clone() };
                faces.push(face);
                faces.extend(draws.then_some(Face { name, covers: None }));
            }
            role.faces = faces;
        }
    }

    /// Whether some role may have no face for some of `characters`: only pages tell for certain.
    pub fn may_lack(&self, roles: &[(Text, Role)], characters: &BTreeSet<char>) -> bool {
        let faces_of = |role| self.faces_of(role).collect::<Vec<_>>();
        let digits = roles.iter().find(|(name, _)| name.text == DIGITS);
        let digits = digits.map(|(_, role)| faces_of(role)).unwrap_or_default();
        let others = roles.iter().filter(|(name, _)| name.text != DIGITS);
        others.map(|(_, role)| faces_of(role)).any(|faces| {
            characters.iter().any(|c| {
                let by = if c.is_ascii() { &digits } else { &faces };
                !c.is_control() && !c.is_whitespace() && !by.iter().any(|face| covers(face, *c))
            })
        })
    }

    /// How wide text is: ASCII in the face of `digits`, all else in the first face of its role.
    pub fn widths(&self, roles: &[(Text, Role)]) -> Widths {
        let face = |role: &Role| {
            let first = role.faces.iter().find(|face| face.covers.is_none())?;
            self.pick(first, role)
        };
        let digits = roles.iter().find(|(name, _)| name.text == DIGITS);
        let digits = digits.and_then(|(_, role)| face(role));
        let widths = roles.iter().filter_map(|(name, role)| {
            Some((name.text.clone(), Measure::new(digits?, face(role)?)?))
        });
        Widths::new(widths)
    }

    /// What each role of a form is drawn with, and what the form would rather draw it with.
    pub fn report(&self, manifest: &Manifest, roles: &[(Text, Role)]) -> Vec<RoleReport> {
        let reports = roles.iter().map(|(name, role)| {
            let known = manifest.roles.get(&name.text).map_or(&[][..], |role| &role.own);
            let has_one = known.iter().any(|family| self.own(family).next().is_some());
            let wanted = known.iter().filter(|family| !has_one && !family.text.contains('*'));
            RoleReport {
                role: name.text.clone(),
                stands_for: role.stands_for.text.clone(),
                families: role
                    .faces
                    .iter()
                    .map(|face| (face.name.text.clone(), self.family(&face.name.text).is_some()))
                    .collect(),
                wanted: wanted.map(|family| family.text.clone()).collect(),
            }
        });
        reports.collect()
    }

    /// Typst's name of the family that is called `name`.
    fn family(&self, name: &str) -> Option<&String> {
        let key = names::key(name);
        self.called.iter().find(|called| called.key == key).map(|called| &called.family)
    }

    /// The office's own families that are called `name`, which may end or begin with `*`.
    fn own(&self, name: &Text) -> impl Iterator<Item = &String> {
        let key = names::key(&name.text);
        let found = move |called: &&Called| called.own && names::matches(&key, &called.key);
        self.called.iter().filter(found).map(|called| &called.family)
    }

    /// The faces that draw a role, but for those that draw only a few characters of it.
    fn faces_of(&self, role: &Role) -> impl Iterator<Item = &Font> {
        let whole = role.faces.iter().filter(|face| face.covers.is_none());
        whole.filter_map(|face| self.pick(face, role))
    }

    fn pick(&self, face: &Face, role: &Role) -> Option<&Font> {
        self.pick_family(&face.name.text, role)
    }

    fn pick_family(&self, family: &str, role: &Role) -> Option<&Font> {
        let weight = FontWeight::from_number(u16::try_from(role.weight.count).ok()?);
        let variant = FontVariant { weight, ..FontVariant::default() };
        self.all.get(self.book.select(&family.to_lowercase(), variant)?)
    }
}

fn covers(face: &Font, c: char) -> bool {
    face.info().coverage.contains(c.into())
}

/// What the regular face of a family is called besides: Typst takes one face of a family and asks
/// no other.
fn regular_of(family: &str) -> String {
    format!("{family} Regular")
}

/// The regular face of each family of several weights.
fn regulars(faces: &[Font]) -> Vec<Font> {
    let mut families: BTreeMap<&str, Vec<&Font>> = BTreeMap::new();
    for face in faces.iter().filter(|face| face.info().variant.style == FontStyle::Normal) {
        families.entry(face.info().family.as_str()).or_default().push(face);
    }
    let regular = |faces: Vec<&Font>| {
        let distance = |face: &&Font| face.info().variant.weight.distance(FontWeight::REGULAR);
        let several = faces.len() > 1;
        faces.into_iter().min_by_key(distance).filter(|_| several).cloned()
    };
    families.into_values().filter_map(regular).collect()
}
