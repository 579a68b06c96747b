package io.github.ephemeralchat.internal.feed;

import static io.github.ephemeralchat.internal.feed.TestNode.after;
import static io.github.ephemeralchat.internal.feed.TestNode.poll;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.Forgotten;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomEvent;
import io.github.ephemeralchat.scripted.ScriptedStore.Call;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.EntryBody;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.LogPage;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.transport.SharedEvent;
import io.github.ephemeralchat.transport.Subscription;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a node has of bodies that end before the room. */
class ForgottenBodyTest {

    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

    private final TestNode node = new TestNode();
    private final Room room = node.newRoom();

    @Test
    void deletedMessage_isTold_andGoneForLaggingAndResumingReaders() {
        Subscription current = node.subscribe(room, Cursor.now());
        Subscription lagging = node.subscribe(room, Cursor.now());
        Appended message = node.post(room, "secret");
        assertThat(poll(current)).containsExactly("secret");

        node.feeds.announce(node.forget(room, message), null);

        assertThat(poll(current)).containsExactly("2 is deleted");
        assertThat(poll(lagging)).containsExactly("(deleted)", "2 is deleted");
        assertThat(poll(node.subscribe(room, after(1)))).containsExactly("(deleted)", "2 is deleted");
    }

    @Test
    void deletedMessage_thatOnlyALaggingReaderHolds_isGone() {
        Subscription lagging = node.subscribe(room, Cursor.now());
        Subscription consumed = node.subscribe(room, Cursor.now());
        Appended message = node.post(room, "secret");
        assertThat(consumed.poll(1)).hasSize(1);
        node.posts(room, 3, 400); // Beyond the window.

        node.feeds.announce(node.forget(room, message), null);

        assertThat(poll(lagging)).startsWith("(deleted)", "m3").doesNotContain("secret");
        assertThat(poll(consumed)).startsWith("m3").endsWith("m400", "2 is deleted");
    }

    /** A feed begins at a place that has no body; who begins earlier has it read. */
    @Test
    void messageWhereTheFeedBegan_isGoneWhenItsTimeIsOver() {
        node.append(room, "short", TEN_SECONDS, null);
        node.subscribe(room, Cursor.now());
        Subscription resuming = node.subscribe(room, after(1));
        assertThat(poll(resuming)).containsExactly("short");
        node.pass(TEN_SECONDS);
        assertThat(poll(resuming)).containsExactly("2 is over");
        assertThat(poll(node.subscribe(room, after(1)))).containsExactly("(expired)", "2 is over");
    }

    @Test
    void messageWhereAResumingReaderBegan_isGoneWhenItsTimeIsOver() {
        Appended message = node.append(room, "short", TEN_SECONDS, null);
        node.appendUpTo(room, 10);
        node.subscribe(room, Cursor.now());
        node.subscribe(room, after(message));
        Subscription resuming = node.subscribe(room, after(1));
        assertThat(poll(resuming)).startsWith("short", "m3");
        node.pass(TEN_SECONDS);
        assertThat(poll(resuming)).containsExactly("2 is over");
        assertThat(poll(node.subscribe(room, after(1))))
                .startsWith("(expired)", "m3")
                .endsWith("2 is over");
    }

    @Test
    void deletedMessage_isNotReachable_fromAReaderThatHasConsumedIt() {
        Subscription reader = node.subscribe(room, Cursor.now());
        Appended message = node.post(room, "secret");
        WeakReference<SharedEvent> event = new WeakReference<>(reader.poll(1).get(0));
        node.posts(room, 3, 400);

        node.feeds.announce(node.forget(room, message), null);

        assertThat(isCollected(event)).isTrue();
        assertThat(poll(reader)).endsWith("2 is deleted");
    }

    private static boolean isCollected(WeakReference<?> reference) {
        for (int i = 0; i < 50 && reference.get() != null; i++) {
            System.gc();
        }
        return reference.get() == null;
    }

