package io.github.ephemeralchat.internal.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.internal.telemetry.Telemetry;
import io.github.ephemeralchat.model.BodyLife;
import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.RoomEvent;
import io.github.ephemeralchat.model.RoomEvent.ResetReason;
import io.github.ephemeralchat.scripted.ScriptedBroadcaster;
import io.github.ephemeralchat.scripted.ScriptedStore;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.transport.SharedEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class FeedLogTest {

    private static final Identity NYX = new Identity("p_1", "Nyx");

    private FeedLog log = new FeedLog(FeedNode.place(EntryId.START), left -> {});
    private final List<Long> encoded = new ArrayList<>();
    private final Function<RoomEvent, byte[]> encoder = this::bytes;

    @Test
    void newestEntriesAreEncodedOnceForAll() {
        List<SharedEvent> newest = append(1, 4);
        assertThat(encoded).containsExactly(1L, 2L, 3L, 4L);
        newest.forEach(this::encode);
        assertThat(encoded).hasSize(4);
    }

    /** The encoded form is as large as the message itself, and all subscribers that do not lag have taken it. */
    @Test
    void olderEntriesDropTheirEncodedForm() {
        List<SharedEvent> all = append(1, 10);
        encoded.clear();
        all.forEach(this::encode);
        assertThat(encoded).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    }

    @Test
    void restartedHistoryDropsEncodedFormsToo() {
        append(1, 60);
        log = log.restart(FeedNode.reset(ResetReason.FORKED, 5));
        List<SharedEvent> all = append(5, 15);
        encoded.clear();
        all.forEach(this::encode);
        assertThat(encoded).containsExactly(5L, 6L, 7L, 8L, 9L, 10L, 11L);
    }

    /** The objects of a message that came from another process are the feed's alone; those of the same process are the store's too. */
    @Test
    void olderMessagesOfAnotherProcessAreKeptFlat() {
        List<String> texts = List.of("text", "", "\0", "\ud83d\ude00 Žluťoučký", "\ud800 alone");
        List<SharedEvent> received = new ArrayList<>();
        for (String text : texts) {
            LogEntry entry = entry(received.size() + 1, text);
            SharedEvent event = Objects.requireNonNull(EventCodec.decodeReceived(entry));
            log.link(List.of(FeedNode.of(entry, event)));
            received.add(event);
        }
        RoomEvent newest = received.get(4).event();
        assertThat(received.get(4).event()).isSameAs(newest);
        append(6, 10);

        assertThat(received.get(4).event()).isEqualTo(newest).isNotSameAs(newest);
        for (int i = 0; i < texts.size(); i++) {
            RoomEvent whole = EventCodec.posted(entry(i + 1, texts.get(i))).event();
            assertThat(received.get(i).event()).isEqualTo(whole);
            assertThat(received.get(i).encoded(Function.<RoomEvent>identity())).isEqualTo(whole);
        }
    }

    @Test
    void olderMessagesOfThisProcessAreKeptAsTheyAre() {
        LogEntry entry = entry(1);
        SharedEvent event = Objects.requireNonNull(EventCodec.decode(entry));
        RoomEvent whole = event.event();
        log.link(List.of(FeedNode.of(entry, event)));
        append(2, 10);
        assertThat(event.event()).isSameAs(whole);
    }

    /** A node's own posts too: over a broadcaster the store is not in this process. */
    @Test
    void postsAreKeptFlatIfThereMayBeOtherNodes() {
        assertThat(isKeptFlat(new ScriptedBroadcaster())).isTrue();
        assertThat(isKeptFlat(SingleNodeBroadcaster.INSTANCE)).isFalse();
    }

    private boolean isKeptFlat(RoomBroadcaster broadcaster) {
        FeedRegistry feeds =
                FeedRegistry.start(new ScriptedStore(), broadcaster, new Telemetry(List.of()), (room, reason) -> {});
        try {
            log = new FeedLog(FeedNode.place(EntryId.START), left -> {});
            LogEntry entry = entry(1);
            SharedEvent event = feeds.posted(entry);
            RoomEvent whole = event.event();
            log.link(List.of(FeedNode.of(entry, event)));
            append(2, 10);
            return event.event() != whole;
        } finally {
            feeds.close();
        }
    }

    /** Each is encoded as soon as it is linked, as streams do. */
    private List<SharedEvent> append(long from, long to) {
        List<SharedEvent> all = new ArrayList<>();
        for (long sequence = from; sequence <= to; sequence++) {
            LogEntry entry = entry(sequence);
            SharedEvent event = EventCodec.posted(entry);
            log.link(List.of(FeedNode.of(entry, event)));
            encode(event);
            all.add(event);
        }
        return all;
    }

    private void encode(SharedEvent event) {
        event.encoded(encoder);
    }

    private byte[] bytes(RoomEvent event) {
        encoded.add(((RoomEvent.MessagePosted) event).entryId().sequence());
        return new byte[0];
    }

    private static LogEntry entry(long sequence) {
        return entry(sequence, "text");
    }

    private static LogEntry entry(long sequence, String text) {
        Instant at = Instant.parse("2026-11-27T10:00:00.123456789Z");
        BodyLife life = BodyLife.OF_THE_ROOM.withClaimsLeft((int) sequence);
        return new LogEntry(new EntryId(sequence, 7), LogEntry.MESSAGE, NYX, "k" + sequence, text, at, life);
    }
}
