package io.github.ephemeralchat.redis;

import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.LogPage;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomBroadcaster.Registration;
import io.github.ephemeralchat.spi.RoomSignal;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.testsupport.Intercepted;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Stands between a node and its Redis, and counts the rooms that nothing but a position check has healed: a read brought
 * entries of which no signal had told, nothing had been heard of a later one, and nobody had said that signals may be missing,
 * nor did so within 5 s.
 */
final class HealedRooms {

    private static final long SOON_NANOS = Duration.ofSeconds(5).toNanos();

    private final Map<RoomId, Told> told = new HashMap<>();

    /** What a node has heard of a room. */
    private static final class Told {
        final Set<Long> signalled = new HashSet<>();
        final Map<Long, Long> foundUnasked = new HashMap<>();
        long newest;
        boolean wasRead;
        boolean missed;
    }

    /** How many rooms have had to be healed. An entry of which a signal came late does not count. */
    synchronized long count() {
        return told.values().stream()
                .filter(one -> !one.signalled.containsAll(one.foundUnasked.keySet()))
                .count();
    }

    private synchronized Told of(RoomId room) {
        return told.computeIfAbsent(room, id -> new Told());
    }

    private synchronized void heard(RoomId room, RoomSignal signal) {
        Told one = of(room);
        if (signal instanceof RoomSignal.EntryAppended appended) {
            one.signalled.add(appended.position().sequence());
            one.newest = Math.max(one.newest, appended.position().sequence());
        } else if (signal instanceof RoomSignal.Missed) {
            one.missed = true;
            long soon = System.nanoTime() - SOON_NANOS;
            one.foundUnasked.values().removeIf(at -> at - soon > 0);
        }
    }

    /** A node's own post says as much as a signal: if it is not the next one, the others are read. */
    private synchronized void appended(RoomId room, Appended own) {
        Told one = of(room);
        one.newest = Math.max(one.newest, own.entry().id().sequence());
    }

    private synchronized boolean isAsked(RoomId room) {
        Told one = of(room);
        boolean asked = one.missed || !one.wasRead;
        one.missed = false;
        one.wasRead = true;
        return asked;
    }

    private synchronized void found(RoomId room, LogPage page) {
        Told one = of(room);
        if (!page.entries().isEmpty() && page.firstSequence() > one.newest) {
            long now = System.nanoTime();
            page.entries().forEach(entry -> one.foundUnasked.put(entry.id().sequence(), now));
        }
    }

    RoomStore watch(RoomStore store) {
        return Intercepted.of(RoomStore.class, store, call -> call.is("readAfter") ? read(call) : other(call));
    }

    private Object read(Intercepted.Call call) throws Throwable {
        RoomId room = ((RoomIncarnation) call.arguments().get(0)).id();
        boolean asked = isAsked(room);
        try {
            Object page = call.proceed();
            if (!asked) {
                found(room, (LogPage) page);
            }
            return page;
        } catch (RuntimeException e) {
            if (asked) {
                heard(room, new RoomSignal.Missed(room)); // It is read again.
            }
            throw e;
        }
    }

    private Object other(Intercepted.Call call) throws Throwable {
        Object answer = call.proceed();
        if (call.is("change")) {
            ((Optional<?>) answer)
                    .ifPresent(own -> appended((RoomId) call.arguments().get(0), (Appended) own));
        }
        return answer;
    }

    @SuppressWarnings("unchecked")
    RoomBroadcaster watch(RoomBroadcaster target) {
        return Intercepted.of(
                RoomBroadcaster.class,
                target,
                call -> call.is("subscribe")
                        ? watchedSubscription(target, (RoomId) call.arguments().get(0), (Consumer<RoomSignal>)
                                call.arguments().get(1))
                        : call.proceed());
    }

    private Registration watchedSubscription(RoomBroadcaster target, RoomId room, Consumer<RoomSignal> listener) {
        return target.subscribe(room, signal -> {
            heard(room, signal);
            listener.accept(signal);
        });
    }
}
