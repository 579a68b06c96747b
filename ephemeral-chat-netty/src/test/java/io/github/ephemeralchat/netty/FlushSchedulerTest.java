package io.github.ephemeralchat.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FlushSchedulerTest {

    private final EventLoopGroup loops = Transport.loops(1);
    private final EventLoop loop = loops.next();
    /** Touched by the loop only. */
    private final List<String> taken = new ArrayList<>();

    @AfterEach
    void end() {
        loops.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private void onLoop(Runnable step) {
        loop.submit(step).syncUninterruptibly();
    }

    private void add(String name) {
        FlushScheduler.ofThisLoop().add(() -> taken.add(name), loop);
    }

    @Test
    void aStreamWaitsUntilWhatIsReadyHasBeenRead() {
        onLoop(() -> {
            add("one");
            FlushScheduler.ofThisLoop().responded();
            add("two");
            assertThat(taken).isEmpty();
        });
        onLoop(() -> assertThat(taken).containsExactly("one", "two"));
    }

    @Test
    void aStreamWaitsForAFewPostsAtTheMost() {
        onLoop(() -> {
            for (int post = 1; post <= 4; post++) {
                assertThat(taken).isEmpty();
                add("of post " + post);
                FlushScheduler.ofThisLoop().responded();
            }
            assertThat(taken).containsExactly("of post 1", "of post 2", "of post 3", "of post 4");
        });
    }

    @Test
    void manyStreamsWaitForWhateverElseMayBeJoined() {
        onLoop(() -> {
            for (int stream = 1; stream <= 100; stream++) {
                add("stream " + stream);
            }
            for (int post = 1; post <= 20; post++) {
                FlushScheduler.ofThisLoop().responded();
            }
            assertThat(taken).isEmpty();
        });
        onLoop(() -> assertThat(taken).hasSize(100));
    }

    @Test
    void aTurnThatFailsTakesNoOthersAway() {
        onLoop(() -> {
            FlushScheduler.ofThisLoop()
                    .add(
                            () -> {
                                throw new IllegalStateException("a turn that fails");
                            },
                            loop);
            add("the next");
        });
        onLoop(() -> assertThat(taken).containsExactly("the next"));
    }

    @Test
    void whatATurnBringsAboutHasATimeOfItsOwn() {
        onLoop(() -> {
            FlushScheduler.ofThisLoop().add(() -> add("again"), loop);
            for (int post = 1; post <= 4; post++) {
                FlushScheduler.ofThisLoop().responded();
            }
            assertThat(taken).isEmpty();
        });
        onLoop(() -> assertThat(taken).containsExactly("again"));
    }
}
