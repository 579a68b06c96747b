package io.github.ephemeralchat.redis;

import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.RoomId;
import java.io.IOException;

/** A node in a process of its own, which has streams in some rooms. It says when they are open, and lives until it is ended. */
final class StreamingNode {

    static final String OPEN = "open";

    private StreamingNode() {}

    /** Redis's port, how many streams to open in each room, and the rooms' codes. */
    public static void main(String... args) throws IOException {
        ChatNode node = ChatNode.open(RedisServer.uri(Integer.parseInt(args[0])));
        for (int i = 2; i < args.length; i++) {
            RoomId room = new RoomId(args[i]);
            for (int stream = 0; stream < Integer.parseInt(args[1]); stream++) {
                Membership member = node.service().join(room, Identity.anonymous());
                node.service().transport().subscribe(room, member.token(), Cursor.now(), () -> {});
            }
        }
        System.out.println(OPEN);
        System.in.read(); // Until the test has seen enough.
    }
}
