-- Makes a function and an operator of the name and the arguments of each that PostgreSQL has, in the first schema of the
-- session's `search_path`, and types that are named as its own. Each call is counted by the sequence `calls`, which no
-- rollback resets, and fails.
--
-- They are called where `search_path` names pg_catalog last, as an application's may. Those that take varchar and char(n)
-- in place of text fit a column of these types better than PostgreSQL's own, and are called under any `search_path`.
CREATE SEQUENCE calls;

DO $make$
DECLARE
    home text := current_schema();
    body text := format(
        'BEGIN PERFORM pg_catalog.nextval(%L); RAISE EXCEPTION ''a function of a guest was called''; END',
        home || '.calls'
    );
    wanted regtype;
    f record;
    arguments text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['text', 'varchar', 'bpchar']::regtype[] LOOP
        FOR f IN
            SELECT * FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace AND prokind = 'f'
                AND NOT 'internal'::regtype = ANY (proargtypes) AND NOT 'cstring'::regtype = ANY (proargtypes)
                AND (wanted = 'text'::regtype OR 'text'::regtype = ANY (proargtypes))
        LOOP
            SELECT coalesce(string_agg(CASE WHEN a = 'text'::regtype THEN wanted ELSE a::regtype END::text, ', '
                ORDER BY n), '') INTO arguments FROM unnest(f.proargtypes) WITH ORDINALITY AS t (a, n);
            BEGIN
                EXECUTE format('CREATE FUNCTION %I.%I(%s) RETURNS %s %s LANGUAGE plpgsql AS %L', home, f.proname,
                    arguments, CASE WHEN f.proretset THEN 'SETOF' END, f.prorettype::regtype, body);
            EXCEPTION WHEN OTHERS THEN
                NULL; -- it cannot be written in this language, or there is one
            END;
        END LOOP;
        FOR f IN
            SELECT oid, oprname, CASE WHEN oprleft = 'text'::regtype THEN wanted ELSE oprleft::regtype END AS l,
                CASE WHEN oprright = 'text'::regtype THEN wanted ELSE oprright::regtype END AS r, oprresult::regtype
            FROM pg_operator WHERE oprnamespace = 'pg_catalog'::regnamespace AND oprleft <> 0
                AND (wanted = 'text'::regtype OR oprleft = 'text'::regtype OR oprright = 'text'::regtype)
        LOOP
            BEGIN
                EXECUTE format('CREATE OR REPLACE FUNCTION %I.%I(%s, %s) RETURNS %s LANGUAGE plpgsql AS %L', home,
                    'operation' || f.oid, f.l, f.r, f.oprresult, body);
                EXECUTE format('CREATE OPERATOR %I.%s (LEFTARG = %s, RIGHTARG = %s, FUNCTION = %I.%I)', home,
                    f.oprname, f.l, f.r, home, 'operation' || f.oid);
            EXCEPTION WHEN OTHERS THEN
                NULL;
            END;
        END LOOP;
    END LOOP;
    -- Mixed operands.
    FOR f IN SELECT * FROM unnest(ARRAY['=', '<>', '<', '<=', '>', '>=', '||', '~', '~~']) AS o (name),
        (VALUES ('varchar', 'text'), ('text', 'varchar'), ('bpchar', 'text'), ('text', 'bpchar')) AS t (l, r)
    LOOP
        BEGIN
            EXECUTE format('CREATE OR REPLACE FUNCTION %I.compare(%s, %s) RETURNS boolean LANGUAGE plpgsql AS %L', home,
                f.l, f.r, body);
            EXECUTE format('CREATE OPERATOR %I.%s (LEFTARG = %s, RIGHTARG = %s, FUNCTION = %I.compare)', home, f.name,
                f.l, f.r, home);
        EXCEPTION WHEN duplicate_function THEN
            NULL;
        END;
    END LOOP;
END
$make$;

CREATE FUNCTION refuse(anyelement) RETURNS boolean LANGUAGE plpgsql AS $$
    BEGIN PERFORM pg_catalog.nextval('calls'); RAISE EXCEPTION 'a type of a guest was used'; END
$$;
CREATE DOMAIN text AS pg_catalog.text CHECK (refuse(VALUE));
CREATE DOMAIN bytea AS pg_catalog.bytea CHECK (refuse(VALUE));
CREATE DOMAIN uuid AS pg_catalog.uuid CHECK (refuse(VALUE));
CREATE DOMAIN int8 AS pg_catalog.int8 CHECK (refuse(VALUE));
CREATE DOMAIN name AS pg_catalog.name CHECK (refuse(VALUE));
CREATE DOMAIN oid AS pg_catalog.oid CHECK (refuse(VALUE));
CREATE DOMAIN regclass AS pg_catalog.regclass CHECK (refuse(VALUE));