    /** The signal before the message's was lost: the message came early, and was read from the store as well. */
    @Test
    void deletedMessage_thatCameEarly_isNotReachable() {
        List<WeakReference<SharedEvent>> events = new ArrayList<>();
        node.decoder = entry -> {
            SharedEvent event = EventCodec.decode(entry);
            if (event.event() instanceof RoomEvent.MessagePosted posted
                    && posted.message().text().equals("secret")) {
                events.add(new WeakReference<>(event));
            }
            return event;
        };
        Subscription reader = node.subscribe(room, Cursor.now());
        node.append(room, "m2");
        Appended message = node.append(room, "secret");
        node.broadcaster.deliver(message.signal());
        node.tick();
        assertThat(poll(reader)).containsExactly("m2", "secret");

        node.feeds.announce(node.forget(room, message), null);

        assertThat(poll(reader)).containsExactly("3 is deleted");
        assertThat(events)
                .hasSizeGreaterThan(1)
                .allSatisfy(event -> assertThat(isCollected(event)).isTrue());
    }

    /** The entries before it cannot be read. */
    @Test
    void messageThatCameEarly_isGoneWhenItsTimeIsOver_whileTheStoreIsSilent() {
        List<WeakReference<SharedEvent>> events = new ArrayList<>();
        node.decoder = entry -> {
            SharedEvent event = EventCodec.decode(entry);
            events.add(new WeakReference<>(event));
            return event;
        };
        Subscription reader = node.subscribe(room, Cursor.now());
        node.append(room, "m2");
        Appended message = node.append(room, "short", TEN_SECONDS, null);
        node.store.setUnavailable(true);
        node.broadcaster.deliver(message.signal());

        node.pass(TEN_SECONDS);

        assertThat(poll(reader)).isEmpty();
        assertThat(events)
                .isNotEmpty()
                .allSatisfy(event -> assertThat(isCollected(event)).isTrue());
        node.store.setUnavailable(false);
        node.pass(Duration.ofSeconds(30));
        assertThat(poll(reader)).containsExactly("m2", "(expired)");
    }

    @Test
    void messageThatIsDeletedWhileOlderHistoryIsRead_isGone() {
        Appended message = node.append(room, "secret");
        node.appendUpTo(room, 400);
        Subscription current = node.subscribe(room, Cursor.now());
        // The page that is read below still has the text.
        node.store.after(Call.READ, () -> node.feeds.announce(node.forget(room, message), null));

        Subscription resuming = node.subscribe(room, after(1));

        assertThat(poll(resuming)).startsWith("(deleted)", "m3").endsWith("2 is deleted");
        assertThat(poll(current)).containsExactly("2 is deleted");
    }

    @Test
    void messageThatIsDeletedWhileTheFeedStarts_isGone() {
        Appended message = node.append(room, "secret");
        node.appendUpTo(room, 20);
        node.store.answerPages(page ->
                new LogPage(page.continuity(), page.entries().stream().limit(10).toList(), page.head()));
        // The first page has the text, the last one says that it is gone.
        node.store.after(Call.READ, () -> node.forget(room, message));
        Subscription first = node.subscribe(room, after(1));
        assertThat(poll(first)).startsWith("(deleted)", "m3").endsWith("m20", "2 is deleted");
    }

    @Test
    void lostSignalOfADeletion_isHealedByThePositionCheck() {
        Subscription reader = node.subscribe(room, Cursor.now());
        Appended message = node.post(room, "secret");
        node.forget(room, message);
        node.pass(Duration.ofSeconds(30));
        assertThat(poll(reader)).containsExactly("(deleted)", "2 is deleted");
    }

