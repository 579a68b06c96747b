-- Rooms in PostgreSQL 13 and later. Run once, by the role that is to own the schema: by PostgresqlChat.createSchema(), or as a
-- migration of Flyway's or Liquibase's (with splitStatements off). role.sql says what the application's own role needs.
--
-- What people write is in tables that are UNLOGGED: in no WAL, so in no replica and no backup that rests on the WAL, and
-- empty after the server has crashed. They are partitioned by hours since 1970, so that what has ended leaves the disk as
-- whole files: a room's rows by the hour of its latest end, which never moves; bodies by the hour of their own end.
--
-- Times are milliseconds since 1970 by clock_timestamp(), unless a name says that they are microseconds.
DO $$
BEGIN
  IF to_regnamespace('ephemeral_chat') IS NULL THEN -- Somebody may have made it, for its rights.
    CREATE SCHEMA ephemeral_chat;
  END IF;
END $$;

-- One row for each room: what most calls read, and where its log is. Not partitioned, since a code is one room's in all hours;
-- so nothing in it is somebody's words. Each post writes it anew, in place, hence the room left in each page.
CREATE UNLOGGED TABLE ephemeral_chat.room (
  code        text COLLATE "C" PRIMARY KEY,
  no          bigint GENERATED ALWAYS AS IDENTITY,
  format      int NOT NULL,
  hour        int NOT NULL,             -- of the latest end
  incarnation bigint NOT NULL,
  created     bigint NOT NULL,
  deadline    bigint NOT NULL,
  latest      bigint NOT NULL,
  seats       int NOT NULL,
  owner_only  boolean NOT NULL,
  encrypted   boolean NOT NULL,
  message_ttl bigint,
  typing      boolean NOT NULL,
  presence    boolean NOT NULL,
  locked      boolean NOT NULL,
  proof       text,                     -- SHA-256
  wrong       int NOT NULL,             -- how many wrong proofs in a row
  wait_until  bigint NOT NULL,          -- until when they make new seats wait
  taken       int NOT NULL,             -- how many seats
  head        bigint NOT NULL,          -- the newest entry's sequence
  nonce       bigint NOT NULL,          -- and its nonce
  first       bigint NOT NULL,          -- the oldest entry's sequence
  bytes       bigint NOT NULL,          -- of all bodies
  due         bigint                    -- when the next body ends, or earlier
) WITH (fillfactor = 60);
CREATE INDEX ON ephemeral_chat.room (deadline);

CREATE TABLE ephemeral_chat.seat (
  hour    int NOT NULL,
  room    bigint NOT NULL,              -- room.no, here as below
  id      text COLLATE "C" NOT NULL,
  name    text NOT NULL,
  joined  bigint NOT NULL,
  role    text NOT NULL,
  profile text NOT NULL,                -- empty for none
  PRIMARY KEY (hour, room, id)
) PARTITION BY LIST (hour);

CREATE TABLE ephemeral_chat.token (
  hour  int NOT NULL,
  room  bigint NOT NULL,
  hash  text COLLATE "C" NOT NULL,      -- SHA-256
  id    text COLLATE "C" NOT NULL,
  added bigint NOT NULL,                -- grows with each token of a seat
  PRIMARY KEY (hour, room, hash)
) PARTITION BY LIST (hour);

CREATE TABLE ephemeral_chat.property (
  hour  int NOT NULL,
  room  bigint NOT NULL,
  name  text COLLATE "C" NOT NULL,
  value bytea NOT NULL,                 -- as bytes, since a text of PostgreSQL's holds no zero byte
  PRIMARY KEY (hour, room, name)
) PARTITION BY LIST (hour);

CREATE TABLE ephemeral_chat.entry (
  hour        int NOT NULL,
  room        bigint NOT NULL,
  sequence    bigint NOT NULL,
  nonce       bigint NOT NULL,
  at          bigint NOT NULL,
  kind        text NOT NULL,
  sender_id   text COLLATE "C" NOT NULL,
  sender_name text NOT NULL,
  key         text COLLATE "C",         -- the sender's own; none for what says of a change
  bytes       int NOT NULL,             -- of the body, 0 once it is forgotten
  ends        bigint,                   -- the body's own end
  claims      int,                      -- how many members may still claim the body; none if all get it
  forgotten   text,                     -- why the body is gone
  body_hour   int,                      -- in which hour of the table body it is; none if it is here
  body        bytea,                    -- of what says of a change
  PRIMARY KEY (hour, room, sequence)
) PARTITION BY LIST (hour);
CREATE UNIQUE INDEX ON ephemeral_chat.entry (hour, room, sender_id, key) WHERE key IS NOT NULL;
CREATE INDEX ON ephemeral_chat.entry (hour, room, ends) WHERE ends IS NOT NULL AND forgotten IS NULL;

-- What was posted. As bytes, since a text of PostgreSQL's holds no zero byte.
CREATE TABLE ephemeral_chat.body (
  hour     int NOT NULL,
  room     bigint NOT NULL,
  sequence bigint NOT NULL,
  ends     bigint,
  body     bytea NOT NULL,
  PRIMARY KEY (hour, room, sequence)
) PARTITION BY LIST (hour);
CREATE INDEX ON ephemeral_chat.body (ends) WHERE ends IS NOT NULL;

CREATE TABLE ephemeral_chat.claim (
  hour     int NOT NULL,
  room     bigint NOT NULL,
  sequence bigint NOT NULL,
  id       text COLLATE "C" NOT NULL,
  at       bigint NOT NULL,
  PRIMARY KEY (hour, room, sequence, id)
) PARTITION BY LIST (hour);

-- ANALYZE copies samples of columns into a catalog that is logged and lives on. So it takes none of what people write, of
-- codes and of hashes. Partitions take this over, see make_hour.
ALTER TABLE ephemeral_chat.room ALTER code SET STATISTICS 0, ALTER proof SET STATISTICS 0;
ALTER TABLE ephemeral_chat.seat ALTER id SET STATISTICS 0, ALTER name SET STATISTICS 0, ALTER profile SET STATISTICS 0;
ALTER TABLE ephemeral_chat.token ALTER hash SET STATISTICS 0, ALTER id SET STATISTICS 0;
ALTER TABLE ephemeral_chat.property ALTER name SET STATISTICS 0, ALTER value SET STATISTICS 0;
ALTER TABLE ephemeral_chat.entry ALTER sender_id SET STATISTICS 0, ALTER sender_name SET STATISTICS 0,
  ALTER key SET STATISTICS 0, ALTER body SET STATISTICS 0;
ALTER TABLE ephemeral_chat.body ALTER body SET STATISTICS 0;
ALTER TABLE ephemeral_chat.claim ALTER id SET STATISTICS 0;

-- How many wrong room codes were tried in a minute, over all nodes.
CREATE UNLOGGED TABLE ephemeral_chat.wrong_codes (
  minute bigint PRIMARY KEY,
  count  bigint NOT NULL
);

-- What a function answers: a status and the server's time, and of the rest what there is to say.
CREATE TYPE ephemeral_chat.answer AS (
  status text, micros bigint,
  -- the room
  incarnation bigint, created bigint, deadline bigint, latest bigint, seats int, owner_only boolean, encrypted boolean,
  message_ttl bigint, typing boolean, presence boolean, locked boolean, proof boolean,
  property_names text[], property_values bytea[], head_sequence bigint, head_nonce bigint,
  -- members, and by which tokens they were found
  tokens text[], member_ids text[], member_names text[], member_joined bigint[], member_roles text[],
  member_profiles text[],
  -- what the log counts, and the entry before the new one; none if nothing was stored
  entries bigint, bytes bigint, previous_sequence bigint, previous_nonce bigint,
  -- an entry
  sequence bigint, nonce bigint, at bigint, kind text, sender_id text, sender_name text, key text, body bytea,
  ends bigint, claims int, forgotten text,
  -- a number that belongs to a status
  detail bigint
);

