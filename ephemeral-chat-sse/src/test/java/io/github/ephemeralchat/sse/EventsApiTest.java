package io.github.ephemeralchat.sse;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.Cursor;
import io.github.ephemeralchat.EntryId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventsApiTest {

    private static final String ID = "7-123456";

    private final TestApi api = TestApi.create();
    private Reply owner;
    private String room;

    @BeforeEach
    void createRoom() {
        owner = api.createRoom();
        room = "/rooms/" + owner.roomId();
    }

    @AfterEach
    void close() {
        api.close();
    }

    private Reply get(String target) {
        return api.send(TestCall.get(room + target).token(owner.token()));
    }

    @Test
    void beginWithWhatIsKept() {
        Reply reply = get("/events");
        assertThat(reply.cursor()).isEqualTo(Cursor.start());
        assertThat(reply.ready()).isFalse();
        assertThat(reply.stream().room().value()).isEqualTo(owner.roomId());
        assertThat(reply.stream().token()).isEqualTo(owner.token());
        assertThat(reply.stream().participantId()).isEqualTo(owner.participantId());
        assertThat(reply.stream().toString()).doesNotContain(owner.token(), owner.roomId());
    }

    @Test
    void beginAfterTheLastOneThatWasSeen() {
        Cursor after = Cursor.after(new EntryId(7, 123456));
        assertThat(get("/events?lastEventId=" + ID).cursor()).isEqualTo(after);
        assertThat(get("/events?lastEventId=" + ID + "&from=now").ready()).isFalse();
        assertThat(withHeader("/events", ID).cursor()).isEqualTo(after);
    }

    @Test
    void theHeaderWinsOverBothParameters() {
        Reply reply = withHeader("/events?lastEventId=1-1&from=now", ID);
        assertThat(reply.cursor()).isEqualTo(Cursor.after(new EntryId(7, 123456)));
        assertThat(reply.ready()).isFalse();
    }

    @Test
    void fromNowBeginsLiveAndSaysWhere() {
        Reply reply = get("/events?from=now");
        assertThat(reply.cursor()).isEqualTo(Cursor.now());
        assertThat(reply.ready()).isTrue();
    }

    @Test
    void anEmptyIdIsNone() {
        assertThat(get("/events?lastEventId=").cursor()).isEqualTo(Cursor.start());
        assertThat(withHeader("/events?lastEventId=" + ID, "").cursor())
                .isEqualTo(Cursor.after(new EntryId(7, 123456)));
        assertThat(withHeader("/events?from=now", "").ready()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"7", "7-", "-7", "0-0", "7-0", "x-y", "7-1-1", "+7-1", "07-1", "7-9007199254740992", "7 -1", "*"
            })
    void aMalformedIdIsRefused(String id) {
        get("/events?lastEventId=" + id.replace("+", "%2B").replace(" ", "+")).is(400, "invalid_request");
        withHeader("/events", id).is(400, "invalid_request");
    }

    @Test
    void anotherPlaceToBeginIsRefused() {
        get("/events?from=then").is(400, "invalid_request");
    }

    @Test
    void strangersAreRefusedFirst() {
        api.send(TestCall.get(room + "/events?lastEventId=x")).is(401, "unauthorized");
    }

    private Reply withHeader(String target, String id) {
        return api.send(TestCall.get(room + target).token(owner.token()).header("Last-Event-ID", id));
    }
}
