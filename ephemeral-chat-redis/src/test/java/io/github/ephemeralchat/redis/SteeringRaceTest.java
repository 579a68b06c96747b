package io.github.ephemeralchat.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.NoSuchSeatException;
import io.github.ephemeralchat.model.NotPermittedException;
import io.github.ephemeralchat.model.Role;
import io.github.ephemeralchat.model.RoomFullException;
import io.github.ephemeralchat.model.RoomLockedException;
import io.github.ephemeralchat.model.WrongProofException;
import io.github.ephemeralchat.redis.SharedRoom.Seat;
import io.github.ephemeralchat.spi.JoinRequest;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.LogPage;
import io.github.ephemeralchat.spi.Member;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.spi.RoomChange.ProofChange;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.TokenHash;
import io.github.ephemeralchat.tck.Crowd;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Promise 14 over two nodes: once a change has returned, no node does what it forbids. */
class SteeringRaceTest {

    private static final int CALLERS = 6;
    private static final int ROUNDS = Rounds.of(200, 2000);
    private static final TokenHash FORMER = TokenHash.of("the former proof");
    private static final TokenHash NEXT = TokenHash.of("the next proof");

    private final TestNodes nodes = new TestNodes(RedisServer.shared().uri());
    private final List<RoomStore> stores = List.of(
            nodes.light(LogLimits.DEFAULT).store(),
            nodes.light(LogLimits.DEFAULT).store());
    private final Crowd crowd = new Crowd(CALLERS);

    @AfterEach
    void closeNodes() {
        crowd.close();
        nodes.close();
    }

    private SharedRoom on(SharedRoom room, int caller) {
        return room.on(stores.get(caller % 2));
    }

    /** All of it: where the change is slow to come, there is more than a page. */
    private static List<LogEntry> log(SharedRoom room) {
        List<LogEntry> log = new ArrayList<>();
        LogPage page;
        do {
            EntryId after =
                    log.isEmpty() ? EntryId.START : log.get(log.size() - 1).id();
            page = room.store().readAfter(room.room().incarnation(), after, 500);
            log.addAll(page.entries());
        } while (!page.isLast());
        return log;
    }

    /** Asserts that no entry of a kind and sender comes after the one of a change. */
    private static void assertNothingAfter(SharedRoom room, String change, String kind) {
        List<LogEntry> log = log(room);
        long changed = log.stream()
                .filter(entry -> entry.kind().equals(change))
                .mapToLong(entry -> entry.id().sequence())
                .findFirst()
                .orElseThrow();
        assertThat(log)
                .filteredOn(entry -> entry.kind().equals(kind))
                .allMatch(entry -> entry.id().sequence() < changed);
    }

    // ---- Admission ----

    @Test
    @Tag("S15")
    void lock_that_has_returned_lets_nobody_new_in() {
        int joined = 0;
        for (int round = 0; round < ROUNDS; round++) {
            SharedRoom room = SharedRoom.create(stores.get(0));
            joined += assertShuts(room, Seat.create().request(), () -> room.lock(true));
        }
        assertThat(joined).as("some came before the lock").isPositive();
    }

    @Test
    @Tag("S15")
    void replacedProof_that_has_returned_lets_nobody_in_with_the_former_one() {
        int joined = 0;
        for (int round = 0; round < ROUNDS; round++) {
            SharedRoom room = SharedRoom.create(
                    stores.get(0), SharedRoom.plan(stores.get(0), Duration.ofMinutes(10), 50), FORMER);
            RoomChange replace = new RoomChange.Admission(null, new ProofChange.Replace(NEXT));
            joined += assertShuts(room, Seat.create().request().withProof(FORMER), () -> room.steer(replace));
        }
        assertThat(joined).as("some came before the change").isPositive();
    }

    /** All but one caller join, each again and again as somebody new, until one is refused. Returns how many got in. */
    private int assertShuts(SharedRoom room, JoinRequest like, Runnable shut) {
        AtomicBoolean isShut = new AtomicBoolean();
        List<Integer> joined = crowd.all(i -> {
            if (i == 0) {
                shut.run();
                int members = on(room, 1).state().members().size();
                isShut.set(true);
                return members;
            }
            return joinUntilRefused(on(room, i), like, isShut);
        });
        int members = room.state().members().size();
        assertThat(members).as("members when the change had returned").isEqualTo(joined.get(0));
        assertThat(joined.stream().skip(1).mapToInt(Integer::intValue).sum()).isEqualTo(members - 1);
        assertNothingAfter(room, LogEntry.ADMISSION, LogEntry.JOINED);
        return members - 1;
    }

    private static int joinUntilRefused(SharedRoom room, JoinRequest like, AtomicBoolean isShut) {
        int joined = 0;
        while (true) {
            boolean mustFail = isShut.get();
            try {
                room.join(Seat.create().request().withProof(like.proof()));
                assertThat(mustFail).as("a join after the change had returned").isFalse();
                joined++;
            } catch (RoomLockedException | WrongProofException e) {
                return joined;
            } catch (RoomFullException e) {
                // Whoever changes it was slow; a free seat is what is looked for last.
                assertThat(mustFail)
                        .as("a look at the seats after the change had returned")
                        .isFalse();
            }
        }
    }

    // ---- Seats ----

