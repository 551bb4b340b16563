use diesel::mysql::{Mysql, MysqlValue};

super::bytes_backend!(Mysql, MysqlValue<'_>);
