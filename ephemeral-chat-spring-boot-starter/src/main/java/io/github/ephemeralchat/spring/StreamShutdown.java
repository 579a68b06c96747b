package io.github.ephemeralchat.spring;

import io.github.ephemeralchat.sse.servlet.EphemeralChatServlet;
import java.util.List;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.SmartLifecycle;

/**
 * Ends the event streams before the web server's graceful shutdown begins, which would wait for them until its own
 * time-out: a stream is a request that never ends. Their last frame says when clients may reconnect.
 */
final class StreamShutdown implements SmartLifecycle, DisposableBean {

    private final List<EphemeralChatServlet> servlets;
    private volatile boolean running;

    StreamShutdown(List<EphemeralChatServlet> servlets) {
        this.servlets = servlets;
    }

    /** Also after a stop: a context that is stopped may be started again, as one that is restored from a checkpoint. */
    @Override
    public void start() {
        servlets.forEach(EphemeralChatServlet::reopen);
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        destroy();
    }

    /** Also if the application did not start. */
    @Override
    public void destroy() {
        servlets.forEach(EphemeralChatServlet::destroy);
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** First of all; the web server's graceful shutdown has a phase that comes later. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE;
    }

    /** A pause is no end: a context that goes on needs its streams. */
    @Override
    public boolean isPauseable() {
        return false;
    }
}
