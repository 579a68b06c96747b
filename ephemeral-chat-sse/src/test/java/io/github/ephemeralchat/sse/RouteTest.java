package io.github.ephemeralchat.sse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
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
                "/rooms/abcdefgh/messages/1/2",
                "/openapi.yaml/",
                "/openapi.json",
                "rooms"
            })
    void anUnknownPathIs404(String path) {
        for (String method : new String[] {"GET", "POST", "DELETE", "HEAD", "BREW"}) {
            api.send(TestRequest.of(method, path)).is(404, "not_found");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/rooms,'POST, OPTIONS'",
        "/rooms/abcdefgh,'GET, DELETE, HEAD, OPTIONS'",
        "/rooms/abcdefgh/participants,'POST, OPTIONS'",
        "/rooms/abcdefgh/deadline,'PUT, OPTIONS'",
        "/rooms/abcdefgh/admission,'PUT, OPTIONS'",
        "/rooms/abcdefgh/properties/topic,'PUT, DELETE, OPTIONS'",
        "/rooms/abcdefgh/participants/me,'DELETE, PATCH, OPTIONS'",
        "/rooms/abcdefgh/participants/p_1,'DELETE, PATCH, OPTIONS'",
        "/rooms/abcdefgh/messages,'POST, GET, HEAD, OPTIONS'",
        "/rooms/abcdefgh/events,'GET, POST, OPTIONS'",
        "/openapi.yaml,'GET, HEAD, OPTIONS'"
    })
    void anUnknownMethodIs405AndSaysWhatIsKnown(String path, String allow) {
        for (String method : new String[] {"PUT", "PATCH", "TRACE", "get", "BREW", ""}) {
            if (List.of(allow.split(", ")).contains(method)) {
                continue;
            }
            Reply reply = api.send(TestRequest.of(method, path)).is(405, "method_not_allowed");
            assertThat(reply.header("Allow")).isEqualTo(allow);
        }
        Reply options = api.send(TestRequest.of("OPTIONS", path)).is(204);
        assertThat(options.header("Allow")).isEqualTo(allow);
    }

    @Test
    void head_namesTheOperationOfGet_exceptForTheEvents() {
        Reply owner = api.createRoom();
        String room = "/rooms/" + owner.roomId();
        for (String path : new String[] {room, room + "/messages", "/openapi.yaml"}) {
            Reply head = api.send(TestRequest.of("HEAD", path).token(owner.token()));
            Reply get = api.send(TestRequest.get(path).token(owner.token()));
            assertThat(head.response().headers()).isEqualTo(get.response().headers());
            assertThat(head.response().body()).hasSameSizeAs(get.response().body());
        }
        api.send(TestRequest.of("HEAD", room)).is(401, "unauthorized");
        api.send(TestRequest.of("HEAD", room + "/events").token(owner.token())).is(405, "method_not_allowed");
        api.send(TestRequest.of("HEAD", "/rooms")).is(405, "method_not_allowed");
    }

    @Test
    void meIsNobodysId() {
        assertThat(Route.match("DELETE", "/rooms/x/participants/me").route()).isEqualTo(Route.LEAVE);
        Route.Match other = Route.match("DELETE", "/rooms/x/participants/Me");
        assertThat(other.route()).isEqualTo(Route.REMOVE_PARTICIPANT);
        assertThat(other.item()).isEqualTo("Me");
        assertThat(other.roomCode()).isEqualTo("x");
    }

    @Test
    void encodedSlash_isPartOfItsSegment() {
        for (String path : new String[] {"/rooms%2Fabcdefgh%2Fparticipants", "/rooms%2fabcdefgh", "%2Frooms"}) {
            api.send(TestRequest.post(path)).is(404, "not_found");
        }
        Route.Match match = Route.match("DELETE", "/rooms/a%2Fb/participants/%70_1+%C3%A4");
        assertThat(match.roomCode()).isEqualTo("a/b");
        assertThat(match.item()).isEqualTo("p_1+\u00e4");
        assertThat(Route.match("POST", "/%72ooms").route()).isEqualTo(Route.CREATE_ROOM);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/rooms/%", "/rooms/%2", "/rooms/%zz/messages", "/rooms/%-1", "/%"})
    void malformedEscape_is400(String path) {
        api.send(TestRequest.get(path)).is(400, "invalid_request");
    }
}