-- What is answered to a post.
CREATE TYPE ephemeral_chat.posted AS (
  status text, micros bigint, incarnation bigint, deadline bigint, entries bigint, bytes bigint, previous_sequence bigint,
  previous_nonce bigint, sequence bigint, nonce bigint, at bigint, kind text, sender_id text, sender_name text, key text,
  body bytea, ends bigint, claims int, forgotten text
);

-- A room that is locked for this step, and who acts in it: the host, with the role host, or a member; none if it is neither.
CREATE TYPE ephemeral_chat.step AS (
  answer ephemeral_chat.answer, room ephemeral_chat.room, actor ephemeral_chat.seat
);

-- ---- Parts of a step. They find the tables by the search path of the functions that nodes call, see the end. ----

CREATE FUNCTION ephemeral_chat.format_version() RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';

CREATE FUNCTION ephemeral_chat.micros() RETURNS bigint LANGUAGE sql VOLATILE AS
  'SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint';

CREATE FUNCTION ephemeral_chat.new_nonce() RETURNS bigint LANGUAGE sql VOLATILE AS
  'SELECT 1 + floor(random() * 9007199254740990)::bigint';

-- Whether a room lives. Its row is locked already, if the caller is to write: so the time is read under the lock.
CREATE FUNCTION ephemeral_chat.status_of(p_format int, p_deadline bigint, p_micros bigint, p_until bigint)
RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE
    WHEN p_micros > p_until THEN 'late'
    WHEN p_format IS NULL THEN 'not_found'
    WHEN p_format <> ephemeral_chat.format_version() THEN 'wrong_format'
    WHEN p_micros / 1000 >= p_deadline THEN 'not_found'
    ELSE 'ok'
  END
$$;

CREATE FUNCTION ephemeral_chat.judge(r ephemeral_chat.room, p_until bigint)
RETURNS ephemeral_chat.answer LANGUAGE plpgsql AS $$
DECLARE
  a ephemeral_chat.answer;
BEGIN
  a.micros := micros();
  a.status := status_of(r.format, r.deadline, a.micros, p_until);
  a.incarnation := r.incarnation;
  a.deadline := r.deadline;
  RETURN a;
END $$;

CREATE FUNCTION ephemeral_chat.actor_of(r ephemeral_chat.room, p_kind text, p_actor text)
RETURNS ephemeral_chat.seat LANGUAGE plpgsql AS $$
DECLARE
  s ephemeral_chat.seat;
BEGIN
  IF p_kind = 'host' THEN
    s.id := 'host';
    s.name := p_actor;
    s.role := 'host';
  ELSIF p_kind = 'id' THEN
    SELECT * INTO s FROM seat WHERE hour = r.hour AND room = r.no AND id = p_actor;
  ELSE
    SELECT m.* INTO s FROM token t JOIN seat m ON m.hour = r.hour AND m.room = r.no AND m.id = t.id
      WHERE t.hour = r.hour AND t.room = r.no AND t.hash = p_actor;
  END IF;
  RETURN s;
END $$;

CREATE FUNCTION ephemeral_chat.begin_step(p_code text, p_until bigint, p_kind text, p_actor text)
RETURNS ephemeral_chat.step LANGUAGE plpgsql AS $$
DECLARE
  a ephemeral_chat.answer;
  r ephemeral_chat.room;
  s ephemeral_chat.seat;
BEGIN
  SELECT * INTO r FROM room WHERE code = p_code FOR UPDATE;
  a := judge(r, p_until);
  IF a.status = 'ok' THEN
    s := actor_of(r, p_kind, p_actor);
    IF s.id IS NULL THEN
      a.status := 'not_member';
    END IF;
  END IF;
  RETURN ROW(a, r, s)::step;
END $$;

-- The same, of an actor who may steer the room.
CREATE FUNCTION ephemeral_chat.begin_steering(p_code text, p_until bigint, p_kind text, p_actor text)
RETURNS ephemeral_chat.step LANGUAGE plpgsql AS $$
DECLARE
  t ephemeral_chat.step;
  a ephemeral_chat.answer;
BEGIN
  t := begin_step(p_code, p_until, p_kind, p_actor);
  a := t.answer;
  IF a.status = 'ok' AND (t.actor).role NOT IN ('owner', 'host') THEN
    a.status := 'not_permitted';
    t.answer := a;
  END IF;
  RETURN t;
END $$;

-- Says what there is to say of a room itself: that there is a proof, but not the proof.
CREATE FUNCTION ephemeral_chat.describe(a ephemeral_chat.answer, r ephemeral_chat.room)
RETURNS ephemeral_chat.answer LANGUAGE plpgsql STABLE AS $$
BEGIN
  a.created := r.created;
  a.latest := r.latest;
  a.seats := r.seats;
  a.owner_only := r.owner_only;
  a.encrypted := r.encrypted;
  a.message_ttl := r.message_ttl;
  a.typing := r.typing;
  a.presence := r.presence;
  a.locked := r.locked;
  a.proof := r.proof IS NOT NULL;
  a.head_sequence := r.head;
  a.head_nonce := r.nonce;
  SELECT array_agg(name), array_agg(value) INTO a.property_names, a.property_values
    FROM property WHERE hour = r.hour AND room = r.no;
  RETURN a;
END $$;

-- The body of an entry. Most lie in the room's own hour.
CREATE FUNCTION ephemeral_chat.body_of(p_hour int, p_room bigint, p_sequence bigint)
RETURNS bytea LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN (SELECT b.body FROM body b WHERE b.hour = p_hour AND b.room = p_room AND b.sequence = p_sequence);
END $$;

-- Why the body of an entry is gone at a time; null if it is there. A body that is missed has ended.
CREATE FUNCTION ephemeral_chat.reason_of(p_forgotten text, p_ends bigint, p_claims int, p_body bytea, p_now bigint)
RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE
    WHEN p_forgotten IS NOT NULL THEN p_forgotten
    WHEN p_ends <= p_now OR p_claims IS NULL AND p_body IS NULL THEN 'expired'
  END
$$;

-- Shows an entry as it is at a time: with its body if that is there, and needs no claim.
CREATE FUNCTION ephemeral_chat.show(a ephemeral_chat.answer, e ephemeral_chat.entry, p_now bigint, p_body bytea)
RETURNS ephemeral_chat.answer LANGUAGE plpgsql STABLE AS $$
BEGIN
  a.sequence := e.sequence;
  a.nonce := e.nonce;
  a.at := e.at;
  a.kind := e.kind;
  a.sender_id := e.sender_id;
  a.sender_name := e.sender_name;
  a.key := e.key;
  a.ends := e.ends;
  a.forgotten := reason_of(e.forgotten, e.ends, e.claims, coalesce(p_body, e.body), p_now);
  IF a.forgotten IS NULL THEN
    a.claims := e.claims;
    a.body := CASE WHEN e.claims IS NULL THEN coalesce(p_body, e.body) END;
  END IF;
  RETURN a;
END $$;

-- Notes which bodies have ended: the log no longer counts them.
CREATE FUNCTION ephemeral_chat.forget_due(r ephemeral_chat.room, p_now bigint)
RETURNS ephemeral_chat.room LANGUAGE plpgsql AS $$
BEGIN
  r.bytes := r.bytes - coalesce((SELECT sum(e.bytes) FROM entry e
    WHERE e.hour = r.hour AND e.room = r.no AND e.ends <= p_now AND e.forgotten IS NULL), 0);
  UPDATE entry e SET forgotten = 'expired', bytes = 0
    WHERE e.hour = r.hour AND e.room = r.no AND e.ends <= p_now AND e.forgotten IS NULL;
  r.due := (SELECT min(e.ends) FROM entry e
    WHERE e.hour = r.hour AND e.room = r.no AND e.ends IS NOT NULL AND e.forgotten IS NULL);
  RETURN r;
END $$;

-- Drops the oldest entries until the log is within its limits. The newest one always stays. Each look begins at the oldest
-- one that is kept: below lie dead rows until a vacuum.
CREATE FUNCTION ephemeral_chat.trim_log(r ephemeral_chat.room, p_entries bigint, p_bytes bigint)
RETURNS ephemeral_chat.room LANGUAGE plpgsql AS $$
DECLARE
  e record;
  oldest bigint := r.first;
  hours int[] := '{}';