    @Test
    void messageWhoseTimeIsOver_isTold_withoutTheStore() {
        Subscription reader = node.subscribe(room, Cursor.now());
        node.post(room, "short", TEN_SECONDS);
        node.post(room, "long");
        assertThat(poll(reader)).containsExactly("short", "long");
        node.store.setUnavailable(true);

        node.pass(Duration.ofMillis(9_900));
        assertThat(poll(reader)).isEmpty();
        node.pass(Duration.ofMillis(100));

        assertThat(poll(reader)).containsExactly("2 is over");
        assertThat(poll(node.subscribe(room, after(1)))).startsWith("(expired)", "long");
        node.pass(TEN_SECONDS);
        assertThat(poll(reader)).isEmpty();
    }

    @Test
    void messageWhoseTimeIsOver_isInNoPoll_beforeTheFeedHasLooked() {
        Subscription reader = node.subscribe(room, Cursor.now());
        node.post(room, "short", TEN_SECONDS);
        node.store.pass(TEN_SECONDS);
        assertThat(poll(reader)).containsExactly("(expired)");
    }

    @Test
    void messageWhoseTimeIsOver_isNotReachable_fromAReaderThatLags() {
        Subscription reader = node.subscribe(room, Cursor.now());
        node.subscribe(room, Cursor.now());
        node.post(room, "short", TEN_SECONDS);
        WeakReference<SharedEvent> event = new WeakReference<>(reader.poll(1).get(0));
        node.posts(room, 3, 400);
        node.pass(TEN_SECONDS);
        assertThat(isCollected(event)).isTrue();
        assertThat(poll(reader)).endsWith("m400", "2 is over");
    }

    @Test
    void place_staysTheSame_whenAMessageExpires() {
        Subscription reader = node.subscribe(room, Cursor.now());
        Appended message = node.post(room, "short", TEN_SECONDS);
        node.pass(TEN_SECONDS);
        node.post(room, "next");
        assertThat(poll(reader)).containsExactly("(expired)", "2 is over", "next");
        assertThat(poll(node.subscribe(room, after(message)))).contains("next");
        assertThat(node.store.calls(Call.READ)).isEqualTo(1);
    }

    /** A store may keep a body until somebody looks. */
    @Test
    void storeIsReadOnce_soonAfterMessagesAreOver() {
        node.subscribe(room, Cursor.now());
        node.post(room, "short", Duration.ofSeconds(2));
        node.post(room, "short", Duration.ofSeconds(2));
        assertThat(readsWithin(Duration.ofSeconds(2))).isZero();
        assertThat(readsWithin(Duration.ofSeconds(3))).isEqualTo(1);
        assertThat(readsWithin(Duration.ofSeconds(5))).isZero();
    }

    @Test
    void storeIsRead_soonAfterTheLastClaimMayNotBeRepeated() {
        for (int i = 0; i < 20; i++) {
            Room each = node.newRoom();
            node.subscribe(each, Cursor.now());
            Appended message = node.append(each, "secret", null, 1);
            node.feeds.announce(message, null);
            String body = EntryBody.forgotten(2, Forgotten.CLAIMED);
            node.feeds.announce(
                    node.store
                            .inside(each)
                            .append(LogEntry.FORGOTTEN, message.entry().sender(), null, body),
                    null);
        }
        readsWithin(RoomStore.CLAIM_REPEATS);
        assertThat(readsWithin(Duration.ofSeconds(3))).as("one for each room").isGreaterThanOrEqualTo(20);
    }

    private int readsWithin(Duration time) {
        node.store.forgetCalls();
        for (Duration passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plus(TestNode.TICK)) {
            node.pass(TestNode.TICK);
        }
        return node.store.calls(Call.READ);
    }

    @Test
    void olderHistory_isReadToTheLogsBegin_whereAMessageExpired() {
        node.append(room, "m2");
        Subscription first = node.subscribe(room, Cursor.now());
        node.post(room, "short", TEN_SECONDS);
        node.pass(TEN_SECONDS);
        node.posts(room, 4, 259); // The log begins at what told of the end, or close to it.
        assertThat(poll(node.subscribe(room, after(1))))
                .startsWith("m2", "(expired)")
                .endsWith("m259");
        assertThat(poll(first)).startsWith("(expired)", "3 is over", "m4").endsWith("m259");
    }

