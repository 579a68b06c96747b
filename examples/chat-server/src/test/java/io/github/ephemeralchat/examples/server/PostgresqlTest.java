package io.github.ephemeralchat.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.testsupport.ChatClient;
import io.github.ephemeralchat.testsupport.ChatClient.Seat;
import io.github.ephemeralchat.testsupport.LocalMachine;
import io.github.ephemeralchat.testsupport.PostgresqlBinary;
import io.github.ephemeralchat.testsupport.PostgresqlProcess;
import io.github.ephemeralchat.testsupport.SseClient;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** {@code --postgresql}: two processes with one database, seen from outside. */
class PostgresqlTest {

    private static final long STOP_SECONDS = 5;

    @Test
    void twoProcessesShareRoomsAndEndInTimeThoughPostgresqlIsSilent() throws Exception {
        try (PostgresqlProcess database = PostgresqlProcess.start(PostgresqlBinary.found());
                ChatProcess here = start(database);
                ChatProcess there = start(database)) {
            Seat ada = ChatClient.of(here.uri().resolve("/api")).create();
            Seat ben = ChatClient.of(there.uri().resolve("/api")).join(ada.room());
            SseClient stream = ben.stream("", "");
            assertThat(ada.post("hello").status()).isEqualTo(201);
            stream.await("message", "hello");
            database.freeze();
            for (ChatProcess process : new ChatProcess[] {here, there}) {
                process.terminate();
                assertThat(process.exitCodeWithin(STOP_SECONDS)).isZero();
            }
            stream.awaitEnd(Duration.ofSeconds(STOP_SECONDS));
            assertThat(stream.events("retry")).hasSizeGreaterThanOrEqualTo(2);
            assertThat(there.errors()).isEmpty();
            database.thaw();
        }
    }

    private static ChatProcess start(PostgresqlProcess database) throws IOException {
        return ChatProcess.start(
                "--port", "0", "--rate-limits", "off", "--postgresql", url(database.port(), PostgresqlProcess.ADMIN));
    }

    private static String url(int port, String user) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=" + user + "&password=secret";
    }

    @Test
    void aPostgresqlThatCannotBeReachedAtTheStartIsSaidInOneLineWithoutItsPassword() throws Exception {
        try (ChatProcess process =
                ChatProcess.start("--postgresql", url(LocalMachine.freePort(), PostgresqlProcess.ADMIN))) {
            assertThat(process.exitCodeWithin(20)).isEqualTo(1);
            assertThat(process.errors().lines())
                    .singleElement()
                    .asString()
                    .startsWith("PostgreSQL cannot be used. Check --postgresql: ")
                    .doesNotContain("secret");
        }
    }
}
