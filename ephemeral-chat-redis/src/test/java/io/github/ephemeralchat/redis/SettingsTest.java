package io.github.ephemeralchat.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.testsupport.LocalMachine;
import io.github.ephemeralchat.testsupport.RedisBinary;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.ClientResources;
import org.junit.jupiter.api.Test;

/** How a host connects, and what it is told where that does not work. */
class SettingsTest {

    private static final RedisServer SERVER = RedisServer.shared();

    @Test
    void whereNobodyListensTheHostIsToldSo() {
        RedisURI nowhere = RedisServer.uri(LocalMachine.freePort());
        assertThatExceptionOfType(ChatUnavailableException.class).isThrownBy(() -> RedisChat.connect(nowhere));
        RedisURI wrong = SERVER.adminUri();
        wrong.setCredentialsProvider(io.lettuce.core.RedisCredentialsProvider.from(
                () -> io.lettuce.core.RedisCredentials.just("chat", "wrong")));
        assertThatExceptionOfType(ChatUnavailableException.class).isThrownBy(() -> RedisChat.connect(wrong));
    }

    @Test
    void settingsThatMakeNoSenseAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RedisChat.builder()
                        .keyPrefix("a{b}")
                        .server(SERVER.uri())
                        .connect());
        assertThatIllegalArgumentException().isThrownBy(RedisChat::connect);
        assertThatIllegalStateException().isThrownBy(() -> RedisChat.builder().connect());
    }

    @Test
    void twoPrefixesAreTwoWorlds() {
        RedisCommands<String, String> redis = TestNodes.look(SERVER);
        try (RedisChat one = RedisChat.builder()
                        .server(SERVER.adminUri())
                        .keyPrefix("one")
                        .connect();
                RedisChat other = RedisChat.connect(SERVER.uri());
                EphemeralChatService service = EphemeralChatService.create(one.store(), one.broadcaster())) {
            Membership room = new ChatNode(one, service).room();
            assertThat(redis.exists(new KeyNames("one").keys(room.room().id()))).isEqualTo(2);
            assertThat(other.store().find(room.room().id())).isEmpty();
        }
    }

    @Test
    void clientOfTheHostIsUsedAndLeftOpen() {
        try (RedisClient client = RedisClient.create()) {
            RedisChat redis = RedisChat.builder().client(client, SERVER.uri()).connect();
            new ChatNode(redis, EphemeralChatService.create(redis.store())).room();
            redis.close();
            redis.close();
            assertThatExceptionOfType(ChatUnavailableException.class)
                    .isThrownBy(() -> redis.store().find(io.github.ephemeralchat.model.RoomId.random()));
            assertThat(client.connect(SERVER.adminUri()).sync().ping()).isEqualTo("PONG");
        }
    }

    @Test
    void whatTheHostHasForItsOwnConnectionsIsTakenOverAndLeftOpen() {
        ClientResources resources = ClientResources.create();
        ClientOptions options =
                ClientOptions.builder().protocolVersion(ProtocolVersion.RESP2).build();
        try (RedisClient client = RedisClient.create(resources)) {
            RedisChat redis = RedisChat.builder()
                    .server(SERVER.uri())
                    .basedOn(options, resources)
                    .connect();
            new ChatNode(redis, EphemeralChatService.create(redis.store())).room();
            assertThat(TestNodes.look(SERVER).clientList().lines())
                    .anyMatch(line -> line.contains("user=chat") && line.contains("resp=2"));
            redis.close();
            assertThat(client.connect(SERVER.adminUri()).sync().ping()).isEqualTo("PONG");
        } finally {
            resources.shutdown().awaitUninterruptibly();
        }
    }

    @Test
    void hostIsWarnedWhereRedisMayThrowRoomsAway() {
        assertThat(logWith("--maxmemory", "100mb", "--maxmemory-policy", "volatile-lru"))
                .contains("WARNING", "THROWS AWAY");
        assertThat(logWith("--maxmemory", "100mb")).doesNotContain("WARNING");
        assertThat(logWith()).doesNotContain("WARNING");
    }

    private static String logWith(String... options) {
        try (LogLines lines = new LogLines();
                RedisServer server = RedisServer.start(options)) {
            RedisChat.connect(server.uri()).close();
            return lines.all();
        }
    }

    /** The server's program comes with the tests, where the machine has none. */
    @Test
    void embeddedServerWorksToo() {
        try (RedisServer server = RedisServer.start(RedisBinary.embedded());
                ChatNode node = ChatNode.open(server.uri())) {
            Membership room = node.room();
            node.post(room, "text");
            assertThat(node.service().history(room.room().id(), 0, 10).messages())
                    .hasSize(1);
        }
    }
}
