package io.github.ephemeralchat.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.RoomOptions;
import io.github.ephemeralchat.model.RoomRules;
import io.github.ephemeralchat.tck.Await;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** A node's process is killed ({@code kill -9}), which cannot say that its participants are gone. */
@EnabledIfSystemProperty(named = "test.rounds", matches = "full", disabledReason = "a long round: -Pfull")
class KilledNodeTest {

    private static final int ROOMS = 4;
    private static final int STREAMS = 50;
    private static final Duration STARTED = Duration.ofSeconds(60);
    private static final Duration FORGOTTEN = Duration.ofSeconds(80);

    /** The others have said more than once that they are there. */
    private static final Duration FOR_A_WHILE = Duration.ofSeconds(40);

    private final RedisServer server = RedisServer.shared();
    private final List<ChatNode> others = List.of(ChatNode.open(server.uri()), ChatNode.open(server.uri()));
    private final List<Membership> rooms =
            IntStream.range(0, ROOMS).mapToObj(i -> room()).toList();

    private Process killed;

    @AfterEach
    void close() {
        killed.destroyForcibly();
        others.forEach(ChatNode::close);
    }

    private Membership room() {
        RoomRules rules = RoomRules.plain(STREAMS + 2, false).withSignals(false, true);
        return others.get(0).service().createRoom(RoomOptions.defaults().withRules(rules), Identity.anonymous());
    }

    private static void listen(ChatNode node, Membership as) {
        node.service().transport().subscribe(as.room().id(), as.token(), Cursor.now(), () -> {});
    }

    /** Whether each of the other nodes knows of so many in each room. */
    private boolean allKnowOf(int participants) {
        return others.stream()
                .allMatch(node -> rooms.stream()
                        .allMatch(room -> node.service()
                                .transport()
                                .present(room.room().incarnation())
                                .filter(present -> present.size() == participants)
                                .isPresent()));
    }

    @Test
    void othersForgetItsParticipantsWithin80Seconds_andNobodyElses() throws IOException {
        for (Membership owner : rooms) {
            listen(others.get(0), owner);
            listen(others.get(1), others.get(1).service().join(owner.room().id(), Identity.anonymous()));
        }
        start();
        Await.until(STARTED, "all nodes agree", () -> allKnowOf(STREAMS + 2));
        RedisServer.sleep(FOR_A_WHILE.toMillis());
        assertThat(allKnowOf(STREAMS + 2)).isTrue();

        killed.destroyForcibly();
        long begin = System.nanoTime();
        Await.until(FORGOTTEN, "they are forgotten", () -> allKnowOf(2));
        System.out.printf(
                "a killed node's %d streams: forgotten by all after %d ms%n",
                ROOMS * STREAMS, Duration.ofNanos(System.nanoTime() - begin).toMillis());
        RedisServer.sleep(FOR_A_WHILE.toMillis());
        assertThat(allKnowOf(2)).isTrue();
    }

    private void start() throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                StreamingNode.class.getName(),
                Integer.toString(server.port()),
                Integer.toString(STREAMS)));
        rooms.forEach(owner -> command.add(owner.room().id().value()));
        killed = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(killed.inputReader().readLine()).isEqualTo(StreamingNode.OPEN);
    }
}
