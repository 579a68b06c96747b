package io.github.ephemeralchat.examples.talk;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.RoomEvent;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomOptions;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.Scanner;
import java.util.concurrent.CountDownLatch;

/** What Anna types, Ben hears; when she has no more to say, the room is destroyed. */
public final class Talk {

    private Talk() {}

    public static void main(String[] args) throws InterruptedException {
        CountDownLatch over = new CountDownLatch(1);
        try (EphemeralChatService chat = EphemeralChatService.create(MemoryRoomStore.create());
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
                chat.as(room, anna.token()).post(lines.nextLine());
            }
            chat.asHost(room).destroy();
            over.await();
        }
    }
}
