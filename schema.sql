-- The tables as the migrations make them. Written by `make schema`; do not edit.

CREATE FUNCTION public.check_board_has_creator() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE board uuid := coalesce(to_jsonb(OLD) ->> 'board_id', to_jsonb(NEW) ->> 'id');
BEGIN
    IF EXISTS (SELECT FROM boards WHERE id = board)
       AND NOT EXISTS (SELECT FROM board_users WHERE board_id = board AND role = 'CREATOR') THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation',
            CONSTRAINT = 'board_has_creator', MESSAGE = 'a board needs a CREATOR';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION public.face(user_id uuid) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    AS $$
BEGIN
    RETURN (SELECT jsonb_build_object('id', x.id, 'username', x.username, 'name', x.name,
            'avatar_url', x.avatar_url)
        FROM users x WHERE x.id = user_id AND x.deleted_at IS NULL);
END $$;

CREATE FUNCTION public.folded(given text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN (octet_length(given) = char_length(given)) THEN lower((given COLLATE "C")) WHEN (given !~ '[^\u0001-\u007f\u0401\u0410-\u044f\u0451\u00ab\u00bb\u2013\u2014\u2018-\u201f]'::text) THEN translate(lower(given), 'ё'::text, 'е'::text) ELSE translate(replace(replace(replace(regexp_replace(replace(lower(NORMALIZE(given, NFKD)), 'й'::text, 'й'::text), '[\u0300-\u036f]+'::text, ''::text, 'g'::text), 'ß'::text, 'ss'::text), 'æ'::text, 'ae'::text), 'œ'::text, 'oe'::text), 'ςıøłđðħ'::text, 'σiolddh'::text) END;

CREATE FUNCTION public.forget_imports() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    DELETE FROM import_refs WHERE board_id = OLD.id;
    DELETE FROM extras WHERE board_id = OLD.id;
    RETURN NULL;
END $$;

CREATE FUNCTION public.forget_touched_rows() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    DELETE FROM touched_rows WHERE board_id = OLD.id;
    RETURN NULL;
END $$;

CREATE FUNCTION public.is_sound_task(number integer, title text, priority text, status text, color text, rank text, due_at timestamp with time zone, due_on date, completed_at timestamp with time zone, archived_at timestamp with time zone) RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    AS $_$
BEGIN
    RETURN number > 0 AND title <> '' AND rank <> ''
        AND priority IN ('LOW', 'MEDIUM', 'HIGH')
        AND status IN ('TODO', 'IN_PROGRESS', 'DONE', 'REJECTED')
        AND color ~ '^#[0-9a-f]{6}$'
        AND (due_at IS NULL OR due_on IS NULL)
        AND (status = 'DONE') = (completed_at IS NOT NULL)
        AND (archived_at IS NULL) = (rank IS NOT NULL);
END $_$;

CREATE FUNCTION public.name_board_of_subtask() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    NEW.board_id := (SELECT board_id FROM tasks WHERE id = NEW.task_id);
    RETURN NEW;
END $$;

CREATE FUNCTION public.note_added_comments() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO comment_sizes AS s (board_id, bytes)
        SELECT board_id, sum(octet_length(body)) FROM added GROUP BY board_id
        ON CONFLICT (board_id) DO UPDATE SET bytes = s.bytes + excluded.bytes;
    RETURN NULL;
END $$;

CREATE FUNCTION public.note_changed_comments() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE comment_sizes s SET bytes = s.bytes + c.bytes
        FROM (SELECT board_id, sum(bytes) AS bytes FROM (
                SELECT board_id, octet_length(body) AS bytes FROM added
                UNION ALL SELECT board_id, -octet_length(body) FROM removed) b
            GROUP BY board_id) c
        WHERE s.board_id = c.board_id;
    RETURN NULL;
END $$;

CREATE FUNCTION public.note_leaving() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        DELETE FROM invitations
        WHERE board_id = OLD.board_id AND created_by = OLD.user_id AND NEW.role <> 'CREATOR'
            AND (NEW.role <> 'MODERATOR' OR role = 'MODERATOR');
        RETURN NULL;
    END IF;
    DELETE FROM invitations WHERE board_id = OLD.board_id AND created_by = OLD.user_id;
    INSERT INTO former_people AS f (board_id, user_id, place_id, left_at)
    SELECT b.id, x.id, OLD.id, clock_timestamp() FROM boards b, users x
    WHERE b.id = OLD.board_id AND x.id = OLD.user_id AND x.deleted_at IS NULL
    ON CONFLICT (board_id, user_id) DO UPDATE
        SET place_id = excluded.place_id, left_at = excluded.left_at;
    RETURN NULL;
END $$;

CREATE FUNCTION public.note_removed_comments() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE comment_sizes s SET bytes = s.bytes - r.bytes
        FROM (SELECT board_id, sum(octet_length(body)) AS bytes FROM removed GROUP BY board_id) r
        WHERE s.board_id = r.board_id;
    RETURN NULL;
END $$;

CREATE FUNCTION public.note_touched_rows() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO touched_rows
        (board_id, row_id, seq, name, fields, gained, left_id, entered_id)
    SELECT e.board_id, r.row_id, e.seq, r.name, r.fields, r.gained,
        r.left_id, r.entered_id
    FROM added e CROSS JOIN LATERAL rows_touched(e.changes) r;
    RETURN NULL;
END $$;

CREATE FUNCTION public.numbers_by_value(given text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    AS $$
DECLARE
    rest text := given;
    key text := '';
    digits text;
    head text;
BEGIN
    LOOP
        digits := substring(rest, '[0-9]+');
        IF digits IS NULL THEN
            RETURN key || rest;
        END IF;
        head := split_part(rest, digits, 1);
        rest := substr(rest, length(head) + length(digits) + 1);
        digits := ltrim(digits, '0');
        key := key || head || chr(48 + length(digits)) || digits;
    END LOOP;
END $$;

CREATE FUNCTION public.rows_touched(changes jsonb) RETURNS TABLE(row_id uuid, name text, fields text[], gained smallint, left_id uuid, entered_id uuid)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT c.id, c."table",
        CASE WHEN c.before IS NOT NULL AND c.after IS NOT NULL THEN ARRAY(
            SELECT a.key FROM jsonb_each_text(c.after) a
            WHERE a.value IS DISTINCT FROM c.before ->> a.key
              AND a.key NOT IN ('version', 'updated_at')) END,
        ((c.after IS NOT NULL)::integer - (c.before IS NOT NULL)::integer)::smallint,
        nullif(stood, stands)::uuid, nullif(stands, stood)::uuid
    FROM jsonb_to_recordset(changes) c (id uuid, "table" text, before jsonb, after jsonb)
    CROSS JOIN LATERAL (SELECT
        CASE WHEN c.before ->> 'rank' IS NOT NULL THEN c.before ->> 'column_id' END AS stood,
        CASE WHEN c.after ->> 'rank' IS NOT NULL THEN c.after ->> 'column_id' END AS stands) p
$$;

CREATE FUNCTION public.sort_key(title text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN "left"(public.numbers_by_value("left"(public.folded(title), 200)), 200);

CREATE FUNCTION public.void_links() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    DELETE FROM password_links WHERE user_id = OLD.id OR created_by = OLD.id;
    DELETE FROM invitations WHERE created_by = OLD.id;
    IF NEW.deleted_at IS NOT NULL THEN
        DELETE FROM former_people WHERE user_id = OLD.id;
        DELETE FROM imports WHERE user_id = OLD.id; -- a file without a row is found at night
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION public.with_face(thing jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    AS $$
BEGIN
    RETURN thing || jsonb_build_object('user', coalesce(face((thing #>> '{user,id}')::uuid),
        jsonb_build_object('id', thing #> '{user,id}')));
END $$;

CREATE FUNCTION public.with_faces(payload jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    AS $_$
BEGIN
    IF payload ? 'user' THEN
        payload := with_face(payload);
    END IF;
    IF payload ? 'person' THEN
        payload := payload || jsonb_build_object('person', with_face(payload -> 'person'));
    END IF;
    IF payload ? 'people' THEN
        payload := payload || jsonb_build_object('people', (
            SELECT coalesce(jsonb_agg(with_face(person) ORDER BY place), '[]')
            FROM jsonb_array_elements(payload -> 'people') WITH ORDINALITY p (person, place)));
    END IF;
    IF payload -> 'task' ?| '{author,assignees}' THEN
        payload := payload || jsonb_build_object('task', with_faces_of_task(payload -> 'task'));
    END IF;
    IF jsonb_path_exists(payload, '$.tasks[*] ? (exists(@.author) || exists(@.assignees))') THEN
        payload := payload || jsonb_build_object('tasks', (
            SELECT jsonb_agg(with_faces_of_task(task) ORDER BY place)
            FROM jsonb_array_elements(payload -> 'tasks') WITH ORDINALITY t (task, place)));
    END IF;
    IF payload -> 'comment' ?| '{author,mentions}' THEN
        payload := payload
            || jsonb_build_object('comment', with_faces_of_comment(payload -> 'comment'));
    END IF;
    IF jsonb_path_exists(payload, '$.comments[*] ? (exists(@.author) || exists(@.mentions))') THEN
        payload := payload || jsonb_build_object('comments', (
            SELECT jsonb_agg(with_faces_of_comment(comment) ORDER BY place)
            FROM jsonb_array_elements(payload -> 'comments') WITH ORDINALITY c (comment, place)));
    END IF;
    IF payload -> 'attachment' ? 'author' THEN
        payload := payload
            || jsonb_build_object('attachment', with_faces_of_task(payload -> 'attachment'));
    END IF;
    IF jsonb_path_exists(payload, '$.attachments[*] ? (exists(@.author))') THEN
        payload := payload || jsonb_build_object('attachments', (
            SELECT jsonb_agg(with_faces_of_task(attachment) ORDER BY place)
            FROM jsonb_array_elements(payload -> 'attachments')
                WITH ORDINALITY a (attachment, place)));
    END IF;
    RETURN payload;
END $_$;

CREATE FUNCTION public.with_faces_of_comment(comment jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    AS $$
BEGIN
    IF comment ? 'author' THEN
        comment := comment
            || jsonb_build_object('author', face((comment #>> '{author,id}')::uuid));
    END IF;
    IF comment ? 'mentions' THEN
        comment := comment || jsonb_build_object('mentions', (
            SELECT coalesce(jsonb_agg(m.one
                || jsonb_build_object('user', face((m.one #>> '{user,id}')::uuid))
                ORDER BY m.place), '[]')
            FROM jsonb_array_elements(comment -> 'mentions') WITH ORDINALITY m (one, place)));
    END IF;
    RETURN comment;
END $$;

CREATE FUNCTION public.with_faces_of_task(task jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    AS $$
BEGIN
    IF task ? 'author' THEN
        task := task || jsonb_build_object('author', face((task #>> '{author,id}')::uuid));
    END IF;
    IF task ? 'assignees' THEN
        task := task || jsonb_build_object('assignees', (
            SELECT coalesce(jsonb_agg(f.face ORDER BY a.place), '[]')
            FROM jsonb_array_elements(task -> 'assignees') WITH ORDINALITY a (person, place)
            CROSS JOIN LATERAL (SELECT face((a.person ->> 'id')::uuid)) f
            WHERE f.face IS NOT NULL));
    END IF;
    RETURN task;
END $$;

CREATE TABLE public.aerich (
    id integer NOT NULL,
    version character varying(255) NOT NULL,
    app character varying(100) NOT NULL,
    content jsonb NOT NULL
);

CREATE SEQUENCE public.aerich_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.aerich_id_seq OWNED BY public.aerich.id;

CREATE TABLE public.attachments (
    id uuid NOT NULL,
    board_id uuid NOT NULL,
    task_id uuid NOT NULL,
    comment_id uuid,
    blob_id uuid,
    url text,
    title text NOT NULL,
    media_type text,
    size bigint,
    width integer,
    height integer,
    author_id uuid,
    author_name text,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT attachments_check CHECK (((blob_id IS NULL) <> (url IS NULL)))
);

CREATE TABLE public.blobs (
    id uuid NOT NULL,
    board_id uuid,
    sha256 text NOT NULL,
    size bigint NOT NULL,
    media_type text NOT NULL,
    width integer,
    height integer,
    state text NOT NULL,
    created_by uuid,
    created_at timestamp with time zone NOT NULL,
    unused_since timestamp with time zone,
    CONSTRAINT blobs_sha256_check CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT blobs_size_check CHECK ((size >= 0)),
    CONSTRAINT blobs_state_check CHECK ((state = ANY (ARRAY['KEPT'::text, 'GONE'::text])))
);

CREATE TABLE public.board_users (
    id uuid NOT NULL,
    board_id uuid NOT NULL,
    user_id uuid NOT NULL,
    role text NOT NULL,
    joined_at timestamp with time zone NOT NULL,
    CONSTRAINT board_users_role_check CHECK ((role = ANY (ARRAY['CREATOR'::text, 'MODERATOR'::text, 'MEMBER'::text, 'COMMENTER'::text, 'OBSERVER'::text])))
);

CREATE TABLE public.boards (
    id uuid NOT NULL,
    title text NOT NULL,
    description text NOT NULL,
    is_public boolean DEFAULT false NOT NULL,
    color text,
    key text NOT NULL,
    seq bigint DEFAULT 0 NOT NULL,
    task_number integer DEFAULT 0 NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    archived_at timestamp with time zone,
    CONSTRAINT boards_color_check CHECK ((color ~ '^#[0-9a-f]{6}$'::text)),
    CONSTRAINT boards_key_check CHECK ((key ~ '^[A-Z][A-Z0-9]{0,9}$'::text)),
    CONSTRAINT boards_seq_check CHECK ((seq >= 0)),
    CONSTRAINT boards_task_number_check CHECK ((task_number >= 0)),
    CONSTRAINT boards_title_check CHECK ((title <> ''::text))
);

CREATE TABLE public.columns (
    id uuid NOT NULL,
    board_id uuid NOT NULL,
    title text NOT NULL,
    rank text COLLATE pg_catalog."C",
    color text,
    task_limit integer,
    limit_is_hard boolean DEFAULT false NOT NULL,
    status text,
    version integer DEFAULT 1 NOT NULL,
    archived_at timestamp with time zone,
    CONSTRAINT columns_archived_without_rank CHECK (((archived_at IS NULL) = (rank IS NOT NULL))),
    CONSTRAINT columns_color_check CHECK ((color ~ '^#[0-9a-f]{6}$'::text)),
    CONSTRAINT columns_rank_check CHECK ((rank <> ''::text)),
    CONSTRAINT columns_status_check CHECK ((status = ANY (ARRAY['TODO'::text, 'IN_PROGRESS'::text, 'DONE'::text, 'REJECTED'::text]))),
    CONSTRAINT columns_task_limit_check CHECK ((task_limit > 0)),
    CONSTRAINT columns_title_check CHECK ((title <> ''::text))
);

CREATE TABLE public.comment_reactions (
    id uuid NOT NULL,
    board_id uuid NOT NULL,
    comment_id uuid NOT NULL,
    user_id uuid NOT NULL,
    emoji text NOT NULL,
    CONSTRAINT comment_reactions_emoji_check CHECK (((char_length(emoji) >= 1) AND (char_length(emoji) <= 8)))
);

CREATE TABLE public.comment_sizes (
    board_id uuid NOT NULL,
    bytes bigint NOT NULL
);

CREATE TABLE public.comments (
    id uuid NOT NULL,
    board_id uuid NOT NULL,
    task_id uuid NOT NULL,
    author_id uuid,
    author_name text,
    body text NOT NULL,
    mentions jsonb DEFAULT '[]'::jsonb NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    edited_at timestamp with time zone
);

CREATE TABLE public.events (
    board_id uuid NOT NULL,
    seq bigint NOT NULL,
    type text NOT NULL,
    actor_id uuid,
    task_id uuid,
    payload jsonb NOT NULL,
    changes jsonb NOT NULL,
    at timestamp with time zone NOT NULL,
    batch_id uuid,
    CONSTRAINT events_seq_check CHECK ((seq > 0))
);

CREATE TABLE public.extras (
    object_id uuid NOT NULL,
    board_id uuid NOT NULL,
    extra jsonb NOT NULL
);

CREATE TABLE public.followers (
    board_id uuid NOT NULL,
    name text NOT NULL,
    seq bigint NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    retry_at timestamp with time zone,
    error text,
    CONSTRAINT followers_seq_check CHECK ((seq >= 0))
);

CREATE TABLE public.former_people (
    board_id uuid NOT NULL,
    user_id uuid NOT NULL,
    place_id uuid NOT NULL,
    left_at timestamp with time zone NOT NULL
);

CREATE TABLE public.idempotency_keys (
    user_id uuid NOT NULL,
    key text NOT NULL,
    request_hash bytea NOT NULL,
    status smallint,
    headers jsonb,
    body text,
    at timestamp with time zone NOT NULL,
    board_id uuid
);

CREATE TABLE public.import_refs (
    board_id uuid NOT NULL,
    source text NOT NULL,
    kind text NOT NULL,
    source_id text NOT NULL,
    object_id uuid NOT NULL,
    fields jsonb NOT NULL
);

CREATE TABLE public.imports (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    session_id uuid NOT NULL,
    format text NOT NULL,
    status text NOT NULL,
    done integer DEFAULT 0 NOT NULL,
    total integer DEFAULT 0 NOT NULL,
    is_dry_run boolean NOT NULL,
    options jsonb NOT NULL,
    file_id uuid,
    file_bytes bigint NOT NULL,
    file_sha256 text NOT NULL,
    report jsonb,
    problem jsonb,
    taken_until timestamp with time zone,
    attempts integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    CONSTRAINT imports_status_check CHECK ((status = ANY (ARRAY['reading'::text, 'planning'::text, 'writing'::text, 'done'::text, 'failed'::text, 'cancelled'::text])))
);

CREATE TABLE public.invitations (
    id uuid NOT NULL,
    board_id uuid NOT NULL,
    role text NOT NULL,
    token_hash bytea NOT NULL,
    created_by uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT invitations_role_check CHECK ((role = ANY (ARRAY['MODERATOR'::text, 'MEMBER'::text, 'COMMENTER'::text, 'OBSERVER'::text]))),
    CONSTRAINT invitations_token_hash_check CHECK ((octet_length(token_hash) = 32))
);

CREATE TABLE public.jobs (
    id uuid NOT NULL,
    name text NOT NULL,
    key text NOT NULL,
    payload jsonb NOT NULL,
    run_at timestamp with time zone NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    taken_until timestamp with time zone,
    error text
);

CREATE TABLE public.known_followers (
    name text NOT NULL
);

CREATE TABLE public.labels (
    id uuid NOT NULL,
    board_id uuid NOT NULL,
    title text NOT NULL,
    color text NOT NULL,
    rank text NOT NULL COLLATE pg_catalog."C",
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT labels_color_check CHECK ((color ~ '^#[0-9a-f]{6}$'::text))
);

CREATE UNLOGGED TABLE public.login_failures (
    source text NOT NULL,
    login text NOT NULL,
    failures integer NOT NULL,
    last_at timestamp with time zone NOT NULL,
    CONSTRAINT login_failures_failures_check CHECK ((failures > 0))
);

CREATE TABLE public.password_links (
    user_id uuid NOT NULL,
    token_hash bytea NOT NULL,
    created_by uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT password_links_token_hash_check CHECK ((octet_length(token_hash) = 32))
);

CREATE UNLOGGED TABLE public.request_quotas (
    user_id uuid NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    taken integer NOT NULL,
    granted integer NOT NULL,
    CONSTRAINT request_quotas_granted_check CHECK ((granted >= 0)),
    CONSTRAINT request_quotas_taken_check CHECK ((taken >= 0))
);

CREATE TABLE public.sessions (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    user_agent text NOT NULL,
    token_hash bytea,
    name text,
    scope text,
    board_ids uuid[],
    last_used_at timestamp with time zone,
    CONSTRAINT sessions_board_ids_check CHECK ((cardinality(board_ids) > 0)),
    CONSTRAINT sessions_name_check CHECK ((name <> ''::text)),
    CONSTRAINT sessions_scope_check CHECK ((scope = ANY (ARRAY['read'::text, 'write'::text, 'admin'::text]))),
    CONSTRAINT sessions_token_check CHECK (
CASE
    WHEN (token_hash IS NULL) THEN (num_nonnulls(name, scope, board_ids, last_used_at) = 0)
    ELSE (num_nulls(name, scope) = 0)
END),
    CONSTRAINT sessions_token_hash_check CHECK ((octet_length(token_hash) = 32))
);

CREATE TABLE public.subtasks (
    id uuid NOT NULL,
    task_id uuid NOT NULL,
    title text NOT NULL,
    is_completed boolean DEFAULT false NOT NULL,
    rank text NOT NULL COLLATE pg_catalog."C",
    version integer DEFAULT 1 NOT NULL,
    board_id uuid NOT NULL,
    CONSTRAINT subtasks_rank_check CHECK ((rank <> ''::text)),
    CONSTRAINT subtasks_title_check CHECK ((title <> ''::text))
);

CREATE TABLE public.task_assignees (
    id uuid NOT NULL,
    task_id uuid NOT NULL,
    user_id uuid NOT NULL,
    board_id uuid NOT NULL
);

CREATE TABLE public.task_labels (
    id uuid NOT NULL,
    board_id uuid NOT NULL,
    task_id uuid NOT NULL,
    label_id uuid NOT NULL
);

CREATE TABLE public.tasks (
    id uuid NOT NULL,
    board_id uuid NOT NULL,
    column_id uuid NOT NULL,
    number integer NOT NULL,
    title text NOT NULL,
    description text NOT NULL,
    rank text COLLATE pg_catalog."C",
    due_at timestamp with time zone,
    priority text NOT NULL,
    status text NOT NULL,
    color text,
    author_id uuid,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    completed_at timestamp with time zone,
    archived_at timestamp with time zone,
    due_on date,
    CONSTRAINT tasks_are_sound CHECK (public.is_sound_task(number, title, priority, status, color, rank, due_at, due_on, completed_at, archived_at))
);

CREATE TABLE public.tellings (
    board_id uuid NOT NULL,
    user_id uuid NOT NULL,
    actor_id uuid NOT NULL
);

CREATE TABLE public.touched_rows (
    board_id uuid NOT NULL,
    row_id uuid NOT NULL,
    seq bigint NOT NULL,
    name text NOT NULL,
    fields text[],
    gained smallint NOT NULL,
    left_id uuid,
    entered_id uuid
);

CREATE TABLE public.trimmed_logs (
    board_id uuid NOT NULL,
    seq bigint NOT NULL,
    made_by uuid,
    CONSTRAINT trimmed_logs_seq_check CHECK ((seq > 0))
);

CREATE TABLE public.used_ids (
    id uuid NOT NULL,
    kind text NOT NULL,
    board_id uuid NOT NULL,
    owner_id uuid,
    deleted_by uuid
);

CREATE TABLE public.users (
    id uuid NOT NULL,
    username text,
    name text,
    email text,
    password_hash text,
    avatar_url text,
    is_admin boolean DEFAULT false NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    home_board_id uuid,
    deleted_at timestamp with time zone,
    profile_changes integer DEFAULT 0 NOT NULL,
    profile_changes_until timestamp with time zone,
    username_key text,
    username_key_of text,
    CONSTRAINT users_email_check CHECK ((POSITION(('@'::text) IN (email)) > 0)),
    CONSTRAINT users_empty_when_deleted CHECK (
CASE
    WHEN (deleted_at IS NULL) THEN (num_nulls(username, name, email, password_hash, avatar_url) = 0)
    ELSE ((num_nonnulls(username, name, email, password_hash, avatar_url) = 0) AND (NOT is_active) AND (NOT is_admin))
END),
    CONSTRAINT users_key_of_a_name CHECK (((username IS NOT NULL) OR (num_nonnulls(username_key, username_key_of) = 0))),
    CONSTRAINT users_name_check CHECK ((name <> ''::text)),
    CONSTRAINT users_username_check CHECK (((username <> ''::text) AND (POSITION(('@'::text) IN (username)) = 0)))
);

ALTER TABLE ONLY public.aerich ALTER COLUMN id SET DEFAULT nextval('public.aerich_id_seq'::regclass);

ALTER TABLE ONLY public.aerich
    ADD CONSTRAINT aerich_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.attachments
    ADD CONSTRAINT attachments_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.blobs
    ADD CONSTRAINT blobs_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.board_users
    ADD CONSTRAINT board_users_board_id_user_id_key UNIQUE (board_id, user_id);

ALTER TABLE ONLY public.board_users
    ADD CONSTRAINT board_users_one_creator EXCLUDE USING btree (board_id WITH =) WHERE ((role = 'CREATOR'::text)) DEFERRABLE;

ALTER TABLE ONLY public.board_users
    ADD CONSTRAINT board_users_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.boards
    ADD CONSTRAINT boards_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.columns
    ADD CONSTRAINT columns_board_id_rank_key UNIQUE (board_id, rank) DEFERRABLE;

ALTER TABLE ONLY public.columns
    ADD CONSTRAINT columns_id_board_id_key UNIQUE (id, board_id);

ALTER TABLE ONLY public.columns
    ADD CONSTRAINT columns_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.comment_reactions
    ADD CONSTRAINT comment_reactions_comment_id_user_id_emoji_key UNIQUE (comment_id, user_id, emoji);

ALTER TABLE ONLY public.comment_reactions
    ADD CONSTRAINT comment_reactions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.comment_sizes
    ADD CONSTRAINT comment_sizes_pkey PRIMARY KEY (board_id);

ALTER TABLE ONLY public.comments
    ADD CONSTRAINT comments_id_board_id_key UNIQUE (id, board_id);

ALTER TABLE ONLY public.comments
    ADD CONSTRAINT comments_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_pkey PRIMARY KEY (board_id, seq);

ALTER TABLE ONLY public.extras
    ADD CONSTRAINT extras_pkey PRIMARY KEY (object_id);

ALTER TABLE ONLY public.followers
    ADD CONSTRAINT followers_pkey PRIMARY KEY (board_id, name);

ALTER TABLE ONLY public.former_people
    ADD CONSTRAINT former_people_pkey PRIMARY KEY (board_id, user_id);

ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT idempotency_keys_pkey PRIMARY KEY (user_id, key);

ALTER TABLE ONLY public.import_refs
    ADD CONSTRAINT import_refs_pkey PRIMARY KEY (board_id, source_id, kind, source);

ALTER TABLE ONLY public.imports
    ADD CONSTRAINT imports_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT invitations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT invitations_token_hash_key UNIQUE (token_hash);

ALTER TABLE ONLY public.jobs
    ADD CONSTRAINT jobs_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.known_followers
    ADD CONSTRAINT known_followers_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.labels
    ADD CONSTRAINT labels_board_id_rank_key UNIQUE (board_id, rank) DEFERRABLE;

ALTER TABLE ONLY public.labels
    ADD CONSTRAINT labels_id_board_id_key UNIQUE (id, board_id);

ALTER TABLE ONLY public.labels
    ADD CONSTRAINT labels_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.labels
    ADD CONSTRAINT labels_title_key EXCLUDE USING btree (board_id WITH =, public.folded(title) WITH =, color WITH =) WHERE ((title <> ''::text)) DEFERRABLE;

ALTER TABLE ONLY public.login_failures
    ADD CONSTRAINT login_failures_pkey PRIMARY KEY (source, login);

ALTER TABLE ONLY public.password_links
    ADD CONSTRAINT password_links_pkey PRIMARY KEY (user_id);

ALTER TABLE ONLY public.password_links
    ADD CONSTRAINT password_links_token_hash_key UNIQUE (token_hash);

ALTER TABLE ONLY public.request_quotas
    ADD CONSTRAINT request_quotas_pkey PRIMARY KEY (user_id);

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.subtasks
    ADD CONSTRAINT subtasks_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.subtasks
    ADD CONSTRAINT subtasks_task_id_rank_key UNIQUE (task_id, rank) DEFERRABLE;

ALTER TABLE ONLY public.task_assignees
    ADD CONSTRAINT task_assignees_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.task_assignees
    ADD CONSTRAINT task_assignees_task_id_user_id_key UNIQUE (task_id, user_id);

ALTER TABLE ONLY public.task_labels
    ADD CONSTRAINT task_labels_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.task_labels
    ADD CONSTRAINT task_labels_task_id_label_id_key UNIQUE (task_id, label_id);

ALTER TABLE ONLY public.tasks
    ADD CONSTRAINT tasks_board_id_number_key UNIQUE (board_id, number);

ALTER TABLE ONLY public.tasks
    ADD CONSTRAINT tasks_column_id_rank_key UNIQUE (column_id, rank) DEFERRABLE;

ALTER TABLE ONLY public.tasks
    ADD CONSTRAINT tasks_id_board_id_key UNIQUE (id, board_id);

ALTER TABLE ONLY public.tasks
    ADD CONSTRAINT tasks_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.tellings
    ADD CONSTRAINT tellings_pkey PRIMARY KEY (board_id, user_id);

ALTER TABLE ONLY public.touched_rows
    ADD CONSTRAINT touched_rows_pkey PRIMARY KEY (board_id, row_id, seq, name);

ALTER TABLE ONLY public.trimmed_logs
    ADD CONSTRAINT trimmed_logs_pkey PRIMARY KEY (board_id);

ALTER TABLE ONLY public.used_ids
    ADD CONSTRAINT used_ids_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);

CREATE INDEX attachments_author_id_idx ON public.attachments USING btree (author_id, board_id);

CREATE INDEX attachments_blob_id_idx ON public.attachments USING btree (blob_id);

CREATE INDEX attachments_board_id_idx ON public.attachments USING btree (board_id, task_id);

CREATE INDEX attachments_comment_id_idx ON public.attachments USING btree (comment_id);

CREATE INDEX attachments_task_id_idx ON public.attachments USING btree (task_id, created_at, id);

CREATE INDEX blobs_board_id_idx ON public.blobs USING btree (board_id) INCLUDE (size, state);

CREATE INDEX blobs_created_by_idx ON public.blobs USING btree (created_by) INCLUDE (size, state);

CREATE INDEX blobs_unused_idx ON public.blobs USING btree (unused_since) WHERE (unused_since IS NOT NULL);

CREATE INDEX board_users_user_id_idx ON public.board_users USING btree (user_id, board_id);

CREATE INDEX boards_created_at_idx ON public.boards USING btree (created_at, id);

CREATE INDEX boards_public_idx ON public.boards USING btree (id) WHERE is_public;

CREATE INDEX columns_archived_idx ON public.columns USING btree (id) WHERE (archived_at IS NOT NULL);

CREATE INDEX comment_reactions_board_id_idx ON public.comment_reactions USING btree (board_id, comment_id);

CREATE INDEX comment_reactions_user_id_idx ON public.comment_reactions USING btree (user_id, board_id);

CREATE INDEX comments_author_id_idx ON public.comments USING btree (author_id, board_id);

CREATE INDEX comments_board_id_idx ON public.comments USING btree (board_id, created_at, id);

CREATE INDEX comments_task_id_idx ON public.comments USING btree (task_id, created_at, id);

CREATE INDEX events_actor_id_idx ON public.events USING btree (board_id, actor_id, seq) WHERE (actor_id IS NOT NULL);

CREATE INDEX events_made_public_idx ON public.events USING btree (board_id, seq) WHERE ((((payload -> 'board'::text) ->> 'is_public'::text) = 'true'::text) AND (type <> 'board.created'::text));

CREATE INDEX events_task_id_idx ON public.events USING btree (board_id, task_id, seq) WHERE (task_id IS NOT NULL);

CREATE INDEX extras_board_id_idx ON public.extras USING btree (board_id);

CREATE INDEX former_people_user_id_idx ON public.former_people USING btree (user_id);

CREATE INDEX idempotency_keys_at_idx ON public.idempotency_keys USING btree (at);

CREATE INDEX import_refs_board_idx ON public.import_refs USING btree (source, source_id) WHERE (kind = 'board'::text);

CREATE INDEX imports_file_idx ON public.imports USING btree (created_at) WHERE (file_id IS NOT NULL);

CREATE INDEX imports_under_way_idx ON public.imports USING btree (status) WHERE (finished_at IS NULL);

CREATE INDEX imports_user_id_idx ON public.imports USING btree (user_id, created_at, id);

CREATE INDEX invitations_board_id_idx ON public.invitations USING btree (board_id, created_at, id);

CREATE INDEX invitations_created_by_idx ON public.invitations USING btree (created_by);

CREATE INDEX jobs_run_at_idx ON public.jobs USING btree (run_at);

CREATE UNIQUE INDEX jobs_unfinished ON public.jobs USING btree (name, key) WHERE (run_at < 'infinity'::timestamp with time zone);

CREATE INDEX login_failures_last_at_idx ON public.login_failures USING btree (last_at);

CREATE INDEX password_links_created_by_idx ON public.password_links USING btree (created_by);

CREATE INDEX sessions_user_id_idx ON public.sessions USING btree (user_id, created_at);

CREATE INDEX subtasks_board_id_idx ON public.subtasks USING btree (board_id, task_id);

CREATE INDEX task_assignees_board_id_user_id_idx ON public.task_assignees USING btree (board_id, user_id);

CREATE INDEX task_assignees_user_id_idx ON public.task_assignees USING btree (user_id);

CREATE INDEX task_labels_board_id_idx ON public.task_labels USING btree (board_id, task_id);

CREATE INDEX task_labels_label_id_idx ON public.task_labels USING btree (label_id, task_id);

CREATE INDEX tasks_author_id_board_id_idx ON public.tasks USING btree (author_id, board_id);

CREATE INDEX tasks_board_id_created_at_idx ON public.tasks USING btree (board_id, created_at, id);

CREATE INDEX tasks_created_at_idx ON public.tasks USING btree (created_at, id) WHERE (archived_at IS NULL);

CREATE INDEX tellings_user_id_idx ON public.tellings USING btree (user_id, board_id);

CREATE INDEX touched_rows_entered_idx ON public.touched_rows USING btree (board_id, entered_id, seq) WHERE (entered_id IS NOT NULL);

CREATE INDEX touched_rows_left_idx ON public.touched_rows USING btree (board_id, left_id, seq) WHERE (left_id IS NOT NULL);

CREATE INDEX touched_rows_lives_idx ON public.touched_rows USING btree (board_id, seq) INCLUDE (row_id, name, gained) WHERE (fields IS NULL);

CREATE INDEX users_email_ascii_idx ON public.users USING btree (lower((email COLLATE "C")));

CREATE UNIQUE INDEX users_email_key ON public.users USING btree (lower(email));

CREATE INDEX users_home_board_id_idx ON public.users USING btree (home_board_id);

CREATE INDEX users_username_idx ON public.users USING btree (public.sort_key(username) COLLATE "C", id);

CREATE UNIQUE INDEX users_username_key ON public.users USING btree (lower(username));

CREATE UNIQUE INDEX users_username_key_key ON public.users USING btree (username_key) WHERE (username_key_of = username);

CREATE CONSTRAINT TRIGGER board_has_creator AFTER INSERT ON public.boards DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.check_board_has_creator();

CREATE CONSTRAINT TRIGGER board_keeps_creator AFTER DELETE OR UPDATE ON public.board_users DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((old.role = 'CREATOR'::text)) EXECUTE FUNCTION public.check_board_has_creator();

CREATE TRIGGER board_users_note_leaving AFTER DELETE ON public.board_users FOR EACH ROW EXECUTE FUNCTION public.note_leaving();

CREATE TRIGGER board_users_void_links AFTER UPDATE OF role ON public.board_users FOR EACH ROW WHEN ((old.role <> new.role)) EXECUTE FUNCTION public.note_leaving();

CREATE TRIGGER boards_forget_imports AFTER DELETE ON public.boards FOR EACH ROW EXECUTE FUNCTION public.forget_imports();

CREATE TRIGGER boards_forget_touched_rows AFTER DELETE ON public.boards FOR EACH ROW EXECUTE FUNCTION public.forget_touched_rows();

CREATE TRIGGER comments_note_added AFTER INSERT ON public.comments REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION public.note_added_comments();

CREATE TRIGGER comments_note_changed AFTER UPDATE ON public.comments REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION public.note_changed_comments();

CREATE TRIGGER comments_note_removed AFTER DELETE ON public.comments REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION public.note_removed_comments();

CREATE TRIGGER events_touch_rows AFTER INSERT ON public.events REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION public.note_touched_rows();

CREATE TRIGGER subtasks_name_board BEFORE INSERT ON public.subtasks FOR EACH ROW WHEN ((new.board_id IS NULL)) EXECUTE FUNCTION public.name_board_of_subtask();

CREATE TRIGGER users_void_links AFTER UPDATE ON public.users FOR EACH ROW WHEN (((old.password_hash IS DISTINCT FROM new.password_hash) OR (old.is_active AND (NOT new.is_active)) OR (old.is_admin AND (NOT new.is_admin)))) EXECUTE FUNCTION public.void_links();

ALTER TABLE ONLY public.attachments
    ADD CONSTRAINT attachments_author_id_fkey FOREIGN KEY (author_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.attachments
    ADD CONSTRAINT attachments_blob_id_fkey FOREIGN KEY (blob_id) REFERENCES public.blobs(id);

ALTER TABLE ONLY public.attachments
    ADD CONSTRAINT attachments_board_id_fkey FOREIGN KEY (board_id) REFERENCES public.boards(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.attachments
    ADD CONSTRAINT attachments_comment_id_board_id_fkey FOREIGN KEY (comment_id, board_id) REFERENCES public.comments(id, board_id);

ALTER TABLE ONLY public.attachments
    ADD CONSTRAINT attachments_task_id_board_id_fkey FOREIGN KEY (task_id, board_id) REFERENCES public.tasks(id, board_id);

ALTER TABLE ONLY public.blobs
    ADD CONSTRAINT blobs_board_id_fkey FOREIGN KEY (board_id) REFERENCES public.boards(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.blobs
    ADD CONSTRAINT blobs_created_by_fkey FOREIGN KEY (created_by) REFERENCES public.users(id);

ALTER TABLE ONLY public.board_users
    ADD CONSTRAINT board_users_board_id_fkey FOREIGN KEY (board_id) REFERENCES public.boards(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.board_users
    ADD CONSTRAINT board_users_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.columns
    ADD CONSTRAINT columns_board_id_fkey FOREIGN KEY (board_id) REFERENCES public.boards(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.comment_reactions
    ADD CONSTRAINT comment_reactions_board_id_fkey FOREIGN KEY (board_id) REFERENCES public.boards(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.comment_reactions
    ADD CONSTRAINT comment_reactions_comment_id_board_id_fkey FOREIGN KEY (comment_id, board_id) REFERENCES public.comments(id, board_id);

ALTER TABLE ONLY public.comment_reactions
    ADD CONSTRAINT comment_reactions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.comment_sizes
    ADD CONSTRAINT comment_sizes_board_id_fkey FOREIGN KEY (board_id) REFERENCES public.boards(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.comments
    ADD CONSTRAINT comments_author_id_fkey FOREIGN KEY (author_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.comments
    ADD CONSTRAINT comments_board_id_fkey FOREIGN KEY (board_id) REFERENCES public.boards(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_board_id_fkey FOREIGN KEY (board_id) REFERENCES public.boards(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.followers
    ADD CONSTRAINT followers_board_id_fkey FOREIGN KEY (board_id) REFERENCES public.boards(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.former_people
    ADD CONSTRAINT former_people_board_id_fkey FOREIGN KEY (board_id) REFERENCES public.boards(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.former_people
    ADD CONSTRAINT former_people_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT idempotency_keys_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.imports
    ADD CONSTRAINT imports_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT invitations_board_id_fkey FOREIGN KEY (board_id) REFERENCES public.boards(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT invitations_created_by_fkey FOREIGN KEY (created_by) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.labels
    ADD CONSTRAINT labels_board_id_fkey FOREIGN KEY (board_id) REFERENCES public.boards(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.password_links
    ADD CONSTRAINT password_links_created_by_fkey FOREIGN KEY (created_by) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.password_links
    ADD CONSTRAINT password_links_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.request_quotas
    ADD CONSTRAINT request_quotas_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.subtasks
    ADD CONSTRAINT subtasks_task_id_board_id_fkey FOREIGN KEY (task_id, board_id) REFERENCES public.tasks(id, board_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.task_assignees
    ADD CONSTRAINT task_assignees_board_id_user_id_fkey FOREIGN KEY (board_id, user_id) REFERENCES public.board_users(board_id, user_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.task_assignees
    ADD CONSTRAINT task_assignees_task_id_board_id_fkey FOREIGN KEY (task_id, board_id) REFERENCES public.tasks(id, board_id);

ALTER TABLE ONLY public.task_labels
    ADD CONSTRAINT task_labels_board_id_fkey FOREIGN KEY (board_id) REFERENCES public.boards(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.task_labels
    ADD CONSTRAINT task_labels_label_id_board_id_fkey FOREIGN KEY (label_id, board_id) REFERENCES public.labels(id, board_id);

ALTER TABLE ONLY public.task_labels
    ADD CONSTRAINT task_labels_task_id_board_id_fkey FOREIGN KEY (task_id, board_id) REFERENCES public.tasks(id, board_id);

ALTER TABLE ONLY public.tasks
    ADD CONSTRAINT tasks_author_id_fkey FOREIGN KEY (author_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.tasks
    ADD CONSTRAINT tasks_board_id_fkey FOREIGN KEY (board_id) REFERENCES public.boards(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.tasks
    ADD CONSTRAINT tasks_column_id_board_id_fkey FOREIGN KEY (column_id, board_id) REFERENCES public.columns(id, board_id);

ALTER TABLE ONLY public.trimmed_logs
    ADD CONSTRAINT trimmed_logs_board_id_fkey FOREIGN KEY (board_id) REFERENCES public.boards(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_home_board_id_fkey FOREIGN KEY (home_board_id) REFERENCES public.boards(id) ON DELETE SET NULL;
