package io.github.ephemeralchat.scripted;

import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What a test wants to happen at some points, once each, in the order in which it was asked for. */
final class Hooks<P> {

    private final Map<P, Queue<Runnable>> byPoint = new ConcurrentHashMap<>();

    void add(P point, Runnable hook) {
        byPoint.computeIfAbsent(point, any -> new ConcurrentLinkedQueue<>()).add(hook);
    }

    /** Whatever the hook throws is thrown by the call. */
    void reach(P point) {
        Queue<Runnable> hooks = byPoint.get(point);
        Runnable hook = hooks == null ? null : hooks.poll();
        if (hook != null) {
            hook.run();
        }
    }
}
