package io.github.ephemeralchat.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.time.Duration;
import java.util.Set;
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

    private static void refused(ChatHttpSettings.Builder builder) {
        assertThatIllegalArgumentException().isThrownBy(builder::build);
    }
}
