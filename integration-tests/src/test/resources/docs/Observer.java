import io.github.ephemeralchat.*;
import io.github.ephemeralchat.metrics.*;
import io.github.ephemeralchat.model.*;
import io.github.ephemeralchat.transport.*;

/** The code is an observer that raises the host's alarm. */
public class Observer {

    static int alarms;

    static final class Alarm {
        void raise() {
            alarms++;
        }
    }

    static final Alarm alarm = new Alarm();

    // CODE

    public static void main(String[] args) {
        ChatObserver observer = new Observer().new LostRooms();
        observer.roomEnded(RoomEvent.EndReason.EXPIRED);
        observer.roomEnded(RoomEvent.EndReason.LOST);
        if (alarms != 1) {
            throw new AssertionError(alarms + " alarms");
        }
    }
}
