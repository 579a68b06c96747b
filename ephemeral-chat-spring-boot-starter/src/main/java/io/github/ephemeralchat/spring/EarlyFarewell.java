package io.github.ephemeralchat.spring;

import io.github.ephemeralchat.sse.EphemeralChatServlet;
import org.springframework.context.SmartLifecycle;

/**
 * Ends the event streams before the web server's graceful shutdown begins, which would wait for them until its own
 * time-out: a stream is a request that never ends. Their clients are told when to come back.
 */
final class EarlyFarewell implements SmartLifecycle {

    private final EphemeralChatServlet servlet;
    private volatile boolean running;

    EarlyFarewell(EphemeralChatServlet servlet) {
        this.servlet = servlet;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        servlet.destroy();
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