BEGIN
  WHILE r.head > r.first AND (r.head - r.first >= p_entries OR r.bytes > p_bytes) LOOP
    -- With a limit, or it would be planned as if all of them were read.
    FOR e IN SELECT o.sequence, o.bytes, o.body_hour FROM entry o
        WHERE o.hour = r.hour AND o.room = r.no AND o.sequence >= r.first ORDER BY o.sequence LIMIT 32 LOOP
      EXIT WHEN r.head = r.first OR (r.head - r.first < p_entries AND r.bytes <= p_bytes);
      r.bytes := r.bytes - e.bytes;
      r.first := e.sequence + 1;
      IF e.body_hour IS NOT NULL AND e.body_hour <> ALL (hours) THEN
        hours := hours || e.body_hour;
      END IF;
    END LOOP;
    EXIT WHEN NOT FOUND;
  END LOOP;
  DELETE FROM entry o WHERE o.hour = r.hour AND o.room = r.no AND o.sequence >= oldest AND o.sequence < r.first;
  DELETE FROM body b
    WHERE b.hour = ANY (hours) AND b.room = r.no AND b.sequence >= oldest AND b.sequence < r.first;
  DELETE FROM claim c WHERE c.hour = r.hour AND c.room = r.no AND c.sequence >= oldest AND c.sequence < r.first;
  RETURN r;
END $$;

-- Makes the partitions of an hour. A parent's lock that this takes stops nobody who reads or writes.
CREATE FUNCTION ephemeral_chat.make_hour(p_hour int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  t text;
  c text;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('ephemeral_chat.hours'));
  -- Not by to_regclass, which may know no better than before the wait.
  IF NOT EXISTS (SELECT FROM pg_class WHERE relnamespace = 'ephemeral_chat'::regnamespace
      AND relname = 'claim_' || p_hour) THEN
    FOREACH t IN ARRAY ARRAY['seat', 'token', 'property', 'entry', 'body', 'claim'] LOOP
      EXECUTE format('CREATE UNLOGGED TABLE ephemeral_chat.%I (LIKE ephemeral_chat.%I)', t || '_' || p_hour, t);
      FOR c IN SELECT attname FROM pg_attribute
          WHERE attrelid = ('ephemeral_chat.' || t)::regclass AND attnum > 0 AND attstattarget = 0 LOOP
        EXECUTE format('ALTER TABLE ephemeral_chat.%I ALTER %I SET STATISTICS 0', t || '_' || p_hour, c);
      END LOOP;
      EXECUTE format('ALTER TABLE ephemeral_chat.%I ATTACH PARTITION ephemeral_chat.%I FOR VALUES IN (%s)',
        t, t || '_' || p_hour, p_hour);
    END LOOP;
  END IF;
END $$;

CREATE FUNCTION ephemeral_chat.need_hour(p_hour int) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF to_regclass('claim_' || p_hour) IS NULL THEN
    PERFORM make_hour(p_hour);
  END IF;
END $$;

-- Appends, trims, and says what was written. The room's row is locked.
CREATE FUNCTION ephemeral_chat.append(
  a ephemeral_chat.answer, r ephemeral_chat.room, e ephemeral_chat.entry, p_body bytea, p_entries bigint, p_bytes bigint)
RETURNS ephemeral_chat.answer LANGUAGE plpgsql AS $$
DECLARE
  ms bigint := a.micros / 1000;
BEGIN
  IF r.due <= ms THEN
    r := forget_due(r, ms);
  END IF;
  a.previous_sequence := r.head;
  a.previous_nonce := r.nonce;
  r.head := r.head + 1;
  r.nonce := new_nonce();
  r.bytes := r.bytes + octet_length(p_body);
  r.due := least(r.due, e.ends);
  e.hour := r.hour;
  e.room := r.no;
  e.sequence := r.head;
  e.nonce := r.nonce;
  e.at := ms;
  e.bytes := octet_length(p_body);
  IF e.key IS NULL THEN
    e.body := p_body;
  ELSE
    e.body_hour := CASE WHEN e.ends IS NULL THEN r.hour ELSE (e.ends / 3600000)::int END;
    IF e.ends IS NOT NULL THEN
      PERFORM need_hour(e.body_hour);
    END IF;
    INSERT INTO body (hour, room, sequence, ends, body) VALUES (e.body_hour, r.no, r.head, e.ends, p_body);
  END IF;
  INSERT INTO entry VALUES (e.*);
  IF r.head - r.first >= p_entries OR (r.bytes > p_bytes AND r.head > r.first) THEN
    r := trim_log(r, p_entries, p_bytes);
  END IF;
  UPDATE room SET head = r.head, nonce = r.nonce, first = r.first, bytes = r.bytes, due = r.due WHERE code = r.code;
  a.entries := r.head - r.first + 1;
  a.bytes := r.bytes;
  a.head_sequence := r.head;
  a.head_nonce := r.nonce;
  RETURN show(a, e, ms, p_body);
END $$;

-- Appends what an actor has changed.
CREATE FUNCTION ephemeral_chat.append_change(
  t ephemeral_chat.step, p_kind text, p_body bytea, p_entries bigint, p_bytes bigint)
RETURNS ephemeral_chat.answer LANGUAGE plpgsql AS $$
DECLARE
  e ephemeral_chat.entry;
BEGIN
  e.kind := p_kind;
  e.sender_id := (t.actor).id;
  e.sender_name := (t.actor).name;
  RETURN append(t.answer, t.room, e, p_body, p_entries, p_bytes);
END $$;

