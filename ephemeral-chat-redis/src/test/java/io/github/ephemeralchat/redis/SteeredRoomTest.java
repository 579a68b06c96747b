package io.github.ephemeralchat.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.EphemeralChatException;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.NotPermittedException;
import io.github.ephemeralchat.model.Role;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomNotFoundException;
import io.github.ephemeralchat.redis.SharedRoom.Seat;
import io.github.ephemeralchat.spi.Actor;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.Draft;
import io.github.ephemeralchat.spi.EntryBody;
import io.github.ephemeralchat.spi.JoinRequest;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.Member;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.spi.RoomChange.ProofChange;
import io.github.ephemeralchat.spi.RoomSignal;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.TokenHash;
import io.github.ephemeralchat.tck.Await;
import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a change of a room does to its keys, and to other nodes. */
class SteeredRoomTest {

    private static final RedisServer SERVER = RedisServer.shared();
    private static final RedisCommands<String, String> REDIS = TestNodes.look(SERVER);
    private static final KeyNames NAMES = new KeyNames("ec");
    private static final TokenHash PROOF = TokenHash.of("a proof for tests");
    private static final ProofChange KEEP = new ProofChange.Keep();

    private final TestNodes nodes = new TestNodes(SERVER.uri());
    private final RoomStore here = nodes.light(LogLimits.DEFAULT).store();
    private final RedisChat there = nodes.light(LogLimits.DEFAULT);
    private final SharedRoom room = SharedRoom.create(here);
    private final String[] keys = NAMES.keys(room.id());

    @AfterEach
    void closeNodes() {
        nodes.close();
    }

    // ---- Deadline ----

    /** When each key ends, in milliseconds since 1970: those that are there. */
    private List<Long> ends() {
        return Arrays.stream(keys)
                .filter(key -> REDIS.exists(key) == 1)
                .map(REDIS::pexpiretime)
                .toList();
    }

    private Instant inMinutes(long minutes) {
        return room.room().createdAt().plus(Duration.ofMinutes(minutes));
    }

    private void move(Instant deadline) {
        Appended moved = room.steer(new RoomChange.Deadline(deadline)).orElseThrow();
        assertThat(moved.expiresAt()).isEqualTo(deadline);
        assertThat(REDIS.hget(keys[0], "deadline")).isEqualTo(EntryBody.deadline(deadline));
    }

    @Test
    @Tag("S16")
    void movedDeadline_moves_all_keys_forth_and_back() {
        room.post(room.owner().actor(), "k");

        for (long minutes : List.of(1000L, 5L, 6L)) {
            move(inMinutes(minutes));
            assertThat(ends()).hasSize(2).containsOnly(inMinutes(minutes).toEpochMilli());
        }
        assertThat(room.on(there.store()).state().room().expiresAt()).isEqualTo(inMinutes(6));
    }

    @Test
    @Tag("S16")
    void movedDeadline_is_the_end_of_keys_that_come_later() {
        move(inMinutes(7));

        room.on(there.store()).post(room.owner().actor(), "k");

        assertThat(ends()).hasSize(2).containsOnly(inMinutes(7).toEpochMilli());
    }

    @Test
    @Tag("S16")
    void movedDeadline_is_the_end_of_a_log_that_is_counted_anew() {
        RoomStore small = nodes.light(new LogLimits(5, 1 << 20)).store();
        SharedRoom trimmed = room.on(small);
        for (int i = 0; i < 6; i++) {
            trimmed.post(room.owner().actor(), "k" + i);
        }
        REDIS.hdel(keys[1], "3", "4"); // 5 to 7 are left, and counted anew.

        trimmed.steer(new RoomChange.Deadline(inMinutes(8)));

        assertThat(ends()).hasSize(2).containsOnly(inMinutes(8).toEpochMilli());
    }

