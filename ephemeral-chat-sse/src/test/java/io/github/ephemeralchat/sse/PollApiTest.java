package io.github.ephemeralchat.sse;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.tck.Await;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Events as whole responses: {@code ?wait=}. */
class PollApiTest {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Pattern LAST_ID = Pattern.compile(".*^id: (\\S+)$.*", Pattern.DOTALL | Pattern.MULTILINE);

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

    private Reply poll(String query) {
        return api.send(TestRequest.get(room + "/events?" + query).token(owner.token()))
                .is(200);
    }

    /** A poll that waits, and what it is answered with. */
    private static AtomicReference<String> waiting(Reply reply) {
        AtomicReference<String> body = new AtomicReference<>();
        Objects.requireNonNull(reply.response().poll(), "it is answered at once")
                .await(bytes -> body.set(new String(bytes, StandardCharsets.UTF_8)));
        return body;
    }

    private static String await(AtomicReference<String> body) {
        Await.until(SOON, "the answer", () -> body.get() != null);
        return body.get();
    }

    private static String lastId(String frames) {
        Matcher id = LAST_ID.matcher(frames);
        assertThat(id.matches()).as(frames).isTrue();
        return id.group(1);
    }

    @Test
    void whatIsThere_comesAtOnce_andReadyWithIt() {
        api.say(owner, "one");
        Reply reply = poll("wait=25");
        assertThat(reply.header("Content-Type")).startsWith("text/event-stream");
        assertThat(reply.text())
                .startsWith(": open\nretry: ")
                .containsSubsequence("event: joined\n", "event: message\n", "event: ready\n");
        assertThat(reply.response().stream()).isNull();
        api.say(owner, "two");
        assertThat(poll("wait=25&lastEventId=" + lastId(reply.text())).text())
                .contains("\"text\":\"two\"")
                .doesNotContain("\"text\":\"one\"", "joined");
    }

    @Test
    void whatComes_endsTheWaiting() {
        String head = lastId(poll("wait=0").text());
        for (String cursor = "from=now"; !cursor.isEmpty(); cursor = next(cursor, head)) {
            AtomicReference<String> body = waiting(poll("wait=25&" + cursor));
            assertThat(body.get()).isNull();
            api.say(owner, "news");
            assertThat(await(body)).containsSubsequence("event: ready\n", "event: message\n", "\"text\":\"news\"");
            head = lastId(body.get());
            assertThat(poll("wait=0&lastEventId=" + head).text()).doesNotContain("event: message");
        }
    }

    private static String next(String cursor, String head) {
        return cursor.equals("from=now") ? "lastEventId=" + head : "";
    }

    @Test
    void post_isThatOfGet() {
        TestRequest post = TestRequest.post(room + "/events?wait=25").token(owner.token());
        assertThat(api.send(post).is(200).text()).contains("event: joined");
    }

    @Test
    void waitOfNothing_isAnsweredAtOnce() {
        String head = lastId(poll("wait=0").text());
        Reply reply = poll("wait=0&lastEventId=" + head);
        assertThat(reply.text()).startsWith(": open\n").endsWith("id: " + head + "\nevent: ready\ndata: {}\n\n");
    }

    @Test
    void silence_endsAfterTheWait() {
        AtomicReference<String> body = waiting(poll("wait=2&from=now"));
        api.advance(Duration.ofMillis(1_900));
        api.tick();
        assertThat(body.get()).isNull();
        api.advance(Duration.ofMillis(100));
        api.tick();
        assertThat(await(body)).contains("event: ready\n").doesNotContain("event: message", "\n:\n");
    }

