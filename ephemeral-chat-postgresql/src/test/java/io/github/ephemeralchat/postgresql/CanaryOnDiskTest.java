package io.github.ephemeralchat.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.tck.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Where a text is on disk once it is in no room any more, and until when. */
class CanaryOnDiskTest {

    private static final TestDatabase DATABASE = TestDatabase.start();
    private static final Duration LIFE = Duration.ofSeconds(2);
    private static final Duration GONE = Duration.ofSeconds(5);
    /** So that it lies in a file of its own kind, even if it is compressed. */
    private static final String LONG =
            Stream.generate(UUID::randomUUID).limit(100).map(UUID::toString).collect(Collectors.joining());

    private final String mark = UUID.randomUUID().toString();

    @AfterAll
    static void stop() {
        DATABASE.close();
    }

    @Test
    void textIsInNoLogAndInTheFilesOfItsHoursUntilTheyAreDropped() {
        try (ChatNode node = ChatNode.open(DATABASE)) {
            List<Membership> rooms = List.of(node.room(), node.room(), node.room(LIFE, 50));
            rooms.forEach(room -> write(node, room));
            DATABASE.execute("ANALYZE");
            forgetAll(node, rooms.get(0));
            node.service().asHost(rooms.get(1).room().id()).destroy();
            Await.until(LIFE.plus(GONE), "the third has expired", () -> !DATABASE.holdsText(mark));
            DATABASE.execute("ANALYZE");
        }
        flush();
        assertThat(files("pg_wal")).as("WAL").noneMatch(this::hasMark);
        assertThat(DATABASE.server().folder().resolve("log"))
                .satisfies(log -> assertThat(hasMark(log)).isFalse());
        assertThat(files("pg_wal")).as("such a search finds what is logged").anyMatch(has("logged on purpose"));
        assertThat(files("").filter(this::hasMark))
                .as("files that hold it")
                .isNotEmpty()
                .allMatch(this::isOfAnHour);
        dropHours();
        assertThat(files("")).as("files after the hours").noneMatch(this::hasMark);
    }

    /** In all places that take words. */
    private void write(ChatNode node, Membership room) {
        node.service().join(room.room().id(), Identity.named(mark.substring(0, Identity.MAX_NAME_LENGTH)));
        node.service().as(room.room().id(), room.token()).setProperty("title", mark);
        for (int i = 0; i < 5; i++) {
            node.post(room, mark + " " + i, "k" + i);
        }
        node.post(room, mark + LONG, "long");
    }

    private static void forgetAll(ChatNode node, Membership room) {
        // The first two entries are the joins, the third the title.
        for (long sequence = 4; sequence < 10; sequence++) {
            node.service().as(room.room().id(), room.token()).forget(sequence);
        }
        node.service().as(room.room().id(), room.token()).removeProperty("title");
        node.service().asHost(room.room().id()).destroy();
    }

    /** So that all that is in the server's memory is on disk: an ordinary checkpoint leaves out what is unlogged. */
    private static void flush() {
        DATABASE.execute("CREATE TABLE logged AS SELECT 'logged on purpose' AS words");
        // Before 15 there was no other way.
        boolean choosesTheWay = Integer.parseInt(DATABASE.ask("SHOW server_version_num")) >= 150_000;
        DATABASE.execute("CREATE DATABASE flushed" + (choosesTheWay ? " STRATEGY FILE_COPY" : ""));
    }

    /** As the janitor does a day later. */
    private static void dropHours() {
        DATABASE.execute("CREATE OR REPLACE FUNCTION ephemeral_chat.micros() RETURNS bigint LANGUAGE sql VOLATILE AS"
                + " 'SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint + 90000000000'");
        assertThat(DATABASE.ask("SELECT ephemeral_chat.turn_hours() > 0")).isEqualTo("t");
    }

    private Stream<Path> files(String below) {
        try (Stream<Path> all =
                Files.walk(DATABASE.server().folder().resolve("data").resolve(below))) {
            return all.filter(Files::isRegularFile).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean hasMark(Path file) {
        return has(mark.substring(0, Identity.MAX_NAME_LENGTH)).test(file);
    }

    private static Predicate<Path> has(String text) {
        return file -> {
            try {
                return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text);
            } catch (NoSuchFileException e) {
                return false;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    /** Whether a file is a partition's, its index's, or where its long values are. */
    private boolean isOfAnHour(Path file) {
        return DATABASE.ask(
                        "SELECT 'yes' FROM pg_class c JOIN pg_inherits i ON c.oid = i.inhrelid OR c.oid = ("
                                + "SELECT reltoastrelid FROM pg_class p WHERE p.oid = i.inhrelid) OR c.oid IN ("
                                + "SELECT indexrelid FROM pg_index x WHERE x.indrelid = i.inhrelid)"
                                + " WHERE ? LIKE '%/' || pg_relation_filepath(c.oid) LIMIT 1",
                        file.toString())
                .equals("yes");
    }
}