    /** What a script has written stays: here it may not publish. */
    @Test
    @Tag("S16")
    void movedDeadline_of_a_script_that_fails_halfway_is_that_of_all_keys() {
        room.post(room.owner().actor(), "k");
        REDIS.aclSetuser(
                "half",
                AclSetuserArgs.Builder.on()
                        .addPassword("secret")
                        .allKeys()
                        .allCommands()
                        .resetChannels());
        RedisURI uri = RedisURI.builder(SERVER.uri())
                .withAuthentication("half", "secret")
                .build();
        try (RedisChat half = RedisChat.connect(uri)) {
            assertThatExceptionOfType(ChatUnavailableException.class)
                    .isThrownBy(() -> room.on(half.store()).steer(new RoomChange.Deadline(inMinutes(9))));
        } finally {
            REDIS.aclDeluser("half");
        }
        assertThat(ends()).hasSize(2).containsOnly(inMinutes(9).toEpochMilli());
        assertThat(room.state().room().expiresAt()).isEqualTo(inMinutes(9));
    }

    // ---- Roles ----

    private Role roleOf(Seat member) {
        return there.store()
                .authenticate(room.id(), member.token())
                .orElseThrow()
                .member()
                .role();
    }

    private void assertMayPost(Seat device, boolean may) {
        if (may) {
            assertThat(room.post(device.actor(), Seat.create().token().hex()).stored())
                    .isTrue();
        } else {
            assertThatExceptionOfType(NotPermittedException.class).isThrownBy(() -> room.post(device.actor(), "k"));
        }
    }

    @Test
    @Tag("S14")
    void role_reaches_every_token_of_its_seat() {
        Seat phone = room.join();
        List<Seat> devices = List.of(phone, room.joinAgain(phone), room.joinAgain(phone));

        for (Role role : List.of(Role.READER, Role.MEMBER, Role.READER, Role.OWNER)) {
            room.change(SharedRoom.HOST, new RoomChange.Assign(phone.identity().id(), role));

            assertThat(devices).allSatisfy(device -> {
                assertThat(roleOf(device)).isEqualTo(role);
                assertMayPost(device, role != Role.READER);
            });
        }
        assertThat(roleOf(room.owner())).isEqualTo(Role.MEMBER);
    }

    @Test
    @Tag("S14")
    void role_is_that_of_a_token_that_comes_later() {
        Seat phone = room.join();
        room.assign(phone, Role.READER);

        Seat laptop = room.joinAgain(phone);

        assertThat(roleOf(laptop)).isEqualTo(Role.READER);
        assertMayPost(laptop, false);
    }

    @Test
    @Tag("S13")
    void heir_that_was_a_reader_may_post_on_every_device() {
        Seat reader = room.join();
        Seat laptop = room.joinAgain(reader);
        room.assign(reader, Role.READER);

        room.change(room.owner().actor(), new RoomChange.Leave(null));

        assertThat(room.state().members()).containsExactly(new Member(reader.identity(), 2, Role.OWNER));
        assertThat(List.of(reader, laptop)).allSatisfy(device -> assertMayPost(device, true));
    }

    @Test
    @Tag("S13")
    void heir_is_who_joined_first_and_is_no_reader() {
        Seat reader = room.join();
        Seat second = room.join();
        room.join();
        room.assign(reader, Role.READER);

        room.change(room.owner().actor(), new RoomChange.Leave(null));

        assertThat(roleOf(second)).isEqualTo(Role.OWNER);
        assertThat(roleOf(reader)).isEqualTo(Role.READER);
    }

    /** A name may look like what a seat is kept as. */
    @ParameterizedTest
    @ValueSource(strings = {"r", "r r", "1r 2", "12 r x"})
    void name_that_looks_like_a_mark_is_none(String name) {
        Seat member = new Seat(Identity.named(name), Seat.create().token());
        room.join(member.request());
        assertMayPost(member, true);

        room.assign(member, Role.READER);
        assertMayPost(member, false);

        assertThat(room.state().members()).contains(new Member(member.identity(), 2, Role.READER));
    }

