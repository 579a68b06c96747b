package io.github.ephemeralchat.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.ephemeralchat.model.RoomFullException;
import io.github.ephemeralchat.model.RoomNotFoundException;
import io.github.ephemeralchat.model.TooManyProofsException;
import io.github.ephemeralchat.model.WrongProofException;
import io.github.ephemeralchat.redis.SharedRoom.Seat;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.spi.RoomChange.ProofChange;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.TokenHash;
import io.github.ephemeralchat.tck.Crowd;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Wrong proofs are counted over all nodes, in the room's hash. */
@Tag("S15")
class WrongProofTest {

    private static final RedisServer SERVER = RedisServer.shared();
    private static final RedisCommands<String, String> REDIS = TestNodes.look(SERVER);
    private static final TokenHash PROOF = TokenHash.of("a proof for tests");
    private static final TokenHash WRONG = TokenHash.of("a wrong proof");

    private final TestNodes nodes = new TestNodes(SERVER.uri());
    private final RoomStore here = nodes.light(LogLimits.DEFAULT).store();
    private final RoomStore there = nodes.light(LogLimits.DEFAULT).store();
    private final SharedRoom room = SharedRoom.create(here, SharedRoom.plan(here, Duration.ofMinutes(10), 3), PROOF);
    private final String key = new KeyNames("ec").keys(room.id())[0];

    @AfterEach
    void closeNodes() {
        nodes.close();
    }

    private void tryProof(RoomStore store, TokenHash proof) {
        room.on(store).join(Seat.create().request().withProof(proof));
    }

    private void failWith(RoomStore store, TokenHash proof) {
        assertThatExceptionOfType(WrongProofException.class).isThrownBy(() -> tryProof(store, proof));
    }

    private void failOften(int times) {
        IntStream.range(0, times).forEach(i -> failWith(i % 2 == 0 ? here : there, WRONG));
    }

    private Duration waiting(RoomStore store, TokenHash proof) {
        try {
            tryProof(store, proof);
        } catch (TooManyProofsException e) {
            return e.retryAfter();
        }
        throw new AssertionError("no new seat has to wait");
    }

    /** As if the time had come. */
    private void endWaiting() {
        REDIS.hset(key, "waitUntil", "0");
    }

    /** As if the waiting took longer: a test may be slow. */
    private void lengthenWaiting() {
        REDIS.hset(key, "waitUntil", Long.toString(redisMillis() + 30_000));
    }

    private static long redisMillis() {
        return RedisCalls.micros(REDIS.time()) / 1000;
    }

    @Test
    void wrongProofs_of_two_nodes_are_one_row() {
        failOften(RoomStore.FREE_WRONG_PROOFS);
        assertThat(REDIS.hexists(key, "waitUntil")).as("ten cost no time").isFalse();
        failWith(there, WRONG);
        lengthenWaiting();

        assertThat(waiting(here, WRONG)).isBetween(Duration.ofSeconds(20), Duration.ofSeconds(30));
        assertThat(waiting(there, PROOF)).as("a right one").isBetween(Duration.ofSeconds(20), Duration.ofSeconds(30));
        assertThat(REDIS.hget(key, "wrong")).as("one that waits is none").isEqualTo("11");
    }

    @Test
    void waiting_ends_by_itself() {
        failOften(RoomStore.FREE_WRONG_PROOFS + 1);
        REDIS.hset(key, "waitUntil", Long.toString(redisMillis() + 200));
        RedisServer.sleep(200);

        tryProof(there, PROOF);

        assertThat(room.state().members()).hasSize(2);
    }

    @Test
    void waiting_doubles_up_to_a_minute() {
        failOften(RoomStore.FREE_WRONG_PROOFS);
        for (long seconds : List.of(1, 2, 4, 8, 16, 32, 60, 60, 60)) {
            long before = redisMillis();
            failWith(here, WRONG);

            assertThat(Long.parseLong(REDIS.hget(key, "waitUntil")) - seconds * 1000)
                    .as("when %s s begin", seconds)
                    .isBetween(before, redisMillis());
            endWaiting();
        }
    }

