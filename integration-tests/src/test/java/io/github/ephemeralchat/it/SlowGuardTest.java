package io.github.ephemeralchat.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.MessageGuard.Verdict;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.metrics.ChatObserver;
import io.github.ephemeralchat.sse.ChatHttpSettings;
import io.github.ephemeralchat.sse.RateLimits;
import io.github.ephemeralchat.testsupport.Answer;
import io.github.ephemeralchat.testsupport.ChatClient;
import io.github.ephemeralchat.testsupport.SseClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** A guard of the host's that blocks holds one post, on every server. */
class SlowGuardTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private final List<String> observed = new CopyOnWriteArrayList<>();

    private EphemeralChatService service() {
        return EphemeralChatService.builder(MemoryRoomStore.create())
                .guard((room, sender, text) -> {
                    if (text.equals("slow")) {
                        asked.countDown();
                        awaitRelease();
                    }
                    return text.equals("spam") ? Verdict.refuse("no_spam") : Verdict.accept();
                })
                .observer(new ChatObserver() {
                    @Override
                    public void refused(String code) {
                        observed.add(code);
                    }
                })
                .build();
    }

    private void awaitRelease() {
        try {
            release.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void assertOthersGoOn(Function<EphemeralChatService, ChatHttpServer> open) throws Exception {
        try (EphemeralChatService service = service();
                ChatHttpServer server = open.apply(service)) {
            ChatClient client = ChatClient.of(server.base(), LIMIT);
            ChatClient.Seat anna = client.create();
            ChatClient.Seat ben = client.join(anna.room());
            CompletableFuture<Answer> slow = CompletableFuture.supplyAsync(() -> anna.post("slow"));
            assertThat(asked.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
            for (int i = 0; i < 20; i++) {
                assertThat(ben.post("goes on").status()).isEqualTo(201);
            }
            Answer refused = ben.post("spam");
            assertThat(refused.status()).isEqualTo(403);
            assertThat(observed).as("what metrics count").containsExactly("refused");
            assertThat(refused.body()).contains("\"code\":\"refused\"", "\"reason\":\"no_spam\"");
            try (SseClient stream = ben.stream("", "")) {
                stream.await("message", "goes on");
            }
            assertThat(slow).isNotDone();
            release.countDown();
            assertThat(slow.get(LIMIT.toSeconds(), TimeUnit.SECONDS).status()).isEqualTo(201);
        } finally {
            release.countDown();
        }
    }

    private static ChatHttpSettings settings() {
        return ChatHttpSettings.builder().rateLimits(RateLimits.off()).build();
    }

    /** One loop, which all requests and streams share: as for rooms in memory. */
    @Test
    void onNetty_guardRunsOnNoEventLoop() throws Exception {
        assertOthersGoOn(service -> ChatHttpServer.netty(service, settings(), 1, Runnable::run));
    }

    @Test
    void onJetty_othersGoOn() throws Exception {
        assertOthersGoOn(service -> ChatHttpServer.servlet(service, settings(), Container::jetty));
    }

    @Test
    void onTomcat_othersGoOn() throws Exception {
        assertOthersGoOn(service -> ChatHttpServer.servlet(service, settings(), Container::tomcat));
    }
}
