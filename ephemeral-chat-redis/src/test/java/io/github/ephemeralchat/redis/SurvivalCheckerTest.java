package io.github.ephemeralchat.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Message;
import io.github.ephemeralchat.model.RoomEvent.HistoryReset;
import io.github.ephemeralchat.model.RoomEvent.MessagePosted;
import io.github.ephemeralchat.model.RoomEvent.ResetReason;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The judge itself: it finds what is wrong, and nothing else. */
class SurvivalCheckerTest {

    private static final Identity ADA = Identity.named("Ada");

    private final Heard heard = new Heard();
    private final SurvivalChecker checker = new SurvivalChecker(List.of(heard));

    private void hears(long sequence, String text) {
        EntryId id = new EntryId(sequence, 7);
        heard.accept(new MessagePosted(id, new Message(text, sequence, ADA, text, Instant.EPOCH)));
    }

    private void isReset(long next) {
        heard.accept(new HistoryReset(ResetReason.FORKED, next));
    }

    private void isAcknowledged(String... texts) {
        for (String text : texts) {
            checker.acknowledged(text, checker.resets());
        }
    }

    @Test
    void historyInWhichNothingIsLostIsFine() {
        isAcknowledged("a", "b");
        hears(1, "a");
        hears(2, "b");
        assertThat(checker.findings(List.of("a", "b"))).isEmpty();
        assertThat(checker.lost(List.of("a", "b"))).isZero();
    }

    @Test
    void whatIsLostAndToldIsFine() {
        isAcknowledged("a", "b");
        hears(1, "a");
        hears(2, "b");
        isReset(1);
        hears(1, "a");
        hears(2, "c");
        assertThat(checker.findings(List.of("a", "c"))).isEmpty();
        assertThat(checker.lost(List.of("a", "c"))).isEqualTo(1);
    }

    @Test
    void whatIsLostAndNotToldIsFound() {
        isAcknowledged("a", "b");
        hears(1, "a");
        assertThat(checker.findings(List.of("a"))).containsExactly("0 was not told that this is lost: b");
    }

    @Test
    void resetBeforeTheAcknowledgementTellsNothingOfIt() {
        hears(1, "a");
        isReset(1);
        hears(1, "a");
        isAcknowledged("b");
        assertThat(checker.findings(List.of("a"))).containsExactly("0 was not told that this is lost: b");
    }

    @Test
    void whatIsSkippedDoubledOrMissingInTheEndIsFound() {
        hears(1, "a");
        hears(3, "c");
        assertThat(checker.findings(List.of("a", "b", "c")))
                .containsExactly("0 heard 3 after 1", "0 has not what survived");
        isReset(1);
        hears(1, "a");
        hears(2, "a");
        assertThat(checker.findings(List.of("a", "a")))
                .contains("the store has something twice", "0 heard something twice");
    }
}
