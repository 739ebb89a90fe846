//! Opens the user's editor at a line.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Editors that are known to go to a line, with the words that make them.
const KNOWN: [(&str, &[&str]); 6] = [
    ("code", &["-g", "{file}:{line}:{column}"]),
    ("codium", &["-g", "{file}:{line}:{column}"]),
    ("cursor", &["-g", "{file}:{line}:{column}"]),
    ("zed", &["{file}:{line}:{column}"]),
    ("subl", &["{file}:{line}:{column}"]),
    ("notepad++", &["-n{line}", "-c{column}", "{file}"]),
];

/// Where to go in the editor.
#[derive(Debug, Clone)]
pub struct Target<'a> {
    pub file: &'a str,
    pub line: usize,
    pub column: usize,
}

/// Opens the editor with `template`, the first known one that is installed, or whatever the system
/// opens the file with. Answers its name, or what went wrong.
pub fn open_at(template: Option<&str>, target: &Target<'_>) -> Result<String, String> {
    let words: Vec<String> = match template {
        Some(template) => {
            shlex::split(template).ok_or_else(|| "--editor 里的引号不成对".to_owned())?
        }
        None => match installed() {
            Some((program, words)) => {
                [program.display().to_string()].into_iter().chain(words).collect()
            }
            None => {
                return open::that_detached(target.file)
                    .map(|()| "默认程序".to_owned())
                    .map_err(|_| "没有找到编辑器；用 --editor 指定".to_owned());
            }
        },
    };
    let Some((program, arguments)) = words.split_first() else {
        return Err("--editor 是空的".to_owned());
    };
    start(program, arguments.iter().map(|word| filled(word, target)))
        .map(|()| Path::new(program).file_stem().unwrap_or_default().to_string_lossy().into_owned())
        .map_err(|_| format!("打不开编辑器 {program}；用 --editor 指定"))
}

/// Starts a program that lives on its own; a thread waits for its end.
fn start(program: &str, arguments: impl Iterator<Item = String>) -> std::io::Result<()> {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn()?;
    std::thread::spawn(move || child.wait());
    Ok(())
}

fn filled(word: &str, target: &Target<'_>) -> String {
    word.replace("{line}", &target.line.to_string())
        .replace("{column}", &target.column.to_string())
        .replace("{file}", target.file)
}

/// The first known editor on the PATH.
fn installed() -> Option<(PathBuf, Vec<String>)> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    KNOWN.iter().find_map(|(name, words)| {
        let names = [name.to_string(), format!("{name}.exe"), format!("{name}.cmd")];
        let mut programs =
            folders.iter().flat_map(|folder| names.iter().map(move |name| folder.join(name)));
        let program = programs.find(|program| program.is_file())?;
        Some((program, words.iter().map(|word| word.to_string()).collect()))
    })
}
