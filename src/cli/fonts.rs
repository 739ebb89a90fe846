//! `yusuan fonts`: roles, the faces in use, and what is missing.

use serde_json::json;

use super::Code;
use super::args;
use super::files;
use super::outcome::Failure;
use super::say;
use super::stage::{Forms, Stop};
use crate::source;
use crate::source::scalar::Entries;
use crate::typeset::{Faces, RoleReport};

/// The form whose fonts are listed when no source is named.
const DEFAULT_FORM: &str = "shenzhen-2023";

pub fn run(args: &args::Fonts) -> Code {
    match roles(args) {
        Ok((roles, rare)) => {
            if args.json {
                say::tell!("{:#}", to_json(&roles, &rare));
            } else {
                print_table(&roles, &rare);
            }
            let complete = roles.iter().all(|role| role.families.iter().any(|(_, here)| *here));
            if complete { Code::Fine } else { Code::Findings }
        }
        Err(Stop::Findings(findings)) => {
            say::findings(&findings);
            Code::Findings
        }
        Err(Stop::Failure(Failure(message))) => {
            say::failure(&message);
            Code::Failed
        }
    }
}

/// The roles of a form, and the office's own families for rare characters.
fn roles(args: &args::Fonts) -> Result<(Vec<RoleReport>, Vec<String>), Stop> {
    let forms = Forms::new(&args.places);
    let source = match &args.source {
        Some(path) => {
            let bytes = files::read(path)?;
            Some(source::read(&path.display().to_string(), &bytes)?)
        }
        None => None,
    };
    let name = source.as_ref().map_or(DEFAULT_FORM, |source| &source.value.form.text);
    let form = forms.get(name)?;
    let faces = Faces::load(args.places.fonts.as_slice())?;
    let none = Entries::default();
    let (chosen, file) = match &source {
        Some(source) => (&source.value.fonts, &source.file),
        None => (&none, &form.manifest.file),
    };
    let manifest = &form.manifest.value;
    let roles = faces.roles(manifest, chosen, file)?;
    Ok((faces.report(manifest, &roles), faces.rare(&manifest.extensions)))
}

fn print_table(roles: &[RoleReport], rare: &[String]) {
    for role in roles {
        say::tell!("{}（{}）", role.role, role.stands_for);
        for (family, here) in &role.families {
            say::tell!("  {} {family}", if *here { "有" } else { "缺" });
        }
        if !role.wanted.is_empty() {
            let wanted = role.wanted.join("、");
            say::tell!("  缺 {wanted}（单位自有的，有其中一个就用；用 --fonts 文件夹 给出）");
        }
    }
    if !rare.is_empty() {
        say::tell!("补字（各角色画不出的字）");
        rare.iter().for_each(|family| say::tell!("  有 {family}"));
    }
}

fn to_json(roles: &[RoleReport], rare: &[String]) -> serde_json::Value {
    let roles: Vec<_> = roles
        .iter()
        .map(|role| {
            let families: Vec<_> = role
                .families
                .iter()
                .map(|(family, here)| json!({"family": family, "available": here}))
                .collect();
            json!({"role": role.role, "stands_for": role.stands_for, "families": families, "wanted": role.wanted})
        })
        .collect();
    json!({ "roles": roles, "extensions": rare })
}
