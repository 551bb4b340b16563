//! The memory of this process.

/// In KiB, without mapped files. `None` where it is not known: everywhere but on Linux.
pub(crate) fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"));
    let kibibytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok());
    assert!(kibibytes.is_some() || cfg!(not(target_os = "linux")));
    kibibytes.unwrap_or(0)
}
