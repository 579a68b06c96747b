package io.github.ephemeralchat.tck;

import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.spi.RoomBroadcaster;

class LocalRoomBroadcasterTest extends RoomBroadcasterContract {

    @Override
    protected Nodes createNodes() {
        RoomBroadcaster local = RoomBroadcaster.local();
        return new Nodes(local, local);
    }

    @Override
    protected boolean holdsOutsideThisJvm(RoomId room) {
        return false;
    }
}
