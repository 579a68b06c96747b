package io.github.ephemeralchat.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.RoomOptions;
import io.github.ephemeralchat.sse.ChatHttpSettings;
import io.github.ephemeralchat.sse.servlet.EphemeralChatServlet;
import io.github.ephemeralchat.testsupport.ChatClient;
import io.github.ephemeralchat.testsupport.ChatClient.Seat;
import io.github.ephemeralchat.testsupport.SseClient;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Promise 11: what people write and hold is in no line of our log, at any level, and in no toString. */
@Isolated("it listens to the log of the whole JVM")
class SecrecyTest {

    private static final String TEXT = "marker-of-a-text";
    private static final String NAME = "marker-of-a-name";

    private final Logger ours = Logger.getLogger("io.github.ephemeralchat");
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            String thrown = line.getThrown() == null ? "" : line.getThrown().toString();
            lines.add(line.getMessage() + " "
                    + (line.getParameters() == null ? List.of() : List.of(line.getParameters())) + " " + thrown);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        handler.setLevel(Level.ALL);
        ours.setLevel(Level.ALL);
        ours.addHandler(handler);
    }

    @AfterEach
    void stop() {
        ours.removeHandler(handler);
        ours.setLevel(null);
    }

    @Test
    void noLogLineHoldsWhatPeopleWroteOrHold() {
        try (EphemeralChatService service = EphemeralChatService.create(MemoryRoomStore.create())) {
            EphemeralChatServlet servlet =
                    new EphemeralChatServlet(service, ChatHttpSettings.builder().build());
            Seat owner;
            try (Container jetty = Container.jetty(servlet)) {
                ChatClient client = ChatClient.of(jetty.base());
                owner = client.create(3);
                service.subscribe(new io.github.ephemeralchat.model.RoomId(owner.room()), Cursor.start(), event -> {
                    throw new IllegalStateException("a host that quotes " + event + TEXT);
                });
                owner.post(TEXT);
                client.send("POST", "/rooms/" + owner.room() + "/participants", null, "{\"name\":\"" + NAME + "\"}");
                client.send("POST", "/rooms/" + owner.room() + "/messages", owner.token(), "{\"text\":\"" + TEXT);
                SseClient stream = owner.stream("", "");
                owner.destroy();
                stream.close();
            }
            assertThat(lines).as("there is something to look at").isNotEmpty();
            assertThat(lines)
                    .noneMatch(line -> line.contains(TEXT)
                            || line.contains(NAME)
                            || line.contains(owner.token())
                            || line.contains(owner.room()));
        }
    }

    @Test
    void noToStringShowsWhatPeopleWroteOrHold() {
        try (EphemeralChatService service = EphemeralChatService.create(MemoryRoomStore.create())) {
            List<Object> seen = new CopyOnWriteArrayList<>();
            Membership owner = service.createRoom(RoomOptions.defaults(), Identity.named(NAME));
            service.subscribe(owner.room().id(), Cursor.start(), seen::add);
            seen.add(owner);
            seen.add(owner.room());
            seen.add(service.as(owner.room().id(), owner.token()).post(TEXT));
            seen.add(service.history(owner.room().id(), 0, 10));
            seen.add(service.participants(owner.room().id()));
            assertThat(seen.toString())
                    .doesNotContain(TEXT, NAME, owner.token(), owner.room().id().value());
        }
    }
}
