package io.github.ephemeralchat.redis;

import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.EphemeralChatException;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.RoomEvent;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;

/** A node in a process of its own, whose clock is off. It says what it does, a line each, and lives until it is ended. */
final class ShiftedNode {

    private ShiftedNode() {}

    @SuppressWarnings("JavaUtilDate") // It tells the time too.
    public static void main(String... args) throws IOException {
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        ChatNode node = ChatNode.open(RedisServer.uri(Integer.parseInt(args[0])));
        say("clock", Instant.now().toEpochMilli(), System.currentTimeMillis(), new Date().getTime());
        RoomId given = new RoomId(orders.readLine());

        Membership guest = node.service().join(given, Identity.anonymous());
        listen(node, "given", guest);
        Membership minute =
                node.service().createRoom(RoomOptions.defaults().withTtl(Duration.ofMinutes(1)), Identity.anonymous());
        say("minute", minute.room().id().value(), minute.room().expiresAt().toEpochMilli());
        Membership own = node.room(Duration.ofSeconds(3), 5);
        listen(node, "own", own);
        say("own", own.room().id().value(), own.room().expiresAt().toEpochMilli());
        say("accepted", lastAccepted(node, own));
        orders.readLine(); // Until the test has seen enough.
    }

    private static void listen(ChatNode node, String name, Membership as) {
        node.service().subscribe(as.room().id(), Cursor.start(), event -> {
            if (event instanceof RoomEvent.RoomDestroyed) {
                say("ended", name, node.redis().store().now().toEpochMilli());
            }
        });
    }

    private static long lastAccepted(ChatNode node, Membership as) {
        long last = 0;
        try {
            while (true) {
                last = node.service()
                        .as(as.room().id(), as.token())
                        .post("text")
                        .sentAt()
                        .toEpochMilli();
                RedisServer.sleep(1);
            }
        } catch (EphemeralChatException e) {
            return last;
        }
    }

    private static synchronized void say(Object... words) {
        StringBuilder line = new StringBuilder();
        for (Object word : words) {
            line.append(word).append(' ');
        }
        System.out.println(line.toString().strip());
    }
}