-- Removes all rows of rooms of one hour but those in the table room.
CREATE FUNCTION ephemeral_chat.remove_rows(p_hour int, p_rooms bigint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  hours int[];
BEGIN
  SELECT array_agg(DISTINCT e.body_hour) INTO hours
    FROM entry e WHERE e.hour = p_hour AND e.room = ANY (p_rooms) AND e.body_hour IS NOT NULL;
  DELETE FROM body WHERE hour = ANY (hours) AND room = ANY (p_rooms);
  DELETE FROM entry WHERE hour = p_hour AND room = ANY (p_rooms);
  DELETE FROM claim WHERE hour = p_hour AND room = ANY (p_rooms);
  DELETE FROM property WHERE hour = p_hour AND room = ANY (p_rooms);
  DELETE FROM token WHERE hour = p_hour AND room = ANY (p_rooms);
  DELETE FROM seat WHERE hour = p_hour AND room = ANY (p_rooms);
END $$;

-- Makes a token valid; the oldest of the seat dies if there are too many.
CREATE FUNCTION ephemeral_chat.add_token(r ephemeral_chat.room, p_id text, p_hash text, p_most int)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  newest bigint;
BEGIN
  SELECT coalesce(max(added), 0) + 1 INTO newest FROM token WHERE hour = r.hour AND room = r.no AND id = p_id;
  INSERT INTO token VALUES (r.hour, r.no, p_hash, p_id, newest);
  DELETE FROM token WHERE hour = r.hour AND room = r.no AND id = p_id AND added <= newest - p_most;
END $$;

-- Answers a seat.
CREATE FUNCTION ephemeral_chat.show_seat(a ephemeral_chat.answer, r ephemeral_chat.room, s ephemeral_chat.seat)
RETURNS ephemeral_chat.answer LANGUAGE plpgsql STABLE AS $$
BEGIN
  a := describe(a, r);
  a.member_ids := ARRAY[s.id];
  a.member_names := ARRAY[s.name];
  a.member_joined := ARRAY[s.joined];
  a.member_roles := ARRAY[s.role];
  a.member_profiles := ARRAY[s.profile];
  RETURN a;
END $$;

-- ---- What nodes call. The first argument but the code is the microsecond after which the caller no longer waits. ----

-- -> ok | taken | expired
CREATE FUNCTION ephemeral_chat.create_room(
  p_code text, p_until bigint, p_entries bigint, p_bytes bigint, p_incarnation bigint, p_created bigint, p_deadline bigint,
  p_latest bigint, p_seats int, p_owner_only boolean, p_encrypted boolean, p_message_ttl bigint, p_typing boolean,
  p_presence boolean, p_locked boolean, p_proof text, p_names text[], p_values bytea[], p_id text, p_name text,
  p_token text, p_profile text)
RETURNS ephemeral_chat.answer LANGUAGE plpgsql AS $$
DECLARE
  a ephemeral_chat.answer;
  r ephemeral_chat.room;
  s ephemeral_chat.seat;
  h int := (p_latest / 3600000)::int;
BEGIN
  IF micros() / 1000 >= p_deadline THEN
    a.micros := micros();
    a.status := 'expired';
    RETURN a;
  END IF;
  PERFORM need_hour(h);
  SELECT * INTO r FROM room WHERE code = p_code FOR UPDATE;
  a := judge(r, p_until);
  IF a.status = 'late' THEN
    RETURN a;
  ELSIF a.status <> 'not_found' THEN
    a.status := 'taken';
    RETURN a;
  ELSIF r.code IS NOT NULL THEN
    PERFORM remove_rows(r.hour, ARRAY[r.no]);
    DELETE FROM room WHERE code = p_code;
  END IF;
  INSERT INTO room VALUES (p_code, DEFAULT, format_version(), h, p_incarnation, p_created, p_deadline, p_latest, p_seats,
      p_owner_only, p_encrypted, p_message_ttl, p_typing, p_presence, p_locked, p_proof, 0, 0, 1, 0, 0, 1, 0, NULL)
    ON CONFLICT (code) DO NOTHING RETURNING * INTO r;
  IF NOT FOUND THEN
    a.status := 'taken';
    RETURN a;
  END IF;
  a.micros := micros();
  IF a.micros > p_until THEN
    RAISE EXCEPTION 'too late' USING ERRCODE = 'EC001';
  END IF;
  INSERT INTO property SELECT h, r.no, n, v FROM unnest(p_names, p_values) AS p (n, v);
  INSERT INTO seat VALUES (h, r.no, p_id, p_name, 1, 'owner', p_profile) RETURNING * INTO s;
  INSERT INTO token VALUES (h, r.no, p_token, p_id, 1);
  a.status := 'ok';
  RETURN append_change(ROW(a, r, s)::step, 'joined',
    convert_to(concat_ws(E'\n', 'owner', nullif(p_profile, '')), 'UTF8'), p_entries, p_bytes);
END $$;

-- -> ok, the room and all members, the owner first
CREATE FUNCTION ephemeral_chat.find_room(p_code text, p_until bigint)
RETURNS ephemeral_chat.answer LANGUAGE plpgsql STABLE AS $$
DECLARE
  a ephemeral_chat.answer;
  r ephemeral_chat.room;
BEGIN
  SELECT * INTO r FROM room WHERE code = p_code;
  a := judge(r, p_until);
  IF a.status = 'ok' THEN
    a := describe(a, r);
    SELECT array_agg(id ORDER BY role <> 'owner', joined), array_agg(name ORDER BY role <> 'owner', joined),
        array_agg(joined ORDER BY role <> 'owner', joined), array_agg(role ORDER BY role <> 'owner', joined),
        array_agg(profile ORDER BY role <> 'owner', joined)
      INTO a.member_ids, a.member_names, a.member_joined, a.member_roles, a.member_profiles
      FROM seat WHERE hour = r.hour AND room = r.no;
  END IF;
  RETURN a;
END $$;

-- -> ok, the room, the tokens that are members' and whose they are
CREATE FUNCTION ephemeral_chat.authenticate(p_code text, p_until bigint, p_tokens text[])
RETURNS ephemeral_chat.answer LANGUAGE plpgsql STABLE AS $$
DECLARE
  a ephemeral_chat.answer;
  r ephemeral_chat.room;
BEGIN
  SELECT * INTO r FROM room WHERE code = p_code;
  a := judge(r, p_until);
  IF a.status = 'ok' THEN
    a := describe(a, r);
    SELECT array_agg(t.hash), array_agg(s.id), array_agg(s.name), array_agg(s.joined), array_agg(s.role),
        array_agg(s.profile)
      INTO a.tokens, a.member_ids, a.member_names, a.member_joined, a.member_roles, a.member_profiles
      FROM token t JOIN seat s ON s.hour = r.hour AND s.room = r.no AND s.id = t.id
      WHERE t.hour = r.hour AND t.room = r.no AND t.hash = ANY (p_tokens);
  END IF;
  RETURN a;
END $$;

-- Whether a new seat may be taken, by lock and proof; wrong proofs are counted. -> ok | locked, waiting, wrong_proof, each
-- with a detail: 1 if the room is encrypted, for how many milliseconds
CREATE FUNCTION ephemeral_chat.admit(a ephemeral_chat.answer, r ephemeral_chat.room, p_proof text, p_free int)
RETURNS ephemeral_chat.answer LANGUAGE plpgsql AS $$
DECLARE
  ms bigint := a.micros / 1000;
  beyond int := r.wrong + 1 - p_free;
BEGIN
  IF r.locked THEN
    a.status := 'locked';
    a.detail := r.encrypted::int;
  ELSIF r.proof IS NULL THEN
    RETURN a;
  ELSIF r.wait_until > ms THEN
    a.status := 'waiting';
    a.detail := r.wait_until - ms;
  ELSIF r.proof IS DISTINCT FROM p_proof THEN
    a.status := 'wrong_proof';
    a.detail := r.encrypted::int;
    IF p_proof IS NOT NULL AND NOT r.encrypted THEN
      UPDATE room SET wrong = r.wrong + 1,
        wait_until = CASE WHEN beyond > 0 THEN ms + least(60, 2 ^ least(beyond - 1, 6))::bigint * 1000 ELSE 0 END
        WHERE code = r.code;
    END IF;
  ELSIF r.wrong > 0 THEN
    UPDATE room SET wrong = 0, wait_until = 0 WHERE code = r.code;
  END IF;
  RETURN a;
END $$;

-- -> ok, the room and the seat, and if it is new what was written
--    | not_permitted: the token is another's | no_profile: none belongs here | what admit says | full
CREATE FUNCTION ephemeral_chat.take_seat(
  p_code text, p_until bigint, p_entries bigint, p_bytes bigint, p_id text, p_name text, p_handle text, p_token text,
  p_most int, p_named boolean, p_proof text, p_admitted boolean, p_free int, p_profile text)
RETURNS ephemeral_chat.answer LANGUAGE plpgsql AS $$
DECLARE
  a ephemeral_chat.answer;
  r ephemeral_chat.room;
  s ephemeral_chat.seat;
BEGIN
  SELECT * INTO r FROM room WHERE code = p_code FOR UPDATE;
  a := judge(r, p_until);
  IF a.status <> 'ok' THEN
    RETURN a;
  END IF;
  s := actor_of(r, 'token', p_token);
  IF s.id IS NOT NULL THEN
    IF p_named AND s.id <> p_id THEN
      a.status := 'not_permitted';
      RETURN a;
    END IF;
    RETURN show_seat(a, r, s);
  END IF;
  s := actor_of(r, 'id', p_id);
  IF s.id IS NOT NULL THEN
    PERFORM add_token(r, p_id, p_token, p_most);
    RETURN show_seat(a, r, s);
  END IF;
  IF p_profile <> '' AND NOT r.encrypted THEN
    a.status := 'no_profile';
  ELSIF NOT p_admitted THEN
    a := admit(a, r, p_proof, p_free);
  END IF;
  IF a.status = 'ok' AND r.taken >= r.seats THEN
    a.status := 'full';
  END IF;
  IF a.status <> 'ok' THEN
    RETURN a;
  END IF;
  INSERT INTO seat VALUES (r.hour, r.no, p_id, CASE WHEN r.encrypted THEN p_handle ELSE p_name END, r.head + 1,
    CASE WHEN r.taken = 0 THEN 'owner' ELSE 'member' END, p_profile) RETURNING * INTO s;
  PERFORM add_token(r, p_id, p_token, p_most);
  UPDATE room SET taken = r.taken + 1 WHERE code = r.code;
  a := show_seat(a, r, s);
  RETURN append_change(ROW(a, r, s)::step, 'joined',
    convert_to(concat_ws(E'\n', s.role, nullif(p_profile, '')), 'UTF8'), p_entries, p_bytes);
END $$;

-- Says what an earlier call has stored under a key.
CREATE FUNCTION ephemeral_chat.repeated(a ephemeral_chat.posted, r ephemeral_chat.room, p_key text)
RETURNS ephemeral_chat.posted LANGUAGE plpgsql STABLE AS $$
DECLARE
  e ephemeral_chat.entry;
  now bigint := a.at;
  body bytea;
BEGIN
  SELECT * INTO e FROM entry o WHERE o.hour = r.hour AND o.room = r.no AND o.sender_id = a.sender_id AND o.key = p_key;
  body := body_of(e.body_hour, r.no, e.sequence);
  a.entries := r.head - r.first + 1;
  a.bytes := r.bytes;
  a.sequence := e.sequence;
  a.nonce := e.nonce;
  a.at := e.at;
  a.kind := e.kind;
  a.sender_name := e.sender_name;
  a.key := e.key;
  a.ends := e.ends;
  a.forgotten := reason_of(e.forgotten, e.ends, e.claims, body, now);
  IF a.forgotten IS NULL THEN
    a.claims := e.claims;
    a.body := CASE WHEN e.claims IS NULL THEN body END;
  END IF;
  RETURN a;
END $$;

-- Most calls are posts. So this does by itself what other steps leave to their parts: whatever is passed to a function as a row
-- is copied.
-- -> ok, the entry; no previous one if an earlier call has stored it | not_permitted | does_not_fit
CREATE FUNCTION ephemeral_chat.post(
  p_code text, p_until bigint, p_entries bigint, p_bytes bigint, p_actor_kind text, p_actor text, p_kind text, p_key text,
  p_body bytea, p_fits boolean, p_ttl bigint, p_claims int)
RETURNS ephemeral_chat.posted LANGUAGE plpgsql AS $$
DECLARE
  a ephemeral_chat.posted;
  r ephemeral_chat.room;
  actor_role text;
  in_hour int;
BEGIN
  SELECT * INTO r FROM room WHERE code = p_code FOR UPDATE;
  a.micros := micros();
  a.status := status_of(r.format, r.deadline, a.micros, p_until);
  IF a.status <> 'ok' THEN
    RETURN a;
  END IF;
  IF p_actor_kind = 'token' THEN
    SELECT m.id, m.name, m.role INTO a.sender_id, a.sender_name, actor_role
      FROM token t JOIN seat m ON m.hour = r.hour AND m.room = r.no AND m.id = t.id
      WHERE t.hour = r.hour AND t.room = r.no AND t.hash = p_actor;
  ELSE
    SELECT s.id, s.name, s.role INTO a.sender_id, a.sender_name, actor_role FROM actor_of(r, p_actor_kind, p_actor) s;
  END IF;
  a.status := CASE
    WHEN a.sender_id IS NULL THEN 'not_member'
    WHEN actor_role = 'reader' THEN 'not_permitted'
    WHEN p_fits <> r.encrypted THEN 'does_not_fit'
    ELSE 'ok'
  END;
  IF a.status <> 'ok' THEN
    RETURN a;
  END IF;
  a.incarnation := r.incarnation;
  a.deadline := r.deadline;
  a.at := a.micros / 1000;
  a.sequence := r.head + 1;
  a.nonce := new_nonce();
  in_hour := r.hour;
  IF p_ttl IS NOT NULL OR r.message_ttl IS NOT NULL THEN
    a.ends := least(a.at + least(p_ttl, r.message_ttl), r.deadline);
    in_hour := (a.ends / 3600000)::int;
    PERFORM need_hour(in_hour);
  END IF;
  INSERT INTO entry (hour, room, sequence, nonce, at, kind, sender_id, sender_name, key, bytes, ends, claims, body_hour)
    VALUES (r.hour, r.no, a.sequence, a.nonce, a.at, p_kind, a.sender_id, a.sender_name, p_key, octet_length(p_body), a.ends,
      p_claims, in_hour)
    ON CONFLICT (hour, room, sender_id, key) WHERE key IS NOT NULL DO NOTHING;
  IF NOT FOUND THEN
    RETURN repeated(a, r, p_key);
  END IF;
  INSERT INTO body (hour, room, sequence, ends, body) VALUES (in_hour, r.no, a.sequence, a.ends, p_body);
  a.previous_sequence := r.head;
  a.previous_nonce := r.nonce;
  a.kind := p_kind;
  a.key := p_key;
  a.claims := p_claims;
  a.body := CASE WHEN p_claims IS NULL THEN p_body END;
  IF r.due <= a.at THEN
    r := forget_due(r, a.at);
  END IF;
  r.head := a.sequence;
  r.nonce := a.nonce;
  r.bytes := r.bytes + octet_length(p_body);
  r.due := least(r.due, a.ends);
  IF r.head - r.first >= p_entries OR (r.bytes > p_bytes AND r.head > r.first) THEN
    r := trim_log(r, p_entries, p_bytes);
  END IF;
  UPDATE room SET head = r.head, nonce = r.nonce, first = r.first, bytes = r.bytes, due = r.due WHERE code = p_code;
  a.entries := r.head - r.first + 1;
  a.bytes := r.bytes;
  RETURN a;
END $$;

-- The entries that signals have told of, as they are now, by their number in the arrays; none for what is gone or is not what
-- the signal has said. Hour by hour, since a statement that finds both the hour and the entry opens the partitions of all hours;
-- and each row for itself, by its key, since nobody knows statistics of these tables.
CREATE FUNCTION ephemeral_chat.entries_at(
  p_codes text[], p_incarnations bigint[], p_sequences bigint[], p_nonces bigint[])
RETURNS TABLE (
  number bigint, sequence bigint, nonce bigint, at bigint, kind text, sender_id text, sender_name text, key text,
  body bytea, ends bigint, claims int, forgotten text) LANGUAGE plpgsql STABLE AS $$
DECLARE
  now bigint := micros() / 1000;
  rooms bigint[];
  hours int[];
  h int;
BEGIN
  SELECT array_agg(r.no ORDER BY w.number), array_agg(r.hour ORDER BY w.number) INTO rooms, hours
    FROM unnest(p_codes, p_incarnations) WITH ORDINALITY AS w (code, incarnation, number)
    LEFT JOIN LATERAL (SELECT o.no, o.hour FROM room o WHERE o.code = w.code AND o.incarnation = w.incarnation
      AND o.format = format_version() AND o.deadline > now OFFSET 0) r ON true;
  FOR h IN SELECT DISTINCT o.hour FROM unnest(hours) AS o (hour) WHERE o.hour IS NOT NULL LOOP
    RETURN QUERY SELECT w.number, e.sequence, e.nonce, e.at, e.kind, e.sender_id, e.sender_name, e.key,
        CASE WHEN s.reason IS NULL AND e.claims IS NULL THEN b.body END, e.ends,
        CASE WHEN s.reason IS NULL THEN e.claims END, s.reason
      FROM unnest(rooms, hours, p_sequences, p_nonces) WITH ORDINALITY AS w (room, hour, sequence, nonce, number)
      CROSS JOIN LATERAL (SELECT * FROM entry o
        WHERE o.hour = h AND o.room = w.room AND o.sequence = w.sequence AND o.nonce = w.nonce OFFSET 0) e
      CROSS JOIN LATERAL (SELECT CASE
        WHEN e.body_hour IS NULL THEN e.body
        WHEN e.body_hour = h THEN (SELECT o.body FROM body o
          WHERE o.hour = h AND o.room = e.room AND o.sequence = e.sequence)
        ELSE body_of(e.body_hour, e.room, e.sequence) END OFFSET 0) AS b (body)
      CROSS JOIN LATERAL (SELECT reason_of(e.forgotten, e.ends, e.claims, b.body, now) OFFSET 0) AS s (reason)
      WHERE w.hour = h;
  END LOOP;
END $$;

-- -> ok, what was written | unchanged: nobody has that seat | not_permitted
CREATE FUNCTION ephemeral_chat.leave(
  p_code text, p_until bigint, p_entries bigint, p_bytes bigint, p_actor_kind text, p_actor text, p_id text)
RETURNS ephemeral_chat.answer LANGUAGE plpgsql AS $$
DECLARE
  t ephemeral_chat.step;
  a ephemeral_chat.answer;
  r ephemeral_chat.room;
  s ephemeral_chat.seat;
BEGIN
  t := begin_step(p_code, p_until, p_actor_kind, p_actor);
  a := t.answer;
  r := t.room;
  p_id := coalesce(p_id, (t.actor).id);
  IF a.status = 'ok' AND p_id <> (t.actor).id AND (t.actor).role NOT IN ('owner', 'host') THEN
    a.status := 'not_permitted';
  END IF;
  IF a.status <> 'ok' THEN
    RETURN a;
  END IF;
  DELETE FROM seat WHERE hour = r.hour AND room = r.no AND id = p_id RETURNING * INTO s;
  IF NOT FOUND THEN
    a.status := 'unchanged';
    RETURN a;
  END IF;
  DELETE FROM token WHERE hour = r.hour AND room = r.no AND id = p_id;
  UPDATE room SET taken = r.taken - 1 WHERE code = r.code;
  IF s.role = 'owner' THEN
    UPDATE seat SET role = 'owner' WHERE hour = r.hour AND room = r.no AND id = (SELECT h.id FROM seat h
      WHERE h.hour = r.hour AND h.room = r.no ORDER BY h.role = 'reader', h.joined LIMIT 1);
  END IF;
  RETURN append_change(ROW(a, r, s)::step, 'left', '', p_entries, p_bytes);
END $$;

-- -> ok, what was written | unchanged | not_permitted | too_late | out_of_bounds
CREATE FUNCTION ephemeral_chat.move_deadline(
  p_code text, p_until bigint, p_entries bigint, p_bytes bigint, p_actor_kind text, p_actor text, p_deadline bigint,
  p_min_left bigint)
RETURNS ephemeral_chat.answer LANGUAGE plpgsql AS $$
DECLARE
  t ephemeral_chat.step;
  a ephemeral_chat.answer;
  r ephemeral_chat.room;
  earliest bigint;
BEGIN
  t := begin_steering(p_code, p_until, p_actor_kind, p_actor);
  a := t.answer;
  r := t.room;
  earliest := a.micros / 1000 + p_min_left;
  a.status := CASE
    WHEN a.status <> 'ok' THEN a.status
    WHEN r.deadline < earliest THEN 'too_late'
    WHEN p_deadline < earliest OR p_deadline > r.latest THEN 'out_of_bounds'
    WHEN p_deadline = r.deadline THEN 'unchanged'
    ELSE 'ok'
  END;
  IF a.status <> 'ok' THEN
    RETURN a;
  END IF;
  UPDATE room SET deadline = p_deadline WHERE code = r.code;
  a.deadline := p_deadline;
  t.answer := a;
  RETURN append_change(t, 'deadline', convert_to(p_deadline::text, 'UTF8'), p_entries, p_bytes);
END $$;

-- -> ok, what was written | unchanged | not_permitted | proof_needed
CREATE FUNCTION ephemeral_chat.set_admission(
  p_code text, p_until bigint, p_entries bigint, p_bytes bigint, p_actor_kind text, p_actor text, p_locked boolean,
  p_keeps_proof boolean, p_proof text)
RETURNS ephemeral_chat.answer LANGUAGE plpgsql AS $$
DECLARE
  t ephemeral_chat.step;
  a ephemeral_chat.answer;
  r ephemeral_chat.room;
BEGIN
  t := begin_steering(p_code, p_until, p_actor_kind, p_actor);
  a := t.answer;
  r := t.room;
  IF a.status = 'ok' AND NOT p_keeps_proof AND p_proof IS NULL AND r.encrypted THEN
    a.status := 'proof_needed';
  END IF;
  IF a.status <> 'ok' THEN
    RETURN a;
  END IF;
  p_locked := coalesce(p_locked, r.locked);
  UPDATE room SET locked = p_locked, proof = CASE WHEN p_keeps_proof THEN r.proof ELSE p_proof END, wrong = 0, wait_until = 0
    WHERE code = r.code;
  IF p_locked = r.locked AND (p_keeps_proof OR (p_proof IS NULL AND r.proof IS NULL)) THEN
    a.status := 'unchanged';
    RETURN a;
  END IF;
  RETURN append_change(t, 'admission',
    convert_to(p_locked::int::text || (CASE WHEN p_keeps_proof THEN r.proof ELSE p_proof END IS NOT NULL)::int::text,
      'UTF8'),
    p_entries, p_bytes);
END $$;

-- -> ok, what was written | unchanged | not_permitted | no_such_seat | role_of_owner: it changes by naming another owner
CREATE FUNCTION ephemeral_chat.assign(
  p_code text, p_until bigint, p_entries bigint, p_bytes bigint, p_actor_kind text, p_actor text, p_id text, p_role text)
RETURNS ephemeral_chat.answer LANGUAGE plpgsql AS $$
DECLARE
  t ephemeral_chat.step;
  a ephemeral_chat.answer;
  r ephemeral_chat.room;
  s ephemeral_chat.seat;
BEGIN
  t := begin_steering(p_code, p_until, p_actor_kind, p_actor);
  a := t.answer;
  r := t.room;
  IF a.status <> 'ok' THEN
    RETURN a;
  END IF;
  s := actor_of(r, 'id', p_id);
  a.status := CASE
    WHEN s.id IS NULL THEN 'no_such_seat'
    WHEN s.role = p_role THEN 'unchanged'
    WHEN s.role = 'owner' THEN 'role_of_owner'
    ELSE 'ok'
  END;
  IF a.status <> 'ok' THEN
    RETURN a;
  END IF;
  IF p_role = 'owner' THEN
    UPDATE seat SET role = 'member' WHERE hour = r.hour AND room = r.no AND role = 'owner';
  END IF;
  UPDATE seat SET role = p_role WHERE hour = r.hour AND room = r.no AND id = p_id;
  RETURN append_change(t, 'role', convert_to(concat_ws(E'\n', p_role, s.id, s.name), 'UTF8'), p_entries, p_bytes);
END $$;

-- -> ok, what was written | unchanged | not_permitted | too_many
CREATE FUNCTION ephemeral_chat.set_property(
  p_code text, p_until bigint, p_entries bigint, p_bytes bigint, p_actor_kind text, p_actor text, p_name text, p_value bytea,
  p_most int, p_most_bytes int)
RETURNS ephemeral_chat.answer LANGUAGE plpgsql AS $$
DECLARE
  t ephemeral_chat.step;
  a ephemeral_chat.answer;
  r ephemeral_chat.room;
  before bytea;
  others record;
BEGIN
  t := begin_steering(p_code, p_until, p_actor_kind, p_actor);
  a := t.answer;
  r := t.room;
  IF a.status <> 'ok' THEN
    RETURN a;
  END IF;
  SELECT value INTO before FROM property WHERE hour = r.hour AND room = r.no AND name = p_name;
  SELECT count(*) AS count, coalesce(sum(octet_length(name) + octet_length(value)), 0) AS bytes INTO others
    FROM property WHERE hour = r.hour AND room = r.no AND name <> p_name;
  a.status := CASE
    WHEN p_value IS NOT NULL AND (others.count + 1 > p_most
      OR others.bytes + octet_length(p_name) + octet_length(p_value) > p_most_bytes) THEN 'too_many'
    WHEN before IS NOT DISTINCT FROM p_value THEN 'unchanged'
    ELSE 'ok'
  END;
  IF a.status <> 'ok' THEN
    RETURN a;
  END IF;
  DELETE FROM property WHERE hour = r.hour AND room = r.no AND name = p_name;
  IF p_value IS NOT NULL THEN
    INSERT INTO property VALUES (r.hour, r.no, p_name, p_value);
  END IF;
  RETURN append_change(t, 'property',
    convert_to(p_name, 'UTF8') || coalesce('='::bytea || p_value, ''), p_entries, p_bytes);
END $$;

-- -> ok, what was written | unchanged | no_message | not_permitted
CREATE FUNCTION ephemeral_chat.forget(
  p_code text, p_until bigint, p_entries bigint, p_bytes bigint, p_actor_kind text, p_actor text, p_sequence bigint)
RETURNS ephemeral_chat.answer LANGUAGE plpgsql AS $$
DECLARE
  t ephemeral_chat.step;
  a ephemeral_chat.answer;
  r ephemeral_chat.room;
  e ephemeral_chat.entry;
BEGIN
  t := begin_step(p_code, p_until, p_actor_kind, p_actor);
  a := t.answer;
  r := t.room;
  IF a.status <> 'ok' THEN
    RETURN a;
  END IF;
  SELECT * INTO e FROM entry WHERE hour = r.hour AND room = r.no AND sequence = p_sequence AND key IS NOT NULL;
  a.status := CASE
    WHEN e.sequence IS NULL THEN 'no_message'
    WHEN (t.actor).role = 'reader' OR ((t.actor).role = 'member' AND e.sender_id <> (t.actor).id) THEN 'not_permitted'
    WHEN e.forgotten IS NOT NULL OR e.ends <= a.micros / 1000 THEN 'unchanged'
    ELSE 'ok'
  END;
  IF a.status NOT IN ('ok', 'unchanged') THEN
    RETURN a;
  END IF;
  -- Also of one that is forgotten already: whoever has claimed it may not repeat that any more.
  DELETE FROM body WHERE hour = e.body_hour AND room = r.no AND sequence = p_sequence;
  DELETE FROM claim WHERE hour = r.hour AND room = r.no AND sequence = p_sequence;
  IF a.status = 'unchanged' THEN
    RETURN a;
  END IF;
  UPDATE entry SET forgotten = 'deleted', bytes = 0
    WHERE hour = r.hour AND room = r.no AND sequence = p_sequence;
  r.bytes := r.bytes - e.bytes;
  RETURN append_change(ROW(a, r, t.actor)::step, 'forgotten', convert_to(p_sequence || ' deleted', 'UTF8'),
    p_entries, p_bytes);
END $$;

-- -> ok: the entry with its body, then, if it was claimed by this call, what was written
--    | no_message | not_permitted | forgotten
CREATE FUNCTION ephemeral_chat.claim(
  p_code text, p_until bigint, p_entries bigint, p_bytes bigint, p_actor_kind text, p_actor text, p_sequence bigint,
  p_repeats bigint)
RETURNS SETOF ephemeral_chat.answer LANGUAGE plpgsql AS $$
DECLARE
  t ephemeral_chat.step;
  a ephemeral_chat.answer;
  shown ephemeral_chat.answer;
  r ephemeral_chat.room;
  e ephemeral_chat.entry;
  ms bigint;
  own bigint;
  found_body bytea;
  told text;
BEGIN
  t := begin_step(p_code, p_until, p_actor_kind, p_actor);
  a := t.answer;
  r := t.room;
  ms := a.micros / 1000;
  IF a.status = 'ok' THEN
    SELECT * INTO e FROM entry WHERE hour = r.hour AND room = r.no AND sequence = p_sequence AND key IS NOT NULL;
    SELECT at INTO own FROM claim WHERE hour = r.hour AND room = r.no AND sequence = p_sequence AND id = (t.actor).id;
    SELECT b.body INTO found_body FROM body b
      WHERE b.hour = e.body_hour AND b.room = r.no AND b.sequence = p_sequence AND (b.ends IS NULL OR b.ends > ms);
    a.status := CASE
      WHEN e.sequence IS NULL THEN 'no_message'
      WHEN (t.actor).role = 'reader' OR e.sender_id = (t.actor).id THEN 'not_permitted'
      WHEN e.claims IS NULL THEN 'no_message'
      WHEN found_body IS NULL OR ms >= own + p_repeats OR (own IS NULL AND e.forgotten IS NOT NULL) THEN 'forgotten'
      ELSE 'ok'
    END;
  END IF;
  IF a.status <> 'ok' THEN
    RETURN NEXT a;
    RETURN;
  END IF;
  IF own IS NULL THEN
    e.claims := e.claims - 1;
    INSERT INTO claim VALUES (r.hour, r.no, p_sequence, (t.actor).id, ms);
    told := p_sequence || ' ' || e.claims;
    IF e.claims = 0 THEN
      e.forgotten := 'claimed';
      r.bytes := r.bytes - e.bytes;
      e.bytes := 0;
      told := p_sequence || ' claimed';
      UPDATE body SET ends = least(ends, ms + p_repeats)
        WHERE hour = e.body_hour AND room = r.no AND sequence = p_sequence;
    END IF;
    UPDATE entry SET claims = e.claims, forgotten = e.forgotten, bytes = e.bytes
      WHERE hour = r.hour AND room = r.no AND sequence = p_sequence;
  END IF;
  shown := show(a, e, ms, found_body);
  shown.body := found_body;
  RETURN NEXT shown;
  IF own IS NULL THEN
    RETURN NEXT append_change(ROW(a, r, t.actor)::step,
      CASE WHEN e.forgotten IS NULL THEN 'claimed' ELSE 'forgotten' END, convert_to(told, 'UTF8'), p_entries, p_bytes);
  END IF;
END $$;

-- Reads the log after a place. -> continuous | truncated | forked, with the newest entry's id; then the entries
CREATE FUNCTION ephemeral_chat.read_after(
  p_code text, p_until bigint, p_incarnation bigint, p_after bigint, p_nonce bigint, p_limit int, p_page_bytes bigint)
RETURNS SETOF ephemeral_chat.answer LANGUAGE plpgsql STABLE AS $$
DECLARE
  a ephemeral_chat.answer;
  r ephemeral_chat.room;
  e ephemeral_chat.entry;
  ms bigint;
  from_sequence bigint;
  bytes bigint := p_page_bytes;
BEGIN
  SELECT * INTO r FROM room WHERE code = p_code;
  a := judge(r, p_until);
  IF a.status = 'ok' AND r.incarnation <> p_incarnation THEN
    a.status := 'not_found';
  END IF;
  IF a.status <> 'ok' THEN
    RETURN NEXT a;
    RETURN;
  END IF;
  a.status := CASE
    WHEN p_after > r.head THEN 'forked'
    WHEN p_nonce = 0 AND p_after >= r.first - 1 THEN 'continuous'
    WHEN p_after < r.first THEN 'truncated'
    WHEN p_after = r.head AND p_nonce = r.nonce THEN 'continuous'
    WHEN p_nonce = (SELECT o.nonce FROM entry o WHERE o.hour = r.hour AND o.room = r.no AND o.sequence = p_after)
      THEN 'continuous'
    ELSE 'forked'
  END;
  a.head_sequence := r.head;
  a.head_nonce := r.nonce;
  RETURN NEXT a;
  from_sequence := CASE WHEN a.status = 'continuous' THEN p_after + 1 ELSE r.first END;
  ms := a.micros / 1000;
  IF from_sequence > r.head THEN
    RETURN;
  END IF;
  FOR e IN SELECT * FROM entry o WHERE o.hour = r.hour AND o.room = r.no AND o.sequence >= from_sequence
      ORDER BY o.sequence LIMIT p_limit LOOP
    RETURN NEXT show(a, e, ms, CASE WHEN e.body_hour IS NOT NULL AND e.forgotten IS NULL
      THEN body_of(e.body_hour, r.no, e.sequence) END);
    bytes := bytes - e.bytes;
    EXIT WHEN bytes <= 0;
  END LOOP;
END $$;

-- -> ok: it lived until now | not_permitted
CREATE FUNCTION ephemeral_chat.destroy_room(
  p_code text, p_until bigint, p_incarnation bigint, p_actor_kind text, p_actor text)
RETURNS ephemeral_chat.answer LANGUAGE plpgsql AS $$
DECLARE
  a ephemeral_chat.answer;
  r ephemeral_chat.room;
  s ephemeral_chat.seat;
BEGIN
  SELECT * INTO r FROM room WHERE code = p_code FOR UPDATE;
  a := judge(r, p_until);
  IF a.status = 'ok' AND r.incarnation <> p_incarnation THEN
    a.status := 'not_found';
  ELSIF a.status = 'ok' THEN
    s := actor_of(r, p_actor_kind, p_actor);
    a.status := CASE
      WHEN s.id IS NULL THEN 'not_member'
      WHEN s.role = 'reader' OR (r.owner_only AND s.role = 'member') THEN 'not_permitted'
      ELSE 'ok'
    END;
  END IF;
  IF a.status = 'ok' THEN
    PERFORM remove_rows(r.hour, ARRAY[r.no]);
    DELETE FROM room WHERE code = r.code;
  END IF;
  RETURN a;
END $$;

-- Adds to the count of wrong codes in this minute. -> ok, the count as the detail
CREATE FUNCTION ephemeral_chat.count_wrong_codes(p_more bigint)
RETURNS ephemeral_chat.answer LANGUAGE plpgsql AS $$
DECLARE
  a ephemeral_chat.answer;
BEGIN
  a.status := 'ok';
  a.micros := micros();
  INSERT INTO wrong_codes AS w VALUES (a.micros / 60000000, p_more)
    ON CONFLICT (minute) DO UPDATE SET count = w.count + p_more RETURNING count INTO a.detail;
  RETURN a;
END $$;

-- The heads of rooms, for nodes that cannot listen: which of them have changed.
CREATE FUNCTION ephemeral_chat.heads(p_codes text[])
RETURNS TABLE (code text, incarnation bigint, head bigint, nonce bigint) LANGUAGE sql STABLE AS $$
  SELECT r.code, r.incarnation, r.head, r.nonce FROM ephemeral_chat.room r
    WHERE r.code = ANY (p_codes) AND r.deadline > (extract(epoch FROM clock_timestamp()) * 1000)::bigint
$$;

-- ---- The janitor: what no call removes. One node at a time. ----

-- Removes some bodies that have ended. -> how many; so many as asked for if there may be more. By itself, since their rooms live:
-- a call that deletes such a body waits for this to end.
CREATE FUNCTION ephemeral_chat.remove_ended_bodies(p_most int) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
  ms bigint := micros() / 1000;
  batch record;
  removed int := 0;
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtext('ephemeral_chat.janitor')) THEN
    RETURN 0;
  END IF;
  -- In order, or a bitmap of all that have ended would be made; by their places, or a large hour would be read as a whole to
  -- join it.
  FOR batch IN SELECT o.hour, array_agg(o.place) AS places FROM (
      SELECT b.hour, b.ctid AS place FROM body b WHERE b.ends <= ms ORDER BY b.ends LIMIT p_most FOR UPDATE SKIP LOCKED) o
      GROUP BY o.hour LOOP
    DELETE FROM body b WHERE b.hour = batch.hour AND b.ctid = ANY (batch.places);
    removed := removed + cardinality(batch.places);
  END LOOP;
  RETURN removed;
