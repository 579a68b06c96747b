package io.github.ephemeralchat.examples.talk;

import io.github.ephemeralchat.Cursor;
import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.Identity;
import io.github.ephemeralchat.Membership;
import io.github.ephemeralchat.RoomEvent;
import io.github.ephemeralchat.RoomId;
import io.github.ephemeralchat.RoomOptions;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.Scanner;
import java.util.concurrent.CountDownLatch;

/** What Anna types, Ben hears; when she has no more to say, the room is destroyed. */
public final class Talk {

    private Talk() {}

    public static void main(String[] args) throws InterruptedException {
        CountDownLatch over = new CountDownLatch(1);
        try (EphemeralChatService chat = EphemeralChatService.over(MemoryRoomStore.create());
                Scanner lines = new Scanner(System.in, Charset.defaultCharset())) {
            Membership anna =
                    chat.createRoom(RoomOptions.defaults().withTtl(Duration.ofMinutes(5)), Identity.named("Anna"));
            RoomId room = anna.room().id();
            chat.join(room, Identity.named("Ben"));
            chat.subscribe(room, Cursor.start(), event -> {
                if (event instanceof RoomEvent.MessagePosted posted) {
                    System.out.println("Ben hears: " + posted.message().text());
                } else if (event instanceof RoomEvent.RoomDestroyed end) {
                    System.out.println("The room is over: " + end.reason());
                    over.countDown();
                }
            });
            while (lines.hasNextLine()) {
                chat.post(room, anna.token(), lines.nextLine());
            }
            chat.destroyRoom(room);
            over.await();
        }
    }
}
