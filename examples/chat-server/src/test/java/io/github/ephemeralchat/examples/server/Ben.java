package io.github.ephemeralchat.examples.server;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.Message;
import io.github.ephemeralchat.model.RoomId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Somebody in the same room who needs no browser. */
record Ben(EphemeralChatService service, Membership seat) {

    static Ben joins(ClientHost host, String code) {
        return new Ben(host.service(), host.service().join(new RoomId(code), Identity.named("Ben")));
    }

    static Ben joins(ClientHost host, String code, String proof) {
        return new Ben(host.service(), host.service().join(new RoomId(code), Identity.named("Ben"), proof));
    }

    String code() {
        return seat.room().id().value();
    }

    void says(String text) {
        service.as(seat.room().id(), seat.token()).post(text);
    }

    void says(List<String> said, int times) {
        for (int i = 0; i < times; i++) {
            String text = "message " + said.size();
            says(text);
            said.add(text);
        }
    }

    void destroys() {
        service.asHost(seat.room().id()).destroy();
    }

    boolean isStillThere() {
        return service.authenticate(seat.room().id(), seat.token()).isPresent();
    }

    List<String> history() {
        return service.history(seat.room().id(), 0, 500).messages().stream()
                .map(Message::text)
                .toList();
    }

    Talk talks(Duration pause) {
        return new Talk(this, pause);
    }

    /** Ben talking, until he is stopped. */
    static final class Talk implements AutoCloseable {

        private final List<String> said = new ArrayList<>();
        private final Thread thread;
        private volatile boolean stopped;

        Talk(Ben ben, Duration pause) {
            thread = new Thread(() -> {
                while (!stopped) {
                    ben.says(said, 1);
                    LockSupport.parkNanos(pause.toNanos());
                }
            });
            thread.start();
        }

        List<String> stop() throws InterruptedException {
            stopped = true;
            thread.join();
            return said;
        }

        @Override
        public void close() {
            stopped = true;
        }
    }
}
