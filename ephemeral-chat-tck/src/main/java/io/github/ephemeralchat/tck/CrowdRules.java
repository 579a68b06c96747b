package io.github.ephemeralchat.tck;

import io.github.ephemeralchat.model.NotAParticipantException;
import io.github.ephemeralchat.model.RoomNotFoundException;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.tck.TestRoom.Caller;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;

/** What the groups of rules have in common in which many call a store at once. */
abstract class CrowdRules extends StoreRules {

    static final int CALLERS = 8;
    static final int ROUNDS = 20;
    /** Lets the others begin. */
    static final Duration A_MOMENT = Duration.ofMillis(1);

    final Crowd crowd = new Crowd(CALLERS);

    @AfterEach
    void closeCrowd() {
        crowd.close();
    }

    /** Ends something, and does something more, while all others post until they are refused; returns what they wrote. */
    List<LogEntry> whilePostingAs(TestRoom room, Caller caller, Runnable end, Runnable then) {
        AtomicBoolean ended = new AtomicBoolean();
        List<List<LogEntry>> written = crowd.all(i -> {
            if (i > 0) {
                return postUntilRefused(room, caller, i, ended);
            }
            Await.pause(A_MOMENT);
            end.run();
            ended.set(true);
            then.run();
            return List.of();
        });
        return written.stream().flatMap(List::stream).toList();
    }

    private static List<LogEntry> postUntilRefused(TestRoom room, Caller caller, int number, AtomicBoolean ended) {
        List<LogEntry> written = new ArrayList<>();
        boolean mustFail;
        do {
            mustFail = ended.get();
            try {
                written.add(room.post(caller, number + "-" + written.size()).entry());
            } catch (NotAParticipantException | RoomNotFoundException e) {
                return written;
            }
        } while (!mustFail);
        throw new AssertionError("an append succeeded after the member had left or the room had ended");
    }
}
