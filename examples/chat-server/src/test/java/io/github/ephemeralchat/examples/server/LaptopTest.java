package io.github.ephemeralchat.examples.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A laptop's week, in short. A failure names the seed and what happened; {@code -Dlaptop.seed=17} makes the same events
 * happen again.
 */
@Timeout(value = 100, unit = TimeUnit.SECONDS)
class LaptopTest extends InTabs {

    private static final boolean FULL = "full".equals(System.getProperty("test.rounds"));
    private static final Duration LIFE = Duration.ofSeconds(20);
    private static final Duration CURRENT_WITHIN = Duration.ofSeconds(5);

    static LongStream seeds() {
        Long seed = Long.getLong("laptop.seed");
        return seed != null ? LongStream.of(seed) : LongStream.rangeClosed(1, FULL ? 50 : 2);
    }

    private Laptop laptop(long seed) {
        return new Laptop(host, page -> Tab.open(browser, page), new Random(seed));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void afterAWeek_allTabsShowTheSame_andNoSeatIsLeftBehind(long seed) {
        try (Laptop laptop = laptop(seed)) {
            try {
                laptop.lives(LIFE);
                laptop.comeHome();
                hasNoFaults(laptop);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + laptop.events(), e);
            }
        }
    }

    private static void hasNoFaults(Laptop laptop) {
        await().pollInterval(Duration.ofMillis(100))
                .atMost(CURRENT_WITHIN)
                .untilAsserted(() -> assertThat(laptop.faults()).isEmpty());
    }

    @Test
    void check_findsWhatIsWrong() {
        try (Laptop laptop = laptop(1)) {
            laptop.ben().says("one");
            laptop.ben().says("two");
            hasNoFaults(laptop);
            laptop.first().run("tab.lost = tab.seen.pop();");
            assertThat(laptop.faults()).containsExactly("a tab shows [one] of [one, two]");
            laptop.first().run("tab.seen.push(tab.lost, tab.lost);");
            assertThat(laptop.faults()).containsExactly("a tab shows [one, two, two] of [one, two]");
            laptop.first().run("tab.seen.pop();");
            Membership ghost = host.service().join(laptop.ben().seat().room().id(), Identity.named("Ada"));
            assertThat(laptop.faults()).contains("these have seats: [Ada, Ben, Ada]");
            host.service().as(ghost.room().id(), ghost.token()).leave();
            Tab.eventually(
                    () -> assertThat(laptop.faults()).singleElement().asString().startsWith("false words: "));
        }
    }

    /** A client that judges an answer by its status alone, as this one once did. */
    @Test
    void week_findsAClientThatBelievesALoginProxy() throws Exception {
        String api = ClientHost.resource("/META-INF/resources/ephemeral-chat/api.js");
        String faulty = api.replace("body.code : \"unknown\"", "body.code : \"unauthorized\"");
        assertThat(faulty).isNotEqualTo(api);
        host.serve("/ephemeral-chat/api.js", faulty);
        try (Laptop laptop = laptop(1)) {
            laptop.meetLoginProxy("401 Unauthorized", 4_000);
            Tab.eventually(() -> assertThat(String.join("", laptop.faults())).contains("false words", "gone"));
        }
    }
}