    /** Beyond 1,024 doublings a number of Lua's is infinite. */
    @Test
    void waiting_after_a_long_row_is_a_minute() {
        REDIS.hset(key, "wrong", "2000000");
        failWith(here, WRONG);

        assertThat(waiting(there, PROOF)).isBetween(Duration.ofSeconds(58), Duration.ofSeconds(60));
        assertThat(REDIS.hget(key, "wrong")).isEqualTo("2000001");
    }

    @Test
    void wrongProofs_at_once_are_all_counted() {
        try (Crowd crowd = new Crowd(RoomStore.FREE_WRONG_PROOFS)) {
            crowd.all(i -> {
                failWith(i % 2 == 0 ? here : there, WRONG);
                return i;
            });
        }
        assertThat(REDIS.hget(key, "wrong")).isEqualTo("10");
    }

    @Test
    void guesses_at_once_are_never_more_than_the_free_ones_and_one() {
        try (Crowd crowd = new Crowd(8)) {
            List<Integer> judged = crowd.all(i -> (int) IntStream.range(0, 10)
                    .filter(n -> isJudged(i % 2 == 0 ? here : there))
                    .count());
            assertThat(judged.stream().mapToInt(Integer::intValue).sum()).isBetween(11, 12);
        }
    }

    /** Whether it was compared with the proof. */
    private boolean isJudged(RoomStore store) {
        try {
            tryProof(store, WRONG);
        } catch (WrongProofException e) {
            return true;
        } catch (TooManyProofsException e) {
            return false;
        }
        throw new AssertionError("a wrong proof was taken");
    }

    @Test
    void missingProof_is_none() {
        for (int i = 0; i < 20; i++) {
            assertThatExceptionOfType(WrongProofException.class).isThrownBy(room::join);
        }
        assertThat(REDIS.hexists(key, "wrong")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void rightProof_ends_the_row_even_if_the_room_is_full(boolean full) {
        if (full) {
            tryProof(here, PROOF);
            tryProof(here, PROOF);
        }
        failOften(RoomStore.FREE_WRONG_PROOFS + 1);
        endWaiting();

        if (full) {
            assertThatExceptionOfType(RoomFullException.class).isThrownBy(() -> tryProof(there, PROOF));
        } else {
            tryProof(there, PROOF);
        }

        assertThat(REDIS.hmget(key, "wrong", "waitUntil")).allMatch(field -> !field.hasValue());
        failOften(RoomStore.FREE_WRONG_PROOFS + 1);
    }

    @Test
    void change_of_admission_ends_the_row_even_if_it_changes_nothing() {
        failOften(RoomStore.FREE_WRONG_PROOFS + 1);
        lengthenWaiting();

        assertThat(room.on(there).steer(new RoomChange.Admission(null, new ProofChange.Keep())))
                .isEmpty();

        tryProof(here, PROOF);
    }

    @Test
    void seat_that_comes_back_or_is_admitted_does_not_wait() {
        Seat member = Seat.create();
        room.join(member.request().withProof(PROOF));
        failOften(RoomStore.FREE_WRONG_PROOFS + 1);
        lengthenWaiting();

        assertThat(room.on(there).join(member.request()).appended()).isNull();
        room.joinAgain(member);
        room.join(Seat.create().request().asAdmitted());

        assertThat(REDIS.hget(key, "wrong")).as("the row goes on").isEqualTo("11");
        assertThat(waiting(here, PROOF)).isPositive();
    }

    @Test
    void row_ends_with_the_room() {
        long end = REDIS.pexpiretime(key);
        failOften(RoomStore.FREE_WRONG_PROOFS + 1);
        assertThat(REDIS.pexpiretime(key)).isEqualTo(end);

        here.destroy(room.room().incarnation(), SharedRoom.HOST);
        assertThatExceptionOfType(RoomNotFoundException.class).isThrownBy(() -> tryProof(there, WRONG));

        assertThat(REDIS.exists(new KeyNames("ec").keys(room.id()))).isZero();
    }

    @Test
    void replacedProof_shuts_out_who_has_the_former_one() {
        TokenHash next = TokenHash.of("the next proof");
        room.steer(new RoomChange.Admission(null, new ProofChange.Replace(next)));

        failWith(there, PROOF);
        tryProof(there, next);
        room.steer(new RoomChange.Admission(null, new ProofChange.Remove()));
        tryProof(there, WRONG);

        assertThat(room.state().room().proofRequired()).isFalse();
    }
}
