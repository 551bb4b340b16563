//! A server with careless settings, as `doctor` sees it.

use super::own_server::OwnServer;
use crate::database::{Backend, Database};
use crate::project::Project;

fn doctor(project: &Project, status: i32) -> String {
    project.0.execute("UPDATE people SET text = 'x'");
    project.run("doctor", &[1], status)
}

#[test]
fn mysql_server() {
    let Some(server) = OwnServer::start(Backend::Mysql) else { return };
    let project = Project::of(Database::on(Backend::Mysql, &server.url()), 1);
    let settings =
        ["not strict", "logs every statement", "logs slow statements", "hides the table's triggers"];
    let said = doctor(&project, 3);
    assert!(settings.iter().all(|said_so| !said.contains(said_so)), "{said}");

    let mut admin = server.admin();
    for setting in ["sql_mode = ''", "general_log = ON", "slow_query_log = ON"] {
        admin.execute(&format!("SET GLOBAL {setting}"));
    }
    admin.execute("REVOKE TRIGGER ON `%`.* FROM test@localhost");
    let said = doctor(&project, 3);
    assert!(settings.iter().all(|said_so| said.contains(said_so)), "{said}");
    let mends = said.lines().filter_map(|line| line.trim().strip_prefix("now: "));
    for mend in mends.filter(|mend| mend.starts_with("SET GLOBAL") || mend.starts_with("GRANT")) {
        admin.execute(&mend.replace("`people`", "`%`.*"));
    }
    let said = doctor(&project, 3);
    assert!(settings.iter().all(|said_so| !said.contains(said_so)), "{said}");
}
