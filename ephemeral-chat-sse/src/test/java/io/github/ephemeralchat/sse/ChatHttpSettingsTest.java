package io.github.ephemeralchat.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChatHttpSettingsTest {

    @Test
    void theDefaultsAreWhatTheirDocumentationSays() {
        ChatHttpSettings settings = ChatHttpSettings.defaults();
        assertThat(settings.maxStreams).isEqualTo(10_000);
        assertThat(settings.maxStreamsPerAddress).isEqualTo(1_000);
        assertThat(settings.maxStreamsPerParticipant).isEqualTo(8);
        assertThat(settings.minTtl).isEqualTo(Duration.ofMinutes(1));
        assertThat(settings.maxTtl).isEqualTo(Duration.ofDays(1));
        assertThat(settings.maxParticipants).isEqualTo(1000);
        assertThat(settings.ownerOnlyDestroy).isFalse();
        assertThat(settings.publicBaseUrl).isNull();
        assertThat(settings.allowedOrigins).isEmpty();
        assertThat(settings.rateLimits).isEqualTo(RateLimits.defaults());
    }

    @Test
    void boundsOutsideOfTheServicesAreRefused() {
        refused("minTtl is PT0S: it must be whole minutes from 1 to 1440", builder -> builder.minTtl(Duration.ZERO));
        refused("maxTtl is PT24H1M: ", builder -> builder.maxTtl(Duration.ofMinutes(1441)));
        refused("minTtl is PT1M30S: ", builder -> builder.minTtl(Duration.ofSeconds(90)));
        refused("maxTtl is PT30S: ", builder -> builder.maxTtl(Duration.ofSeconds(30)));
        refused(
                "minTtl is PT3M: it must be at most maxTtl, which is PT2M",
                builder -> builder.minTtl(Duration.ofMinutes(3))
                        .maxTtl(Duration.ofMinutes(2))
                        .build());
        refused("maxParticipants is 1: it must be from 2 to 1000", builder -> builder.maxParticipants(1));
        refused("maxParticipants is 1001: ", builder -> builder.maxParticipants(1001));
        refused("maxStreams is 0: it must be 1 or more", builder -> builder.maxStreams(0));
        refused("maxStreamsPerAddress is -1: ", builder -> builder.maxStreamsPerAddress(-1));
        refused("maxStreamsPerParticipant is 0: ", builder -> builder.maxStreamsPerParticipant(0));
        refused("trustedProxies is -1: it must be 0 or more", builder -> builder.trustedProxies(-1));
        refused("trustedProxies is X-Real-IP: ", builder -> builder.trustedProxies(1, "X-Real-IP"));
        refused("entryKinds is [vote]: ", builder -> builder.entryKinds(Set.of("vote")));
        refused("allowedOrigins is *: ", builder -> builder.allowedOrigins(Set.of("*")));
    }

    @Test
    void aPasswordInAnAddressIsNotShown() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChatHttpSettings.builder().allowedOrigins(Set.of("https://anna:geheim@example.org")))
                .withMessageContaining("allowedOrigins")
                .withMessageNotContaining("geheim");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> ChatHttpSettings.builder().publicBaseUrl(URI.create("https://anna:geheim@example.org")))
                .withMessageContaining("publicBaseUrl")
                .withMessageNotContaining("geheim");
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
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChatHttpSettings.builder().publicBaseUrl(URI.create(url)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*",
                "",
                "example.org",
                "https://example.org/a",
                "https://example.org//",
                "https://user@example.org",
                "https://a.*.example.org",
                "https://example.org:x",
                "https://"
            })
    void anOriginIsASite(String origin) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChatHttpSettings.builder().allowedOrigins(Set.of(origin)));
    }

    private static void refused(String message, Consumer<ChatHttpSettings.Builder> setting) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> setting.accept(ChatHttpSettings.builder()))
                .withMessageStartingWith(message);
    }
}
