package io.github.ephemeralchat.sse;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.WrongCodeCounter;
import io.github.ephemeralchat.sse.RateLimits.Limit;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CodeGuardTest {

    private final TestApi api = TestApi.with(settings ->
            settings.rateLimits(RateLimits.off().withWrongCodesPerAddress(Limit.of(30, Duration.ofMinutes(1)))));
    private final Reply owner = api.createRoom("{\"ttlMinutes\":60}");

    @AfterEach
    void close() {
        api.close();
    }

    /** Tries a wrong code; true if the answer says that it is wrong. */
    private boolean guess(String address) {
        int status = api.send(TestRequest.post("/rooms/abcdefgh/participants").from(address))
                .status();
        assertThat(status).isIn(404, 429);
        return status == 404;
    }

    private int guesses(int attempts, IntFunction<String> address) {
        int answered = 0;
        for (int i = 0; i < attempts; i++) {
            answered += guess(address.apply(i)) ? 1 : 0;
        }
        return answered;
    }

    private int join(String address) {
        return api.send(TestRequest.post("/rooms/" + owner.roomId() + "/participants")
                        .from(address))
                .status();
    }

    @Test
    void networks_haveTheirOwnLimits() {
        assertThat(guesses(100, i -> "2001:db8::" + i)).as("one /64").isEqualTo(30);
        assertThat(guesses(400, i -> "2001:db8:1:%x::1".formatted(i % 256)))
                .as("one /56")
                .isEqualTo(4 * 30);
        assertThat(guesses(2_000, i -> "2001:db8:2:%x::1".formatted(i)))
                .as("one /48")
                .isEqualTo(16 * 30);
        assertThat(guesses(400, i -> "192.0.2." + i % 256)).as("one /24").isEqualTo(4 * 30);
        assertThat(join("192.0.3.1")).isEqualTo(201);
    }

    @Test
    void wrongCodes_areNotCounted_ifTheirLimitIsOff() {
        try (TestApi unlimited = TestApi.create()) {
            for (int i = 0; i < 2 * CodeGuard.MAX_IN_A_MINUTE; i++) {
                TestRequest guess =
                        TestRequest.post("/rooms/abcdefgh/participants").from("192.0.2.1");
                assertThat(unlimited.answer(guess).status()).isEqualTo(404);
            }
        }
    }

    @Test
    void manyAddresses_guessOnceInTenMinutes_andInvitedPeopleJoin() {
        int budget = CodeGuard.MAX_IN_A_MINUTE + 1;
        assertThat(guesses(budget, CodeGuardTest::address)).isEqualTo(budget);
        assertThat(guesses(100, CodeGuardTest::address))
                .as("who has tried before")
                .isZero();
        assertThat(join(address(3)))
                .as("who has tried before, with the right code")
                .isEqualTo(429);
        assertThat(guesses(100, i -> address(20_000 + i))).as("who has not").isEqualTo(100);
        assertThat(join("203.0.113.1")).as("an invited person").isEqualTo(201);

        api.advance(Duration.ofMinutes(1));
        assertThat(guess(address(0))).as("in a quiet minute").isTrue();
    }

    @Test
    void otherNodes_countToo() {
        AtomicInteger reported = new AtomicInteger();
        RoomStore memory = MemoryRoomStore.create();
        RoomStore shared = (RoomStore) Proxy.newProxyInstance(
                RoomStore.class.getClassLoader(),
                new Class<?>[] {RoomStore.class, WrongCodeCounter.class},
                (proxy, method, arguments) -> {
                    if (method.getDeclaringClass() == WrongCodeCounter.class) {
                        return (long) reported.addAndGet((Integer) arguments[0]) + CodeGuard.MAX_IN_A_MINUTE;
                    }
                    try {
                        return method.invoke(memory, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        RateLimits limits = RateLimits.off().withWrongCodesPerAddress(Limit.of(30, Duration.ofMinutes(1)));
        try (TestApi node = TestApi.over(shared, limits)) {
            TestRequest wrong = TestRequest.post("/rooms/abcdefgh/participants");
            node.send(wrong).is(404);
            assertThat(reported).hasValue(1);
            node.send(wrong).is(429, "rate_limited");
            node.send(wrong.from("203.0.113.1")).is(404);
            assertThat(reported).as("the store is asked once a second").hasValue(1);
            node.advance(Duration.ofSeconds(1));
            node.send(wrong.from("198.51.100.1")).is(404);
            assertThat(reported).hasValue(3);
        }
    }

    private static String address(int number) {
        return "10.%d.%d.1".formatted(number >> 8 & 255, number & 255);
    }
}
