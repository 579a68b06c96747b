package io.github.ephemeralchat.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.spi.LogEntry;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;

/** What the groups of rules have in common in which many call a store at once. */
abstract class CrowdRules extends StoreRules {

    static final int CALLERS = 8;
    static final int ROUNDS = 20;

    private final Crowd crowd = new Crowd(CALLERS);

    CrowdRules(RoomStoreContract contract) {
        super(contract);
    }

    @AfterEach
    void sendTheCrowdHome() {
        crowd.close();
    }

    Crowd crowd() {
        return crowd;
    }

    static void assertDense(List<LogEntry> log, long first, long last) {
        assertThat(log)
                .extracting(entry -> entry.id().sequence())
                .isEqualTo(LongStream.rangeClosed(first, last).boxed().toList());
    }
}
