package io.github.ephemeralchat.sse;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.spi.RoomStore;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What a stream costs the store. */
class StreamCostTest {

    private final List<String> asked = new CopyOnWriteArrayList<>();

    @Test
    void openingAStream_costsOneAuthentication() {
        RoomStore store = MemoryRoomStore.create();
        RoomStore counting = (RoomStore) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {RoomStore.class}, (proxy, method, arguments) -> {
                    asked.add(method.getName());
                    return method.invoke(store, arguments);
                });
        try (TestApi api = TestApi.over(counting)) {
            Reply owner = api.createRoom();
            asked.clear();
            api.send(TestRequest.get("/rooms/" + owner.roomId() + "/events").token(owner.token()))
                    .frames();
            assertThat(asked).containsOnlyOnce("authenticate");
        }
    }
}
