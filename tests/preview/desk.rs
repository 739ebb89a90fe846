//! A running preview in a folder of its own, and a client of few words.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;

/// Nothing takes so long that works.
const PATIENCE: Duration = Duration::from_secs(30);

pub struct Desk {
    pub folder: tempfile::TempDir,
    pub child: Child,
    pub port: u16,
    pub token: String,
}

pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {} {}", self.status, self.text()))
    }
}

pub fn source() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("input/2023.yaml");
    std::fs::read_to_string(path).expect("the shipped source is there")
}

pub fn program(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_yusuan"));
    command.args(arguments).current_dir(folder);
    command
}

impl Desk {
    /// Previews the shipped source.
    pub fn open(arguments: &[&str]) -> Self {
        Self::open_with(&source(), arguments, |_| {})
    }

    /// Previews a source in a folder that was made ready.
    pub fn open_with(text: &str, arguments: &[&str], prepare: impl Fn(&Path)) -> Self {
        let folder = tempfile::tempdir().expect("there is room for a folder");
        std::fs::write(folder.path().join("a.yaml"), text).expect("it can be written");
        prepare(folder.path());
        let mut command = program(folder.path(), &["preview", "a.yaml", "--no-open"]);
        let command = command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program runs");
        let mut line = String::new();
        let mut out = BufReader::new(child.stdout.take().expect("it is piped"));
        out.read_line(&mut line).expect("it says its address");
        let (port, token) = line
            .trim()
            .rsplit_once("127.0.0.1:")
            .and_then(|(_, rest)| rest.split_once("/?token="))
            .unwrap_or_else(|| panic!("an address: {line}"));
        let port = port.parse().expect("a port");
        Self { folder, child, port, token: token.to_owned() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, text: &str) {
        std::fs::write(self.path("a.yaml"), text).expect("it can be written");
    }

    /// One question, with the token.
    pub fn get(&self, path: &str) -> Answer {
        let mark = if path.contains('?') { '&' } else { '?' };
        self.send("GET", &format!("{path}{mark}token={}", self.token), &[])
    }

    pub fn post(&self, path: &str) -> Answer {
        self.send("POST", &format!("{path}&token={}", self.token), &[])
    }

    /// One question as it stands, from this computer unless `headers` say otherwise.
    pub fn send(&self, method: &str, path: &str, headers: &[&str]) -> Answer {
        let mut bytes = Vec::new();
        self.connect(method, path, headers).read_to_end(&mut bytes).expect("an answer");
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("a head");
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status");
        Answer { status, head, body: bytes[end + 4..].to_vec() }
    }

    fn connect(&self, method: &str, path: &str, headers: &[&str]) -> TcpStream {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("it listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a time can be set");
        let host = format!("Host: 127.0.0.1:{}", self.port);
        let own = if headers.iter().any(|line| line.starts_with("Host:")) { "" } else { &host };
        let lines: String = [own]
            .iter()
            .chain(headers)
            .filter(|line| !line.is_empty())
            .map(|line| format!("{line}\r\n"))
            .collect();
        // HTTP 1.0: the answer ends with the connection, without chunks.
        write!(stream, "{method} {path} HTTP/1.0\r\n{lines}\r\n").expect("it listens");
        stream
    }

    pub fn events(&self) -> Events {
        let path = format!("/events?token={}", self.token);
        let mut lines = BufReader::new(self.connect("GET", &path, &[]));
        let mut line = String::new();
        while lines.read_line(&mut line).expect("a head") > 2 {
            line.clear();
        }
        Events(lines)
    }

    /// The events after the first report.
    pub fn ready(&self) -> (Events, Value) {
        let mut events = self.events();
        let (name, report) = events.next();
        assert_eq!(name, "report", "{report}");
        (events, report)
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Server-Sent Events, one by one.
pub struct Events(BufReader<TcpStream>);

impl Events {
    pub fn next(&mut self) -> (String, Value) {
        self.try_next().expect("an event in time")
    }

    /// None when nothing happens for so long.
    pub fn within(&mut self, time: Duration) -> Option<(String, Value)> {
        self.0.get_ref().set_read_timeout(Some(time)).expect("a time can be set");
        let event = self.try_next();
        self.0.get_ref().set_read_timeout(Some(PATIENCE)).expect("a time can be set");
        event
    }

    fn try_next(&mut self) -> Option<(String, Value)> {
        let mut name = String::new();
        let asked = std::time::Instant::now();
        // Pulses keep the connection busy: they are no events.
        while asked.elapsed() < PATIENCE {
            let mut line = String::new();
            match self.0.read_line(&mut line) {
                Ok(0) => return None,
                Ok(_) => {}
                Err(_) => return None,
            }
            if let Some(event) = line.strip_prefix("event: ") {
                name = event.trim().to_owned();
            } else if let Some(data) = line.strip_prefix("data: ") {
                return Some((name, serde_json::from_str(data).expect("JSON")));
            }
        }
        None
    }
}

/// The numbers in a list.
pub fn numbers(list: &Value) -> Vec<u64> {
    list.as_array().expect("a list").iter().filter_map(Value::as_u64).collect()
}

pub fn hashes(report: &Value) -> Vec<String> {
    let pages = report["pages"].as_array().expect("a list");
    pages.iter().map(|page| page["hash"].as_str().expect("a hash").to_owned()).collect()
}