    // ---- Refusals ----

    /** Everything that Redis keeps of the room, as it is. */
    private List<String> content() {
        return Arrays.stream(keys)
                .filter(key -> REDIS.exists(key) == 1)
                .map(key -> key + " ends " + REDIS.pexpiretime(key) + " " + TestNodes.content(REDIS, key))
                .toList();
    }

    @Test
    @Tag("S1")
    void refusal_writes_nothing() {
        Seat member = room.join();
        Seat reader = room.join();
        Seat other = Seat.create();
        room.assign(reader, Role.READER);
        room.post(member.actor(), "k");
        room.steer(new RoomChange.Admission(true, new ProofChange.Replace(PROOF)));
        List<String> before = content();

        Stream<Runnable> byMember = Stream.of(
                        new RoomChange.Deadline(inMinutes(20)),
                        new RoomChange.Admission(false, new ProofChange.Remove()),
                        new RoomChange.Assign(member.identity().id(), Role.OWNER),
                        new RoomChange.Property("topic", "x"),
                        new RoomChange.Leave(room.owner().identity().id()))
                .map(change -> () -> room.change(member.actor(), change));
        Stream<Runnable> others = Stream.of(
                () -> room.post(reader.actor(), "k2"),
                () -> room.post(other.actor(), "k2"),
                () -> room.post(new Actor.ById(other.identity().id()), "k2"),
                () -> here.destroy(room.room().incarnation(), reader.actor()),
                () -> here.destroy(room.room().incarnation(), other.actor()),
                () -> room.steer(new RoomChange.Deadline(inMinutes(24 * 60 + 1))),
                () -> room.steer(new RoomChange.Deadline(room.room().createdAt())),
                () -> room.steer(new RoomChange.Assign("p_nobody", Role.READER)),
                () -> room.assign(room.owner(), Role.READER),
                () -> room.steer(new RoomChange.Property("topic", "x".repeat(Room.MAX_PROPERTY_BYTES))),
                () -> room.join(other.request().withProof(PROOF)),
                () -> room.join(JoinRequest.named(other.identity(), member.token())));
        assertThat(Stream.concat(byMember, others)).allSatisfy(refused -> {
            assertThat(isRefused(refused)).isTrue();
            assertThat(content()).isEqualTo(before);
        });
    }

    private static boolean isRefused(Runnable call) {
        try {
            call.run();
            return false;
        } catch (EphemeralChatException | IllegalArgumentException e) {
            return !(e instanceof ChatUnavailableException);
        }
    }

    @Test
    @Tag("S1")
    void change_that_changes_nothing_writes_nothing() {
        Seat member = room.join();
        room.steer(new RoomChange.Property("topic", "x"));
        room.lock(true);
        List<String> before = content();

        Stream<RoomChange> changes = Stream.of(
                new RoomChange.Deadline(room.room().expiresAt()),
                new RoomChange.Admission(true, KEEP),
                new RoomChange.Admission(null, new ProofChange.Remove()),
                new RoomChange.Assign(member.identity().id(), Role.MEMBER),
                new RoomChange.Assign(room.owner().identity().id(), Role.OWNER),
                new RoomChange.Property("topic", "x"),
                new RoomChange.Property("none", null),
                new RoomChange.Leave("p_nobody"));

        assertThat(changes).allSatisfy(change -> {
            assertThat(room.steer(change)).isEmpty();
            assertThat(content()).isEqualTo(before);
        });
    }

