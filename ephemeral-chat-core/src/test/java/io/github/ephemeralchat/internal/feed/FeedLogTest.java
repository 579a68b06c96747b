package io.github.ephemeralchat.internal.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.RoomEvent;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.LogPage;
import io.github.ephemeralchat.spi.LogPage.Continuity;
import io.github.ephemeralchat.transport.SharedEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class FeedListTest {

    private static final Identity NYX = new Identity("p_1", "Nyx");

    private final FeedLog list = new FeedLog(EntryId.START);
    private final List<Long> encoded = new ArrayList<>();
    private final Function<RoomEvent, byte[]> encoder = this::bytes;

    @Test
    void whatIsFreshIsEncodedOnceForAll() {
        List<SharedEvent> fresh = append(1, 4);
        assertThat(encoded).containsExactly(1L, 2L, 3L, 4L);
        fresh.forEach(this::encode);
        assertThat(encoded).hasSize(4);
    }

    /** What was made for the wire is as much as the messages themselves, and all but who lag have had it. */
    @Test
    void whatIsNotFreshIsHeldWithoutWhatWasMadeForTheWire() {
        List<SharedEvent> all = append(1, 10);
        encoded.clear();
        all.forEach(this::encode);
        assertThat(encoded).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    }

    @Test
    void theSameGoesForAHistoryThatBeganAnew() {
        append(1, 60);
        list.restart(new LogPage(Continuity.FORKED, List.of(entry(5)), entry(15).id()));
        List<SharedEvent> all = append(5, 15);
        encoded.clear();
        all.forEach(this::encode);
        assertThat(encoded).containsExactly(5L, 6L, 7L, 8L, 9L, 10L, 11L);
    }

    /** Each is encoded as soon as it is there, as those who listen do. */
    private List<SharedEvent> append(long from, long to) {
        List<SharedEvent> all = new ArrayList<>();
        for (long sequence = from; sequence <= to; sequence++) {
            LogEntry entry = entry(sequence);
            SharedEvent delivery = EventCodec.posted(entry);
            list.append(entry, delivery);
            encode(delivery);
            all.add(delivery);
        }
        return all;
    }

    private void encode(SharedEvent delivery) {
        delivery.encoded(encoder);
    }

    private byte[] bytes(RoomEvent event) {
        encoded.add(((RoomEvent.MessagePosted) event).entryId().sequence());
        return new byte[0];
    }

    private static LogEntry entry(long sequence) {
        return new LogEntry(new EntryId(sequence, 7), LogEntry.MESSAGE, NYX, "k" + sequence, "text", Instant.EPOCH);
    }
}
