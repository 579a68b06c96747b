package io.github.ephemeralchat.sse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteTest {

    private final TestApi api = TestApi.create();

    @AfterEach
    void close() {
        api.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/rooms/",
                "//rooms",
                "/Rooms",
                "/room",
                "/rooms//participants",
                "/rooms/abcdefgh/",
                "/rooms/abcdefgh/x",
                "/rooms/abcdefgh/participants/",
                "/rooms/abcdefgh/participants/a/b",
                "/rooms/abcdefgh/messages/1",
                "/openapi.yaml/",
                "/openapi.json",
                "rooms"
            })
    void anUnknownPathIs404(String path) {
        for (String method : new String[] {"GET", "POST", "DELETE", "HEAD", "BREW"}) {
            api.send(TestCall.of(method, path)).is(404, "not_found");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/rooms,POST",
        "/rooms/abcdefgh,'GET, DELETE'",
        "/rooms/abcdefgh/participants,POST",
        "/rooms/abcdefgh/participants/me,DELETE",
        "/rooms/abcdefgh/participants/p_1,DELETE",
        "/rooms/abcdefgh/messages,'POST, GET'",
        "/rooms/abcdefgh/events,GET",
        "/openapi.yaml,GET"
    })
    void anUnknownMethodIs405AndSaysWhatIsKnown(String path, String allow) {
        for (String method : new String[] {"HEAD", "OPTIONS", "PUT", "PATCH", "TRACE", "get", "BREW", ""}) {
            Reply reply = api.send(TestCall.of(method, path)).is(405, "method_not_allowed");
            assertThat(reply.header("Allow")).isEqualTo(allow);
        }
    }

    @Test
    void meIsNobodysId() {
        assertThat(Route.match("DELETE", "/rooms/x/participants/me").route()).isEqualTo(Route.LEAVE);
        Route.Match other = Route.match("DELETE", "/rooms/x/participants/Me");
        assertThat(other.route()).isEqualTo(Route.REMOVE_PARTICIPANT);
        assertThat(other.participantId()).isEqualTo("Me");
        assertThat(other.roomCode()).isEqualTo("x");
    }
}