END $$;

-- Removes some rooms that have ended: so many, or fewer if these have more entries than one statement should remove, though one
-- at least. -> whether there may be more
CREATE FUNCTION ephemeral_chat.remove_ended_rooms(p_most int, p_entries bigint) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  ms bigint := micros() / 1000;
  batch record;
  removed int := 0;
  ended int := 0;
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtext('ephemeral_chat.janitor')) THEN
    RETURN false;
  END IF;
  FOR batch IN SELECT s.hour, max(s.ended) AS ended, array_agg(s.no) AS rooms, array_agg(s.code) AS codes FROM (
      SELECT o.*, count(*) OVER () AS ended, sum(o.entries) OVER (ORDER BY o.no) - o.entries AS earlier FROM (
        SELECT r.hour, r.no, r.code, r.head - r.first + 1 AS entries FROM room r
          WHERE r.deadline <= ms LIMIT p_most FOR UPDATE SKIP LOCKED) o) s
      WHERE s.earlier < p_entries GROUP BY s.hour LOOP
    PERFORM remove_rows(batch.hour, batch.rooms);
    DELETE FROM room WHERE code = ANY (batch.codes);
    removed := removed + cardinality(batch.rooms);
    ended := batch.ended;
  END LOOP;
  DELETE FROM wrong_codes WHERE minute < ms / 60000 - 1;
  RETURN ended = p_most OR removed < ended;
