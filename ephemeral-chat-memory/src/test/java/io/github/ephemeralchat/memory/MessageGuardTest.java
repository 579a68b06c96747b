package io.github.ephemeralchat.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.MessageGuard;
import io.github.ephemeralchat.MessageGuard.Verdict;
import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.Message;
import io.github.ephemeralchat.model.MessageRefusedException;
import io.github.ephemeralchat.model.NewMessage;
import io.github.ephemeralchat.model.NotAParticipantException;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomNotFoundException;
import io.github.ephemeralchat.model.RoomOptions;
import io.github.ephemeralchat.tck.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a host's guard does to messages. */
class MessageGuardTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final List<String> judged = new CopyOnWriteArrayList<>();
    private volatile MessageGuard guard = (room, sender, text) -> Verdict.accept();
    private final EphemeralChatService chat = EphemeralChatService.builder(MemoryRoomStore.create())
            .guard((room, sender, text) -> {
                judged.add(room.value() + " " + sender.name() + ": " + text);
                return guard.judge(room, sender, text);
            })
            .build();
    private final Membership anna = chat.createRoom(RoomOptions.defaults(), Identity.named("Anna"));
    private final RoomId room = anna.room().id();

    @AfterEach
    void close() {
        chat.close();
    }

    private Message post(String text, String id) {
        return chat.as(room, anna.token()).post(text, id);
    }

    private List<String> stored() {
        return chat.history(room, 0, 500).messages().stream().map(Message::text).toList();
    }

    private void assertRefused(String reason) {
        assertThatExceptionOfType(MessageRefusedException.class)
                .isThrownBy(() -> post("a secret", "refused"))
                .satisfies(refused -> assertThat(refused.reason()).isEqualTo(reason))
                .withMessageNotContaining("secret");
        assertThat(stored()).isEmpty();
    }

    @Test
    void guard_seesRoomSenderAndText() {
        post("one", "1");
        chat.asParticipant(room, anna.identity().id()).post("two");
        assertThat(judged).containsExactly(room.value() + " Anna: one", room.value() + " Anna: two");
        assertThat(stored()).containsExactly("one", "two");
    }

    @Test
    void hostsNotice_isNotJudged() {
        guard = (code, sender, text) -> Verdict.refuse("nothing_at_all");
        chat.asHost(room).post("a notice");
        assertThat(judged).isEmpty();
        assertThat(stored()).containsExactly("a notice");
    }

    @Test
    void replacedText_isWhatEverybodySees() {
        guard = (code, sender, text) -> Verdict.replace("***");
        assertThat(post("a word", "1").text()).isEqualTo("***");
        assertThat(stored()).containsExactly("***");
        assertThat(Verdict.replace("a word").toString()).doesNotContain("word");
    }

    @Test
    void refusedText_isNotStored() {
        guard = (code, sender, text) -> Verdict.refuse("no_links");
        assertRefused("no_links");
    }

    @Test
    void guardThatFails_refuses() {
        guard = (code, sender, text) -> {
            throw new IllegalStateException(text);
        };
        assertRefused(MessageGuard.FAILED);
        guard = (code, sender, text) -> {
            throw new StackOverflowError();
        };
        assertRefused(MessageGuard.FAILED);
        guard = (code, sender, text) -> Verdict.replace("");
        assertRefused(MessageGuard.FAILED);
        guard = (code, sender, text) -> Verdict.refuse("Not a reason");
        assertRefused(MessageGuard.FAILED);
        guard = (code, sender, text) -> null;
        assertRefused(MessageGuard.FAILED);
    }

    @Test
    void encryptedText_isAcceptedOrRefused_andNeverReplaced() {
        RoomOptions options = RoomOptions.defaults().withProof("a-proof-of-22-characters");
        Membership ben = chat.createRoom(options.withRules(options.rules().withEncrypted(true)), Identity.named("Ben"));
        RoomId sealed = ben.room().id();
        assertThat(chat.as(sealed, ben.token()).post("opaque", "1").text()).isEqualTo("opaque");
        guard = (code, sender, text) -> Verdict.replace("opaque-too");
        assertThatExceptionOfType(MessageRefusedException.class)
                .isThrownBy(() -> chat.as(sealed, ben.token()).post("opaque", "2"))
                .satisfies(refused -> assertThat(refused.reason()).isEqualTo(MessageGuard.FAILED));
    }

    @Test
    void reason_isAWord() {
        assertThatIllegalArgumentException().isThrownBy(() -> Verdict.refuse(""));
        assertThatIllegalArgumentException().isThrownBy(() -> Verdict.refuse("a".repeat(33)));
        Verdict.refuse("a_1".repeat(10));
    }

    @Test
    void repeatThatIsRefused_isTheStoredMessage() {
        Message first = post("one", "1");
        for (int i = 0; i < 499; i++) {
            chat.asHost(room).post("notice");
        }
        guard = (code, sender, text) -> Verdict.refuse("too_late");
        assertThat(post("one", "1")).isEqualTo(first);
        assertThat(chat.transport()
                        .post(room, anna.token(), NewMessage.of("one").withId("1"))
                        .logBytes())
                .as("nothing is credited for it")
                .isEqualTo(Long.MAX_VALUE);
        assertThatExceptionOfType(MessageRefusedException.class).isThrownBy(() -> post("one", "2"));
        Membership ben = chat.join(room, Identity.named("Ben"));
        assertThatExceptionOfType(MessageRefusedException.class)
                .as("another's id")
                .isThrownBy(() -> chat.as(room, ben.token()).post("one", "1"));
        assertThatExceptionOfType(MessageRefusedException.class)
                .as("what is not among the newest 500 entries")
                .isThrownBy(() -> post("one", "1"));
    }

    @Test
    void whoHasNoSeat_isNotJudged() {
        assertThatExceptionOfType(NotAParticipantException.class)
                .isThrownBy(() -> chat.as(room, "nobody's").post("hello"));
        assertThatExceptionOfType(NotAParticipantException.class)
                .isThrownBy(() -> chat.asParticipant(room, "p_nobody").post("hello"));
        chat.asHost(room).destroy();
        assertThatExceptionOfType(RoomNotFoundException.class).isThrownBy(() -> post("hello", "1"));
        assertThat(judged).isEmpty();
    }

    @Test
    void guardThatBlocks_delaysNobodyElse_andIsBounded() {
        CountDownLatch release = new CountDownLatch(1);
        guard = (code, sender, text) -> {
            if (text.equals("slow")) {
                awaitUninterrupted(release);
            }
            return Verdict.accept();
        };
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            List<CompletableFuture<Message>> slow = new ArrayList<>();
            for (int i = 0; i < 99; i++) {
                slow.add(CompletableFuture.supplyAsync(
                        () -> chat.as(room, anna.token()).post("slow"), threads));
            }
            Await.until(LIMIT, "all wait", () -> judged.size() == 99);
            assertThat(post("goes on", "1").text()).isEqualTo("goes on");
            slow.add(CompletableFuture.supplyAsync(
                    () -> chat.as(room, anna.token()).post("slow"), threads));
            Await.until(LIMIT, "one more waits", () -> judged.size() == 101);
            assertThatExceptionOfType(ChatUnavailableException.class).isThrownBy(() -> post("one too many", "2"));
            release.countDown();
            slow.forEach(post -> assertThat(post).succeedsWithin(LIMIT));
            assertThat(post("again", "3").text()).isEqualTo("again");
        } finally {
            release.countDown();
            threads.shutdownNow();
        }
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
