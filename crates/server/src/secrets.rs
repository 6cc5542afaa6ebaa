//! Secrets on the command line: everybody on the machine can read it, so they are moved to where only the owner can.

use std::ffi::{OsStr, OsString};
use std::process::Command;

/// Options that can hold a secret, and the variables that say the same.
const SECRET: [(&str, &str); 3] =
    [("--admin-token", "ADMIN_TOKEN"), ("--database-url", "DATABASE_URL"), ("--jwks", "JWKS")];

/// Where the command line has secrets, becomes the same program without them, which finds them in its environment. Where
/// that is not possible, goes on as it is.
pub(crate) fn move_off_the_command_line() {
    let (arguments, moved) = without_secrets(std::env::args_os().skip(1));
    if moved.is_empty() {
        return;
    }
    let Ok(program) = std::env::current_exe() else { return };
    let mut command = Command::new(program);
    command.args(arguments).envs(moved);
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt;
        // It only returns where it fails.
        let _ = command.exec();
    }
}

/// The arguments that are no secrets, and the variables that stand for those that are.
fn without_secrets(arguments: impl Iterator<Item = OsString>) -> (Vec<OsString>, Vec<(&'static str, OsString)>) {
    let (mut plain, mut moved) = (Vec::new(), Vec::new());
    let mut arguments = arguments.peekable();
    while let Some(argument) = arguments.next() {
        let text = argument.to_str().unwrap_or_default();
        let found = SECRET.iter().find_map(|(option, variable)| {
            let rest = text.strip_prefix(option)?;
            if rest.is_empty() {
                Some((*variable, None))
            } else {
                Some((*variable, Some(rest.strip_prefix('=')?.into())))
            }
        });
        let value = match &found {
            Some((_, Some(value))) => Some(OsString::clone(value)),
            // What begins so is the next option.
            Some((_, None)) => arguments.peek().filter(|next| !next.to_string_lossy().starts_with('-')).cloned(),
            None => None,
        };
        match (found, value) {
            (Some((variable, given)), Some(value)) if is_secret(variable, &value) => {
                if given.is_none() {
                    arguments.next();
                }
                moved.push((variable, value));
            }
            _ => plain.push(argument),
        }
    }
    (plain, moved)
}

/// Whether it is worth hiding: of places, only what has a password or the like.
fn is_secret(variable: &str, value: &OsStr) -> bool {
    let text = value.to_string_lossy();
    match text.split_once("://") {
        _ if variable == "ADMIN_TOKEN" => true,
        Some((_, rest)) if variable == "JWKS" => rest.contains(['@', '?']),
        Some((_, rest)) => rest.contains('@') || rest.contains("password="),
        None => variable != "JWKS" && !text.starts_with("sqlite:"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parted(arguments: &[&str]) -> (Vec<String>, Vec<(&'static str, String)>) {
        let (plain, moved) = without_secrets(arguments.iter().map(OsString::from));
        let text = |text: OsString| text.into_string().expect("text");
        (plain.into_iter().map(text).collect(), moved.into_iter().map(|(name, value)| (name, text(value))).collect())
    }

    #[test]
    fn secrets_become_variables_and_all_else_stays() {
        let (plain, moved) = parted(&[
            "serve",
            "--admin-token",
            "geheim",
            "--listen",
            "127.0.0.1:0",
            "--database-url=postgres://me:geheim@db/booking",
        ]);
        assert_eq!(plain, ["serve", "--listen", "127.0.0.1:0"]);
        let expected = [("ADMIN_TOKEN", "geheim"), ("DATABASE_URL", "postgres://me:geheim@db/booking")];
        assert_eq!(moved, expected.map(|(name, value)| (name, value.to_owned())));
    }

    #[test]
    fn a_token_is_secret_whatever_it_looks_like() {
        for token in ["geheim", "sqlite://geheim", "token://geheim", "-geheim", "--listen", "ge=heim"] {
            let (plain, moved) = parted(&[&format!("--admin-token={token}"), "serve"]);
            assert_eq!((plain, moved), (vec!["serve".to_owned()], vec![("ADMIN_TOKEN", token.to_owned())]));
        }
        let (plain, moved) = parted(&["--admin-token", "token://geheim"]);
        assert_eq!((plain, moved), (vec![], vec![("ADMIN_TOKEN", "token://geheim".to_owned())]));
    }

    #[test]
    fn what_has_no_secret_is_left_alone() {
        for arguments in [
            &["serve", "--database-url", "sqlite://a.db"][..],
            &["--database-url=postgres:///booking", "migrate"],
            &["--database-url", "sqlite::memory:"],
            &["--admin-token"],
            &["--admin-token", "--listen", "x"],
            &["--admin-tokens", "x"],
        ] {
            assert_eq!(parted(arguments), (arguments.iter().map(|it| (*it).to_owned()).collect(), vec![]));
        }
    }
}