END $$;

-- Makes the partitions that will be needed next, and drops those of hours that are over for a minute. -> how many hours it
-- has dropped. Dropping takes locks that calls wait for: so it waits for them no longer than the setting below, and tries
-- again the next time.
CREATE FUNCTION ephemeral_chat.turn_hours() RETURNS int LANGUAGE plpgsql AS $$
DECLARE
  ms bigint := micros() / 1000;
  h int;
  t text;
  dropped int := 0;
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtext('ephemeral_chat.janitor')) THEN
    RETURN 0;
  END IF;
  FOR h IN SELECT DISTINCT r.hour + 1 FROM room r WHERE r.created > ms - 600000 LOOP
    PERFORM need_hour(h);
  END LOOP;
  FOR h IN SELECT DISTINCT substring(c.relname FROM '[0-9]+$')::int FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
      WHERE i.inhparent = 'ephemeral_chat.claim'::regclass LOOP
    CONTINUE WHEN (h + 1) * 3600000::bigint + 60000 > ms;
    BEGIN
      FOREACH t IN ARRAY ARRAY['seat', 'token', 'property', 'entry', 'body', 'claim'] LOOP
        EXECUTE format('DROP TABLE ephemeral_chat.%I', t || '_' || h);
      END LOOP;
      dropped := dropped + 1;
    EXCEPTION WHEN lock_not_available THEN
      RETURN dropped;
    END;
  END LOOP;
  RETURN dropped;
