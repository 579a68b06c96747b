package io.github.ephemeralchat.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChatHttpSettingsTest {

    @Test
    void theDefaultsAreWhatTheirDocumentationSays() {
        ChatHttpSettings settings = ChatHttpSettings.defaults();
        assertThat(settings.streamLimits().perNode()).isEqualTo(10_000);
        assertThat(settings.streamLimits().perParticipant()).isEqualTo(8);
        assertThat(settings.rules())
                .isEqualTo(new RoomPolicy(1, 1440, 1000, false, null, Set.of(), RateLimits.defaults()));
    }

    @Test
    void boundsOutsideOfTheServicesAreRefused() {
        refused(ChatHttpSettings.builder().minTtl(Duration.ZERO));
        refused(ChatHttpSettings.builder().maxTtl(Duration.ofMinutes(1441)));
        refused(ChatHttpSettings.builder().minTtl(Duration.ofSeconds(90)));
        refused(ChatHttpSettings.builder().minTtl(Duration.ofMinutes(3)).maxTtl(Duration.ofMinutes(2)));
        refused(ChatHttpSettings.builder().maxParticipants(1));
        refused(ChatHttpSettings.builder().maxParticipants(1001));
        refused(ChatHttpSettings.builder().maxStreams(0));
        refused(ChatHttpSettings.builder().maxStreamsPerParticipant(0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api",
                "example.org",
                "ftp://example.org",
                "https:///api",
                "https://example.org/?a=b",
                "https://example.org/#a",
                "https://user@example.org/api",
                "mailto:a@example.org",
                "https://example.org/a;b"
            })
    void aBaseUrlIsAnAbsoluteWebAddress(String url) {
        refused(ChatHttpSettings.builder().publicBaseUrl(URI.create(url)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "null", "example.org", "https://example.org/", "https://example.org/a", "file://x"})
    void anOriginIsASite(String origin) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChatHttpSettings.builder().allowedOrigins(Set.of(origin)));
    }

    private static void refused(ChatHttpSettings.Builder builder) {
        assertThatIllegalArgumentException().isThrownBy(builder::build);
    }

    @Test
    void whatNeedsTheRequestOfAServletIsRefusedElsewhere() {
        try (EphemeralChatService service = EphemeralChatService.create(MemoryRoomStore.create())) {
            for (ChatHttpSettings.Builder settings : List.of(
                    ChatHttpSettings.builder().identity(request -> Optional.empty()),
                    ChatHttpSettings.builder().mayCreate(request -> false),
                    ChatHttpSettings.builder().clientAddress(request -> ""))) {
                assertThatIllegalArgumentException().isThrownBy(() -> ChatApi.forEventLoop(service, settings.build()));
            }
            ChatApi.forEventLoop(service, ChatHttpSettings.defaults()).close();
        }
    }
}