    @Test
    @Tag("S9")
    void change_of_a_room_that_has_lost_a_part_begins_nothing() {
        RoomChange notice = new RoomChange.Post(new Draft(LogEntry.NOTICE, "k", "text"));
        List<RoomChange> changes = List.of(
                notice,
                new RoomChange.Deadline(inMinutes(20)),
                new RoomChange.Admission(true, new ProofChange.Replace(PROOF)),
                new RoomChange.Property("topic", "x"),
                new RoomChange.Assign("p_nobody", Role.READER),
                new RoomChange.Leave("p_nobody"));
        for (int part = 0; part < 2; part++) {
            for (RoomChange change : changes) {
                SharedRoom lost = SharedRoom.create(here);
                lost.post(lost.owner().actor(), "k");
                String[] its = NAMES.keys(lost.id());
                REDIS.del(its[part]);

                assertThatExceptionOfType(RoomNotFoundException.class)
                        .isThrownBy(() -> lost.change(SharedRoom.HOST, change));
                assertThat(REDIS.exists(its)).as("keys without part %s", part).isZero();
            }
        }
    }

    // ---- Entries ----

    @Test
    @Tag("S20")
    void change_is_signalled_to_other_nodes_as_it_is_in_the_log() {
        Seat member = room.join();
        List<RoomSignal> heard = new CopyOnWriteArrayList<>();
        List<RoomChange> changes = List.of(
                new RoomChange.Post(new Draft(LogEntry.NOTICE, "k", "text")),
                new RoomChange.Post(new Draft("x-unknown", "k2", "{}")),
                new RoomChange.Deadline(inMinutes(20)),
                new RoomChange.Admission(true, new ProofChange.Replace(PROOF)),
                new RoomChange.Assign(member.identity().id(), Role.READER),
                new RoomChange.Property("topic", "line\n1=2"),
                new RoomChange.Property("topic", null),
                new RoomChange.Leave(member.identity().id()));
        List<String> bodies = List.of(
                "text",
                "{}",
                EntryBody.deadline(inMinutes(20)),
                EntryBody.admission(true, true),
                EntryBody.role(member.identity(), Role.READER),
                EntryBody.property("topic", "line\n1=2"),
                EntryBody.property("topic", null),
                "");
        there.broadcaster().subscribe(room.id(), heard::add);

        List<Appended> made = changes.stream()
                .map(change -> room.change(SharedRoom.HOST, change).orElseThrow())
                .toList();

        Await.until(Duration.ofSeconds(5), "all signals", () -> heard.size() == made.size());
        assertThat(heard).isEqualTo(made.stream().map(Appended::signal).toList());
        assertThat(made).extracting(one -> one.entry().body()).isEqualTo(bodies);
        assertThat(there.store()
                        .readAfter(room.room().incarnation(), made.get(0).previous(), 100)
                        .entries())
                .isEqualTo(made.stream().map(Appended::entry).toList());
    }

    @Test
    @Tag("S4")
    void notice_under_a_known_key_is_the_stored_one() {
        Actor renamed = new Actor.Host("Another name");

        Appended first = room.post(SharedRoom.HOST, "k");
        Appended again = room.on(there.store()).post(renamed, "k");

        assertThat(first.entry().sender()).isEqualTo(new Identity(Identity.HOST_ID, "Host"));
        assertThat(again.stored()).isFalse();
        assertThat(again.entry()).isEqualTo(first.entry());
        assertThat(room.post(room.owner().actor(), "k").stored())
                .as("a member's own key")
                .isTrue();
        assertThat(room.post(renamed, "k2").entry().sender().name()).isEqualTo("Another name");
    }

    // ---- The room ----

    @Test
    @Tag("S3")
    void created_room_has_its_latest_end_lock_proof_and_properties() {
        Map<String, String> properties = Map.of("topic", "a b", "x", "\ud834\udd1e=\n");
        Room given = SharedRoom.plan(here, Duration.ofMinutes(2), 9)
                .withAdmission(true, true)
                .withProperties(properties);

        SharedRoom created = SharedRoom.create(here, given, PROOF);

        assertThat(created.on(there.store()).state().room()).isEqualTo(given);
        assertThat(there.store()
                        .authenticate(given.id(), created.owner().token())
                        .orElseThrow()
                        .room())
                .isEqualTo(given);
        assertThat(created.join(created.owner().request()).seat().room()).isEqualTo(given);
    }
}