END $$;

-- What nodes call runs with the rights of the schema's owner, and waits for no lock longer than its caller would.
--
-- Plans of a post and of what only reads are made once for each connection. By itself PostgreSQL would plan each call anew, since
-- it counts the partitions that such a plan names, though one is opened; and that took a third of a post. What writes otherwise
-- keeps that, and so does a full room's trim: an UPDATE or DELETE that is planned for all hours opens all partitions.
DO $$
DECLARE
  f text;
  n text;
  only_reads boolean;
BEGIN
  FOR f, n, only_reads IN SELECT p.oid::regprocedure::text, p.proname, p.provolatile = 's' FROM pg_proc p
      WHERE p.pronamespace = 'ephemeral_chat'::regnamespace
      AND p.proname IN ('create_room', 'find_room', 'authenticate', 'take_seat', 'post', 'leave', 'move_deadline',
        'set_admission', 'assign', 'set_property', 'forget', 'claim', 'read_after', 'entries_at', 'destroy_room',
        'count_wrong_codes', 'heads', 'remove_ended_bodies', 'remove_ended_rooms', 'turn_hours') LOOP
    EXECUTE 'ALTER FUNCTION ' || f || ' SECURITY DEFINER';
    EXECUTE 'ALTER FUNCTION ' || f || ' SET search_path = ephemeral_chat, pg_temp';
    IF n = 'turn_hours' THEN
      EXECUTE 'ALTER FUNCTION ' || f || ' SET lock_timeout = 100';
    ELSE
      EXECUTE 'ALTER FUNCTION ' || f || ' SET lock_timeout = 1800';
      -- A connection keeps the plans that it has made. Those of an hour that has just begun would read its tables as a whole,
      -- since they are small, and still would when these have grown.
      EXECUTE 'ALTER FUNCTION ' || f || ' SET enable_seqscan = off';
    END IF;
    IF n IN ('read_after', 'entries_at') THEN
      -- Or the texts of a page that exceeds the server's work_mem would go through a temporary file.
      EXECUTE 'ALTER FUNCTION ' || f || ' SET work_mem = ''8MB''';
    END IF;
    IF only_reads OR n = 'post' THEN
      EXECUTE 'ALTER FUNCTION ' || f || ' SET plan_cache_mode = force_generic_plan';
    END IF;
  END LOOP;
END $$;
ALTER FUNCTION ephemeral_chat.trim_log SET plan_cache_mode = auto;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA ephemeral_chat FROM PUBLIC;