    @Test
    void expiring_goesAlong_andEndsNothing() {
        Reply shortLived = api.createRoom("{\"ttlMinutes\":6}");
        AtomicReference<String> body =
                waiting(api.send(TestRequest.get("/rooms/" + shortLived.roomId() + "/events?wait=25&from=now")
                        .token(shortLived.token())));
        api.advance(Duration.ofSeconds(0));
        api.time.advance(Duration.ofSeconds(61));
        api.tick();
        assertThat(body.get()).isNull();
        api.say(shortLived, "still here");
        assertThat(await(body)).containsSubsequence("event: ready", "event: expiring", "event: message");
        assertThat(api.send(TestRequest.get("/rooms/" + shortLived.roomId() + "/events?wait=0&from=now")
                                .token(shortLived.token()))
                        .text())
                .contains("event: expiring");
    }

    @Test
    void end_endsTheWaiting() {
        AtomicReference<String> body = waiting(poll("wait=25&from=now"));
        api.send(TestRequest.delete(room).token(owner.token())).is(204);
        assertThat(await(body)).endsWith("event: destroyed\ndata: {\"reason\":\"destroyed\"}\n\n");
        api.send(TestRequest.get(room + "/events?wait=25").token(owner.token())).is(401, "unauthorized");
    }

    @Test
    void poll_countsAsAStream_andTheOldestIsReplaced() {
        List<AtomicReference<String>> bodies = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            bodies.add(waiting(poll("wait=25&from=now")));
        }
        assertThat(await(bodies.get(0))).endsWith("event: replaced\ndata: {}\n\n");
        assertThat(api.streamCount()).isEqualTo(8);
        assertThat(bodies.get(1).get()).isNull();
        api.say(owner, "news");
        bodies.subList(1, 9).forEach(body -> assertThat(await(body)).contains("event: message"));
        Await.until(SOON, "their places are free", () -> api.streamCount() == 0);
    }

    @Test
    void clientThatIsGone_holdsNothing_andIsNotAnswered() {
        Reply reply = poll("wait=25&from=now");
        AtomicReference<String> body = waiting(reply);
        Objects.requireNonNull(reply.response().poll()).abort();
        Await.until(SOON, "its place is free", () -> api.streamCount() == 0);
        api.say(owner, "news");
        assertThat(body.get()).isNull();
    }

    @Test
    void nodeThatGoesAway_answersAtOnce() {
        AtomicReference<String> body = waiting(poll("wait=25&from=now"));
        api.close();
        assertThat(await(body)).contains("event: ready\n").endsWith("\n\n");
        assertThat(body.get().split("retry: ", -1)).hasSize(3);
    }

    @Test
    void longHistory_comesInParts() {
        String text = "\u00fc".repeat(4_000);
        for (int i = 0; i < 100; i++) {
            api.say(owner, text).is(201);
        }
        String cursor = "";
        int messages = 0;
        int polls = 0;
        String frames;
        do {
            frames = poll("wait=0" + cursor).text();
            assertThat(frames.length()).isLessThan(400_000);
            cursor = "&lastEventId=" + lastId(frames);
            messages += frames.split("event: message", -1).length - 1;
            polls++;
        } while (!frames.contains("event: ready"));
        assertThat(messages).isEqualTo(100);
        assertThat(polls).isGreaterThan(2);
    }

    @Test
    void forkedHistory_isToldOf() {
        assertThat(poll("wait=25&lastEventId=1-1").text())
                .containsSubsequence("event: reset\n", "event: joined\n", "event: ready\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"wait=26", "wait=-1", "wait=x", "wait=", "wait=1.5", "wait=10&lastEventId=x"})
    void anotherWait_isRefused(String query) {
        api.send(TestRequest.get(room + "/events?" + query).token(owner.token()))
                .is(400, "invalid_request");
        assertThat(api.streamCount()).isZero();
    }

    @Test
    void whoHasNoSeat_isRefused() {
        api.send(TestRequest.get(room + "/events?wait=5")).is(401, "unauthorized");
        api.send(TestRequest.get(room + "/events?wait=5").token(owner.token()).header("Sec-Fetch-Site", "cross-site"))
                .is(403, "cross_site");
    }
}
