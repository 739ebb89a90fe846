//! Roles of type (小标宋, 仿宋, 黑体 …) and the faces that draw them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use typst::text::{Font, FontBook, FontInfo, FontStyle, FontVariant, FontWeight};

use super::faces;
use super::measure::{self, Measure, Widths};
use super::names::{self, Names};
use crate::finding::{File, Finding};
use crate::form::manifest::{Face, Manifest, Role};
use crate::source::near;
use crate::source::scalar::{Entries, Text};

/// The role that draws ASCII in all the others.
pub const DIGITS: &str = "digits";

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
    /// Only here does that family have this name.
    renamed: bool,
}

impl Called {
    /// All names of a face; of an office's own one, whether Typst reads its family from a new name.
    fn all(face: &Font, names: Names, own: Option<bool>) -> impl Iterator<Item = Self> + use<> {
        let family = face.info().family.clone();
        let names = names.into_iter().chain([(0, family.clone())]);
        names.map(move |(rank, name)| Self {
            key: names::key(&name),
            rank,
            family: family.clone(),
            own: own.is_some(),
            renamed: own == Some(true),
        })
    }
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
        let mut called: Vec<Called> = all
            .iter()
            .flat_map(|face| Called::all(face, names::of_file(face.data(), face.index()), None))
            .collect();
        for folder in folders {
            for face in faces::in_folder(folder).map_err(|finding| vec![finding])? {
                called.extend(Called::all(&face.font, face.names, Some(face.renamed)));
                all.push(face.font);
            }
        }
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
                let help = match near::nearest(&role.text, names.iter().copied()) {
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
            .map(|(name, role)| (name.clone(), self.filled(role, chosen.get(&name.text))))
            .collect())
    }

    /// The role with the family that the source names in front, then the office's own that the form
    /// knows for it, then the form's faces.
    fn filled(&self, role: &Role, chosen: Option<&Text>) -> Role {
        let chosen = chosen.and_then(|name| Some(whole(self.family(&name.text)?, name)));
        let own = role.own.iter().flat_map(|name| self.own(name).map(|family| whole(family, name)));
        let general = role.faces.iter().map(|face| match self.family(&face.name.text) {
            Some(family) => Face { covers: face.covers.clone(), ..whole(family, &face.name) },
            None => face.clone(),
        });
        let mut faces: Vec<Face> = Vec::new();
        for face in chosen.into_iter().chain(own).chain(general) {
            let same = |have: &Face| have.covers.is_none() && have.name.text == face.name.text;
            if face.covers.is_some() || !faces.iter().any(same) {
                faces.push(face);
            }
        }
        Role { faces, ..role.clone() }
    }

    /// Lets the regular face of a family draw those of `characters` that its bold one cannot, and
    /// one of `extensions` those that no other face of the role draws. Says whether every role now
    /// draws them all.
    pub fn complete(
        &self,
        roles: &mut [(Text, Role)],
        extensions: &[Text],
        characters: &BTreeSet<char>,
    ) -> bool {
        let shown = |c: &char| !c.is_control() && !c.is_whitespace();
        let mut wanted: Vec<char> = characters.iter().copied().filter(shown).collect();
        let digits = roles.iter().find(|(name, _)| name.text == DIGITS);
        if let Some((_, digits)) = digits {
            let faces: Vec<_> =
                digits.faces.iter().filter_map(|face| self.read(face, digits)).collect();
            let drawn = |c: char| faces.iter().any(|face| face.glyph_index(c).is_some());
            wanted.retain(|c| !c.is_ascii() || !drawn(*c));
        }
        let others = roles.iter_mut().filter(|(name, _)| name.text != DIGITS);
        others.fold(true, |all, (_, role)| self.complete_one(role, extensions, &wanted) && all)
    }

    fn complete_one(&self, role: &mut Role, extensions: &[Text], wanted: &[char]) -> bool {
        let mut lacking = wanted.to_vec();
        let mut useful = |face: &Face| {
            let before = lacking.len();
            if let Some(read) = self.read(face, role).filter(|_| face.covers.is_none()) {
                lacking.retain(|c| read.glyph_index(*c).is_none());
            }
            lacking.len() < before
        };
        let mut faces = Vec::new();
        for face in &role.faces {
            let regular = whole(&regular_of(&face.name.text), &face.name);
            useful(face);
            faces.push(face.clone());
            if face.covers.is_none() && useful(&regular) {
                faces.push(regular);
            }
        }
        faces.extend(self.extensions(extensions, &role.faces).into_iter().filter(useful));
        role.faces = faces;
        lacking.is_empty()
    }

    /// Leaves out what the stock compiler knows by no name.
    pub fn keep_stock(&self, roles: &mut [(Text, Role)]) {
        let known =
            |name: &str| self.called.iter().any(|called| called.family == name && !called.renamed);
        for (_, role) in roles {
            role.faces.retain(|face| known(&face.name.text));
        }
    }

    /// The office's own faces for rare characters, those that extend one of `faces` first.
    fn extensions(&self, names: &[Text], faces: &[Face]) -> Vec<Face> {
        let all = names.iter().flat_map(|name| self.own(name).map(|family| whole(family, name)));
        let (mut first, others): (Vec<Face>, Vec<Face>) = all.partition(|extension| {
            let key = names::key(&extension.name.text);
            faces.iter().any(|face| key.starts_with(&names::key(&face.name.text)))
        });
        first.extend(others);
        first
    }

    fn read(&self, face: &Face, role: &Role) -> Option<ttf_parser::Face<'_>> {
        measure::face(self.pick(face, role)?)
    }

    /// How wide text is: ASCII in the face of `digits`, as heavy as the role is, all else in the
    /// first face of the role.
    pub fn widths(&self, roles: &[(Text, Role)]) -> Widths {
        let digits = roles.iter().find(|(name, _)| name.text == DIGITS);
        let digits = digits.and_then(|(_, role)| first(role));
        let widths = roles.iter().filter_map(|(name, role)| {
            let (ascii, han) = (self.pick(digits?, role)?, self.pick(first(role)?, role)?);
            Some((name.text.clone(), Measure::new(ascii, han)?))
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

    /// The office's own families that are called by one of these names, and not merely by any.
    pub fn rare(&self, names: &[Text]) -> Vec<String> {
        let named = names.iter().filter(|name| name.text != names::ANY);
        let families: BTreeSet<&String> = named.flat_map(|name| self.own(name)).collect();
        families.into_iter().cloned().collect()
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

    fn pick(&self, face: &Face, role: &Role) -> Option<&Font> {
        let weight = FontWeight::from_number(u16::try_from(role.weight.count).ok()?);
        let variant = FontVariant { weight, ..FontVariant::default() };
        self.all.get(self.book.select(&face.name.text.to_lowercase(), variant)?)
    }
}

/// The first face of a role that may draw anything.
fn first(role: &Role) -> Option<&Face> {
    role.faces.iter().find(|face| face.covers.is_none())
}

/// A family that draws whatever it can, as `name` asks for it.
fn whole(family: &str, name: &Text) -> Face {
    Face { name: Text { text: family.to_owned(), place: name.place.clone() }, covers: None }
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
