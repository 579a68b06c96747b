package io.github.ephemeralchat.spring;

import io.github.ephemeralchat.sse.servlet.EphemeralChatServlet;
import java.util.List;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.SmartLifecycle;

/**
 * Ends the event streams before the web server's graceful shutdown begins, which would wait for them until its own
 * time-out: a stream is a request that never ends. Their clients are told when to come back.
 */
<<<<<<<< HEAD:ephemeral-chat-spring-boot-starter/src/main/java/io/github/ephemeralchat/spring/StreamShutdown.java
final class StreamShutdown implements SmartLifecycle, DisposableBean {
========
final class StreamDrainLifecycle implements SmartLifecycle, DisposableBean {
>>>>>>>> 5142941 (HTTP: the protocol apart from the servlet, hooks of one type, bytes and frames without conversions):ephemeral-chat-spring-boot-starter/src/main/java/io/github/ephemeralchat/spring/StreamDrainLifecycle.java

    private final List<EphemeralChatServlet> servlets;
    private volatile boolean running;

<<<<<<<< HEAD:ephemeral-chat-spring-boot-starter/src/main/java/io/github/ephemeralchat/spring/StreamShutdown.java
    StreamShutdown(List<EphemeralChatServlet> servlets) {
========
    StreamDrainLifecycle(List<EphemeralChatServlet> servlets) {
>>>>>>>> 5142941 (HTTP: the protocol apart from the servlet, hooks of one type, bytes and frames without conversions):ephemeral-chat-spring-boot-starter/src/main/java/io/github/ephemeralchat/spring/StreamDrainLifecycle.java
        this.servlets = servlets;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        destroy();
    }

    /** Also where the application did not start. */
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
