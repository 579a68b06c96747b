package io.github.ephemeralchat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.HistoryPage;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Message;
import io.github.ephemeralchat.model.NotAParticipantException;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomEvent;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomNotFoundException;
import io.github.ephemeralchat.scripted.ManualExecutor;
import io.github.ephemeralchat.scripted.ScriptedBroadcaster;
import io.github.ephemeralchat.scripted.ScriptedStore;
import io.github.ephemeralchat.scripted.ScriptedStore.Call;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.transport.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class EphemeralChatServiceTest {

    private final ScriptedStore store = new ScriptedStore();
    private final ScriptedBroadcaster broadcaster = new ScriptedBroadcaster();
    private final ManualExecutor listeners = new ManualExecutor();
    private final EphemeralChatService chat = EphemeralChatService.builder(store)
            .broadcaster(broadcaster)
            .listenerExecutor(listeners)
            .build();
    private final Room room = store.newRoom(Duration.ofHours(1));
    private final RoomId id = room.id();

    @AfterEach
    void close() {
        chat.close();
        assertThat(broadcaster.openRegistrations()).isZero();
    }

    @Nested
    class Cost {

        private void assertCost(int authentications, int reads) {
            assertThat(store.calls(Call.AUTHENTICATE)).isEqualTo(authentications);
            assertThat(store.calls(Call.READ)).isEqualTo(reads);
            assertThat(store.calls(Call.FIND)).isZero();
            store.forgetCalls();
        }

        private Subscription open(Cursor cursor) {
            return chat.transport().subscribe(id, "owner", cursor, () -> {});
        }

        @Test
        void firstStream_isOneAuthenticationAndOneRead() {
            EntryId place = null;
            for (int i = 0; i < 50; i++) {
                chat.as(id, "owner").post("m" + i);
                place = i == 20 ? store.inside(room).head() : place;
            }
            store.forgetCalls();
            for (Cursor cursor : List.of(Cursor.start(), Cursor.after(place), Cursor.now())) {
                Subscription subscription = open(cursor);
                assertCost(1, 1);
                subscription.close();
            }
        }

        @Test
        void secondStream_isOneAuthentication() {
            store.forgetCalls();
            open(Cursor.start());
            assertCost(1, 1);
            open(Cursor.start());
            open(Cursor.now());
            assertCost(2, 0);
        }

        @Test
        void streamOfAnAuthenticatedIdentity_isOneLookUpAndOneRead() {
            store.forgetCalls();
            chat.transport().subscribeAs(id, "owner", Cursor.start(), () -> {});
            assertThat(store.calls(Call.FIND)).isEqualTo(1);
            assertThat(store.calls(Call.READ)).isEqualTo(1);
            assertThat(store.calls(Call.AUTHENTICATE)).isZero();
        }
    }

    @Nested
    class History {

        /** So many joins and leaves, with a message after every so many. */
        private void fill(int entries, int messageEvery) {
            Identity guest = new Identity("guest", "guest");
            for (int i = 1; i <= entries; i++) {
                String kind = i % messageEvery == 0 ? LogEntry.MESSAGE : i % 2 == 0 ? LogEntry.LEFT : LogEntry.JOINED;
                store.inside(room).append(kind, guest, "k" + i, kind.equals(LogEntry.MESSAGE) ? "m" + i : "");
            }
            store.forgetCalls();
        }

        @Test
        void page_ofJoinsAndLeaves_costsAtMostFourReads() {
            fill(10_000, Integer.MAX_VALUE);
            for (int limit : new int[] {1, 50, 500}) {
                HistoryPage page = chat.history(id, 0, limit);
                assertThat(store.calls(Call.READ)).isBetween(1, 4);
                assertThat(page.messages()).isEmpty();
                assertThat(page.nextAfter()).isBetween(1_000L, 3_000L);
                assertThat(page.lastSequence()).isEqualTo(10_001);
                store.forgetCalls();
            }
        }

        @Test
        void paging_byNextAfter_reachesEveryMessage() {
            fill(10_000, 997);
            for (int limit : new int[] {1, 3, 500}) {
                assertThat(texts(limit)).hasSize(10).startsWith("m997", "m1994").endsWith("m9970");
            }
        }

        private List<String> texts(int limit) {
            List<String> texts = new ArrayList<>();
            HistoryPage page = new HistoryPage(List.of(), 0, 1, false);
            for (int i = 0; i < 100 && page.nextAfter() < page.lastSequence(); i++) {
                page = chat.history(id, page.nextAfter(), limit);
                page.messages().forEach(message -> texts.add(message.text()));
                assertThat(page.messages().size()).isLessThanOrEqualTo(limit);
            }
            return texts;
        }

        @Test
        void page_ofMessagesOnly_costsOneRead() {
            fill(500, 1);
            HistoryPage page = chat.history(id, 1, 100);
            assertThat(page.messages()).hasSize(100);
            assertThat(page.nextAfter()).isEqualTo(101);
            assertThat(store.calls(Call.READ)).isEqualTo(1);
        }

        @Test
        void page_ofLongTexts_isCutShort() {
            String text = "x".repeat(4_000);
            for (int i = 0; i < 200; i++) {
                chat.as(id, "owner").post(text);
            }
            HistoryPage page = chat.history(id, 0, 500);
            assertThat(page.messages().size()).isEqualTo(132); // The first that brings it to 512 KiB.
            assertThat(page.nextAfter()).isEqualTo(133);
            assertThat(page.lastSequence()).isEqualTo(201);
        }

        @Test
        void page_atTheEnd_readsNothing() {
            HistoryPage page = chat.history(id, 1, 10);
            assertThat(page).isEqualTo(new HistoryPage(List.of(), 1, 1, false));
            assertThat(store.calls(Call.READ)).isZero();
        }

        @Test
        void page_afterATrimmedPlace_saysSo() {
            fill(100, 1);
            store.inside(room).keep(10);
            HistoryPage page = chat.history(id, 20, 10);
            assertThat(page.truncated()).isTrue();
            assertThat(page.messages()).hasSize(10);
            assertThat(chat.history(id, 95, 10).truncated()).isFalse();
        }
    }

    @Nested
    class Listeners {

        private final List<RoomEvent> events = new ArrayList<>();

        @Test
        void listener_hasItsRoomFromTheCursorOn() {
            chat.subscribe(id, Cursor.start(), events::add);
            Message message = chat.as(id, "owner").post("hello");
            listeners.runAll();
            assertThat(events)
                    .hasSize(2)
                    .last()
                    .isEqualTo(new RoomEvent.MessagePosted(store.inside(room).head(), message));
        }
    }

    @Test
    void roomPastItsDeadline_endsByItself() throws Exception {
        CountDownLatch wokenUp = new CountDownLatch(1);
        Subscription subscription = chat.transport().subscribe(id, "owner", Cursor.now(), wokenUp::countDown);
        store.pass(Duration.ofHours(1));
        assertThat(wokenUp.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(subscription.poll(10))
                .hasSize(1)
                .first()
                .satisfies(event ->
                        assertThat(event.event()).isEqualTo(new RoomEvent.RoomDestroyed(RoomEvent.EndReason.EXPIRED)));
    }

    @Test
    void unknownRoom_isNotFoundOrNotAParticipant() {
        RoomId other = RoomId.random();
        assertThatThrownBy(() -> chat.subscribe(other, Cursor.now(), event -> {}))
                .isInstanceOf(RoomNotFoundException.class);
        assertThatThrownBy(() -> chat.transport().subscribe(other, "owner", Cursor.now(), () -> {}))
                .isInstanceOf(NotAParticipantException.class);
        assertThatThrownBy(() -> chat.transport().subscribeAs(other, "owner", Cursor.now(), () -> {}))
                .isInstanceOf(NotAParticipantException.class);
        assertThatThrownBy(() -> chat.transport().subscribeAs(id, "nobody", Cursor.now(), () -> {}))
                .isInstanceOf(NotAParticipantException.class);
        assertThat(chat.asHost(other).destroy()).isFalse();
    }

    /** A participant's own words for a room that ends while its stream is opened: as if it had never been. */
    @Test
    void roomDestroyedWhileAStreamStarts_isNotAParticipant() {
        broadcaster.whileSubscribing(() -> chat.asHost(id).destroy());
        assertThatThrownBy(() -> chat.transport().subscribe(id, "owner", Cursor.start(), () -> {}))
                .isInstanceOf(NotAParticipantException.class);
        assertThat(broadcaster.openRegistrations()).isZero();
    }
}
