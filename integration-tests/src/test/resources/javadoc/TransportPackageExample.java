import io.github.ephemeralchat.*;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.model.*;
import io.github.ephemeralchat.transport.*;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.Semaphore;

/** The code polls a room, in which somebody writes a little later. */
public class TransportPackageExample {

    public static void main(String[] args) throws Exception {
        EphemeralChatService chat = EphemeralChatService.create(MemoryRoomStore.create());
        Membership owner = chat.createRoom(RoomOptions.defaults(), Identity.anonymous());
        RoomId code = owner.room().id();
        String token = owner.token();
        new Timer(true).schedule(new TimerTask() {
            @Override
            public void run() {
                chat.as(code, token).post("hello");
            }
        }, 200);
        // CODE
        chat.close();
    }
}