    @Test
    @Tag("S6")
    void sameToken_on_two_nodes_at_once_takes_one_seat() {
        for (int round = 0; round < ROUNDS; round++) {
            SharedRoom room = SharedRoom.create(stores.get(0));
            TokenHash token = Seat.create().token();

            List<RoomStore.Joined> joined =
                    crowd.all(i -> on(room, i).join(JoinRequest.anonymous(Identity.anonymous(), token)));

            assertThat(joined)
                    .extracting(one -> one.seat().member())
                    .containsOnly(room.state().members().get(1));
            assertThat(joined).filteredOn(one -> one.appended() != null).hasSize(1);
            assertThat(room.state().members()).hasSize(2);
        }
    }

    // ---- Roles ----

    @Test
    @Tag("S14")
    void reader_posts_nothing_once_its_role_has_changed() {
        int posted = 0;
        for (int round = 0; round < ROUNDS; round++) {
            SharedRoom room = SharedRoom.create(stores.get(0));
            Seat phone = room.join();
            List<Seat> devices = List.of(phone, room.joinAgain(phone), room.joinAgain(phone));
            AtomicBoolean isReader = new AtomicBoolean();

            List<Integer> each = crowd.all(i -> {
                if (i == 0) {
                    Optional<?> changed = room.assign(phone, Role.READER);
                    isReader.set(true);
                    return changed.isPresent() ? 0 : -1;
                }
                return postUntilRefused(on(room, i), devices.get(i % 3), i, isReader);
            });

            assertThat(each.get(0)).as("the role has changed").isZero();
            posted += each.stream().mapToInt(Integer::intValue).sum();
            assertNothingAfter(room, LogEntry.ROLE, LogEntry.MESSAGE);
        }
        assertThat(posted).as("some posts came before the change").isPositive();
    }

    private static int postUntilRefused(SharedRoom room, Seat device, int caller, AtomicBoolean isReader) {
        int posted = 0;
        while (true) {
            boolean mustFail = isReader.get();
            try {
                room.post(device.actor(), caller + "-" + posted);
                assertThat(mustFail).as("a reader's post").isFalse();
                posted++;
            } catch (NotPermittedException e) {
                return posted;
            }
        }
    }

    /** The owner names several at once, from two nodes: after the first of them it is no longer the owner. */
    @Test
    @Tag("S14")
    void room_is_handed_over_once() {
        for (int round = 0; round < ROUNDS / 4; round++) {
            SharedRoom room = SharedRoom.create(stores.get(0));
            List<Seat> members = Stream.generate(room::join).limit(CALLERS).toList();

            List<Boolean> named = crowd.all(i -> handOver(on(room, i), members.get(i)));

            assertThat(named).containsOnlyOnce(true);
            assertThat(log(room))
                    .filteredOn(entry -> entry.kind().equals(LogEntry.ROLE))
                    .hasSize(1);
            Identity owner = members.get(named.indexOf(true)).identity();
            assertThat(room.state().members())
                    .filteredOn(Member::owner)
                    .singleElement()
                    .returns(owner, Member::identity);
        }
    }

    private static boolean handOver(SharedRoom room, Seat to) {
        try {
            return room.assign(to, Role.OWNER).isPresent();
        } catch (NotPermittedException e) {
            return false;
        }
    }

    /** Owners leave while the host gives roles away, from two nodes, and somebody looks all the time. */
    @Test
    @Tag("S13")
    void room_has_one_owner_while_owners_leave_and_roles_change() {
        for (int round = 0; round < ROUNDS / 4; round++) {
            SharedRoom room = SharedRoom.create(stores.get(0));
            List<Seat> members = Stream.generate(room::join).limit(CALLERS).toList();
            AtomicBoolean isOver = new AtomicBoolean();

            crowd.all(i -> {
                if (i == 0) {
                    watchTheOwner(on(room, 1), isOver);
                } else if (i % 2 == 0) {
                    assignAll(on(room, i), members, i);
                } else {
                    leaveWhoOwns(on(room, i));
                }
                if (i == CALLERS - 1) {
                    isOver.set(true);
                }
                return i;
            });

            assertOneOwner(room.state().members());
        }
    }

    private static void watchTheOwner(SharedRoom room, AtomicBoolean isOver) {
        do {
            assertOneOwner(room.state().members());
        } while (!isOver.get());
    }

    private static void assertOneOwner(List<Member> members) {
        assertThat(members).filteredOn(Member::owner).hasSize(members.isEmpty() ? 0 : 1);
    }

    private static void assignAll(SharedRoom room, List<Seat> members, int caller) {
        Role[] roles = {Role.READER, Role.OWNER, Role.MEMBER};
        for (int i = 0; i < members.size(); i++) {
            String id = members.get(i).identity().id();
            try {
                room.change(SharedRoom.HOST, new RoomChange.Assign(id, roles[(i + caller) % roles.length]));
            } catch (NoSuchSeatException | IllegalArgumentException e) {
                // It has left, or it is the owner: another one has to be named.
            }
        }
    }

    private static void leaveWhoOwns(SharedRoom room) {
        for (int i = 0; i < 2; i++) {
            room.state().members().stream()
                    .filter(Member::owner)
                    .forEach(owner -> room.change(
                            SharedRoom.HOST,
                            new RoomChange.Leave(owner.identity().id())));
        }
    }
}
