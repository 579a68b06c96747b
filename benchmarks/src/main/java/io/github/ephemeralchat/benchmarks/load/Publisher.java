package io.github.ephemeralchat.benchmarks.load;

import java.io.IOException;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A connection that posts one message at a time and keeps itself open. */
final class Publisher extends Connection {

    private final int index;
    private final IntFunction<PreparedPost> prepared;
    private final Deque<Post> due = new ArrayDeque<>();
    private Supplier<@Nullable Post> more = () -> null;
    private @Nullable Phase phase;
    private @Nullable Post running;
    private long sentNanos;

    Publisher(LoadLoop loop, SocketAddress server, int index, IntFunction<PreparedPost> prepared) {
        super(loop, server, 0);
        this.index = index;
        this.prepared = prepared;
    }

    int index() {
        return index;
    }

    /** Posts what the source gives, each as soon as the one before is answered. */
    void begin(Phase in, Supplier<@Nullable Post> source) {
        phase = in;
        more = source;
        next();
    }

    /** Posts at once, or as soon as what was due before is answered. */
    void post(Post post) {
        due.add(post);
        next();
    }

    private void next() {
        Phase now = phase;
        if (running != null || now == null) {
            return;
        }
        Post post = due.isEmpty() ? more.get() : due.poll();
        if (post == null) {
            return;
        }
        running = post;
        sentNanos = System.nanoTime();
        long from = post.dueNanos() == 0 ? sentNanos : post.dueNanos();
        send(prepared.apply(post.room()).request(now.number, post, index, from));
    }

    @Override
    public void head(int status) {
        // Its end comes soon.
    }

    @Override
    public void body(byte[] bytes, int from, int to) {
        // What a server says about a message is of no interest here.
    }

    @Override
    public void end(int status, boolean connectionCloses) {
        if (status / 100 != 2) {
            loop.fail("a post was answered by " + status);
        }
        if (connectionCloses) {
            close();
        }
        done(status);
    }

    private void done(int status) {
        Post post = running;
        running = null;
        if (post != null && phase != null) {
            phase.answered(post, status, loop.readNanos - sentNanos);
        }
        next();
    }

    /** Amid a request that is a failure; a connection that rests may be closed. */
    @Override
    void closedByServer(IOException why) {
        if (running != null) {
            loop.fail("a post: " + why.getMessage());
            loop.execute(() -> done(0));
        }
    }
}
