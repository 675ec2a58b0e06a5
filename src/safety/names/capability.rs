//! What dangerous code gives to whoever calls it.

use serde::{Deserialize, Serialize};

/// What a dangerous global gives to whoever calls it. It explains a finding; nothing is cleared by not having one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Capability {
    /// Runs a command of the operating system.
    Shell,
    /// Starts or controls a process.
    Process,
    /// Runs Python code from text, bytes or code objects.
    Code,
    /// Imports modules by name, or finds any object by name.
    Import,
    /// Reads, writes or deletes files.
    Files,
    /// Opens network connections.
    Network,
    /// Loads or calls native code.
    Native,
    /// Loads another pickle or a format as powerful.
    Deserialiser,
    /// Runs code under a debugger, profiler or test runner.
    Debugger,
    /// Changes the interpreter's own state.
    Interpreter,
    /// Keeps a callable and calls it later.
    Deferred,
    /// Reaches any attribute of any object.
    Introspection,
}

impl Capability {
    /// What calling it does, after "would".
    #[must_use]
    pub fn verb(self) -> &'static str {
        match self {
            Self::Shell => "run a shell command",
            Self::Process => "start or control a process",
            Self::Code => "run Python code",
            Self::Import => "import a module or find any object by name",
            Self::Files => "read, write or delete files",
            Self::Network => "open a network connection",
            Self::Native => "load native code",
            Self::Deserialiser => "load another pickle",
            Self::Debugger => "run code under a debugger or profiler",
            Self::Interpreter => "change the interpreter's state",
            Self::Deferred => "call a function that it was given, now or later",
            Self::Introspection => "reach any attribute of any object",
        }
    }
}