    @Test
    void deletedMessage_isNotToldOfAgain_whenItsTimeIsOver() {
        Subscription reader = node.subscribe(room, Cursor.now());
        Appended message = node.post(room, "short", TEN_SECONDS);
        node.feeds.announce(node.forget(room, message), null);
        node.pass(TEN_SECONDS);
        assertThat(poll(reader)).containsExactly("(deleted)", "2 is deleted");
    }

    @Test
    void messagesThatEndTogether_areToldOfInSteps() {
        Subscription reader = node.subscribe(room, Cursor.now());
        IntStream.rangeClosed(2, 2_501).forEach(i -> node.post(room, "short", TEN_SECONDS));
        poll(reader);
        List<String> told = new ArrayList<>();
        node.pass(TEN_SECONDS);
        told.addAll(poll(reader));
        assertThat(told).hasSize(1_000);
        node.pass(TestNode.TICK);
        node.pass(TestNode.TICK);
        told.addAll(poll(reader));
        assertThat(told).hasSize(2_500).startsWith("2 is over").endsWith("2501 is over");
    }

    @Test
    void moreEndsThanAreKept_dropTheBodiesAllTheSame() {
        Subscription lagging = node.subscribe(room, Cursor.now());
        Subscription reader = node.subscribe(room, Cursor.now());
        for (int i = 0; i < BodyEnds.MAX; i++) {
            node.post(room, "short", TEN_SECONDS);
        }
        node.post(room, "longer", TEN_SECONDS.multipliedBy(3)); // Ends when no other end is left.
        WeakReference<SharedEvent> longer =
                new WeakReference<>(reader.poll(Integer.MAX_VALUE).get(BodyEnds.MAX));
        for (int i = 0; i < 40; i++) {
            node.pass(Duration.ofSeconds(1));
        }
        assertThat(isCollected(longer)).isTrue();
        assertThat(poll(lagging)).contains("(expired)").doesNotContain("short", "longer");
        assertThat(poll(reader)).hasSize(BodyEnds.MAX);
    }

    @Test
    void messageOfOlderHistory_isToldOf_whenItsTimeIsOver() {
        node.append(room, "short", TEN_SECONDS, null);
        node.appendUpTo(room, 400);
        Subscription current = node.subscribe(room, Cursor.now());
        Subscription resuming = node.subscribe(room, after(1));
        assertThat(poll(resuming)).startsWith("short", "m3");
        node.pass(TEN_SECONDS);
        assertThat(poll(resuming)).containsExactly("2 is over");
        assertThat(poll(current)).containsExactly("2 is over");
    }

    @Test
    void claims_areCountedDown_andTheTextIsNeverThere() {
        Subscription reader = node.subscribe(room, Cursor.now());
        Appended message = node.append(room, "secret", null, 3);
        node.feeds.announce(message, null);
        Appended claimed = node.store
                .inside(room)
                .append(LogEntry.CLAIMED, message.entry().sender(), null, EntryBody.claimed(2, 2));
        node.feeds.announce(claimed, null);
        assertThat(poll(reader)).containsExactly("(2 claims)", "2 has 2 claims");
        assertThat(poll(node.subscribe(room, after(1)))).containsExactly("(2 claims)", "2 has 2 claims");
    }

    @Test
    void entryThatTellsOfNothing_isDropped() {
        Subscription reader = node.subscribe(room, Cursor.now());
        for (String body : List.of("", "2", "x deleted", "2 gone", "99 deleted")) {
            Appended appended = node.store
                    .inside(room)
                    .append(
                            LogEntry.FORGOTTEN,
                            node.store.inside(room).member("owner").identity(),
                            null,
                            body);
            node.feeds.announce(appended, null);
        }
        assertThat(poll(reader)).containsExactly("99 is deleted");
    }
}
