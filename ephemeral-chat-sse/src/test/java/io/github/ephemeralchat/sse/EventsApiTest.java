package io.github.ephemeralchat.sse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventsApiTest {

    /** An id that is not in the log: who comes after it is told so first. */
    private static final String ID = "7-123456";

    private static final String JOINED = "event: joined\n";
    private static final String READY = "event: ready\n";
    private static final String RESET = "event: reset\ndata: {\"reason\":\"forked\",\"firstSequence\":1}\n";

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
        return api.send(TestRequest.get(room + target).token(owner.token()));
    }

    @Test
    void aStreamBeginsWithWhatIsKept() {
        Reply reply = get("/events");
        assertThat(reply.header("X-Accel-Buffering")).isEqualTo("no");
        assertThat(reply.header("Cache-Control")).isEqualTo("no-store, no-transform");
        assertThat(reply.frames())
                .startsWith(": open\nretry: ")
                .contains(JOINED)
                .doesNotContain(READY, RESET);
    }

    @Test
    void aStreamBeginsAfterTheLastOneThatWasSeen() {
        assertThat(get("/events?lastEventId=" + ID).frames()).contains(RESET).doesNotContain(READY);
        assertThat(get("/events?lastEventId=" + ID + "&from=now").frames())
                .contains(RESET)
                .doesNotContain(READY);
        assertThat(withHeader("/events", ID).frames()).contains(RESET);
        assertThat(get("/events?lastEventId=" + head()).frames()).doesNotContain(JOINED, RESET, READY);
    }

    @Test
    void theHeaderWinsOverBothParameters() {
        assertThat(withHeader("/events?lastEventId=" + head() + "&from=now", ID).frames())
                .contains(RESET)
                .doesNotContain(READY);
    }

    @Test
    void fromNowBeginsLiveAndSaysWhere() {
        assertThat(get("/events?from=now").frames()).contains(READY).doesNotContain(JOINED, RESET);
    }

    @Test
    void fewAddresses_leaveAPlaceForEverybodyElse() {
        try (TestApi crowded =
                TestApi.with(settings -> settings.maxStreams(1_000).maxStreamsPerAddress(300))) {
            int first = openMany(crowded, "192.0.2.1");
            assertThat(first).as("an address alone has all that it may have").isEqualTo(300);
            int taken = first;
            for (int i = 2; i <= 20; i++) {
                taken += openMany(crowded, "192.0.2." + i);
            }
            assertThat(taken).isLessThan(1_000);
            assertThat(openMany(crowded, "198.51.100.1")).isGreaterThanOrEqualTo(8);
        }
    }

    /** Opens streams of one address until no more are taken, each in a room of its own. */
    private static int openMany(TestApi api, String address) {
        for (int opened = 0; ; opened++) {
            Reply seat = api.createRoom();
            String events = "/rooms/" + seat.roomId() + "/events?from=now";
            if (api.send(TestRequest.get(events).token(seat.token()).from(address))
                            .status()
                    == 429) {
                return opened;
            }
        }
    }

    @Test
    void anEmptyIdIsNone() {
        assertThat(get("/events?lastEventId=").frames()).contains(JOINED).doesNotContain(RESET);
        assertThat(withHeader("/events?lastEventId=" + ID, "").frames()).contains(RESET);
        assertThat(withHeader("/events?from=now", "").frames()).contains(READY);
    }

    /** The id of the owner's joining, which is the newest entry. */
    private String head() {
        Matcher id = Pattern.compile("id: (\\S+)").matcher(get("/events").frames());
        assertThat(id.find()).isTrue();
        return id.group(1);
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
        api.send(TestRequest.get(room + "/events?lastEventId=x")).is(401, "unauthorized");
    }

    private Reply withHeader(String target, String id) {
        return api.send(TestRequest.get(room + target).token(owner.token()).header("Last-Event-ID", id));
    }
}
