use diesel::pg::{Pg, PgValue};

super::bytes_backend!(Pg, PgValue<'_>);
