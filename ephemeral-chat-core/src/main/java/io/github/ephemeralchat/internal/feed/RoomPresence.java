package io.github.ephemeralchat.internal.feed;

import io.github.ephemeralchat.model.RoomEvent.ParticipantLeft;
import io.github.ephemeralchat.model.RoomEvent.PresenceChanged;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.spi.RoomSignal;
import io.github.ephemeralchat.transport.SharedEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Who is connected to one room, as far as this node knows: whose streams it has, or had a moment ago, and what other nodes say
 * of theirs. It outlives the room's feed for as long as somebody may come back. Nothing here waits or calls out. Thread-safe.
 */
final class RoomPresence {

    /** How long a participant stays whose last stream has ended: a page that reloads does not blink. */
    static final Duration STAYS = Duration.ofMillis(1_500);

    /** The same after a poll's answer: the next poll is on its way. */
    static final Duration STAYS_AFTER_POLL = Duration.ofSeconds(35);

    /** What a node has said it says again, since it may not have been heard. */
    static final Duration REPEATED = Duration.ofSeconds(30);

    /** So often, a second apart, a node says that it has nobody any more: later it says nothing, and may not have been heard. */
    private static final int ABSENCE_REPEATS = 4;

    private static final Duration ABSENCE_PAUSE = Duration.ofSeconds(1);

    /** How long another node's word counts: one repetition may be lost. */
    static final Duration COUNTS = Duration.ofSeconds(75);

    /** Within this, and a good while more, a node answers one that is new to it. */
    private static final Duration ANSWERED = Duration.ofSeconds(1);

    /** In a larger room participants are counted, not listed. */
    private static final int MAX_LISTED = 100;

    private static final int MAX_NODES = 1_000;

    /** One, unless words could not be sent. */
    private static final int MAX_FORMER_NODES = 16;

    private final RoomIncarnation room;
    private final boolean listed;

    // All guarded by this.
    private final Map<String, Connected> own = new HashMap<>();
    private final Map<Long, Word> others = new HashMap<>();
    private RoomFeed feed;
    private long node = newNode();
    /** Whether other nodes may know of somebody under this node's number. */
    private boolean known;
    /** Numbers under which they may know of somebody too, which is to be taken back. */
    private final Set<Long> formerNodes = new HashSet<>();
    /** Whether there is something to say to the other nodes. */
    private boolean due;

    /** How often this node is yet to say that it has nobody, once that is so: the others know of somebody. */
    private int absencesToTell;

    private long saidAt;
    /** Nothing is said before, since it could not be sent. */
    private long pausedUntil;

    private Set<String> present = Set.of();
    /** Whether subscribers are yet to be woken up. */
    private boolean changed;

    /** What subscribers get; written under the lock. */
    private volatile SharedEvent event = event(present);

    /** Somebody's streams on this node, and until when it stays when there is none. */
    private static final class Connected {
        private final Set<FeedSubscription> streams = new HashSet<>();
        private long staysUntil;

        Connected(long now) {
            staysUntil = now;
        }
    }

    private record Word(Set<String> participants, long heardAt) {}

    RoomPresence(RoomFeed feed, long now) {
        this.room = feed.room.incarnation();
        this.listed = feed.room.maxParticipants() <= MAX_LISTED;
        this.feed = feed;
        this.saidAt = now;
        this.pausedUntil = now;
    }

    private static long newNode() {
        return ThreadLocalRandom.current().nextLong();
    }

    /** {@return who is present, as all subscribers get it: one volatile read} */
    SharedEvent event() {
        return event;
    }

    private SharedEvent event(Set<String> participants) {
        return new EncodedOnce(new PresenceChanged(listed ? participants : null, participants.size()));
    }

    synchronized Set<String> present() {
        return present;
    }

    synchronized boolean isListening() {
        return !feed.state.isEnded();
    }

    /**
     * Listens again, by another feed. What others have said meanwhile was not heard: under another number this node is new to
     * them, and they say it again. The former number is taken back after that, so nobody is absent for a moment.
     */
    synchronized void listen(RoomFeed next, long now) {
        feed = next;
        long nearlyOver = now - COUNTS.toNanos() + ANSWERED.toNanos();
        others.replaceAll(
                (from, word) -> word.heardAt - nearlyOver > 0 ? new Word(word.participants, nearlyOver) : word);
        if (known && formerNodes.size() < MAX_FORMER_NODES) {
            formerNodes.add(node);
            node = newNode();
            known = false;
            due = true;
        }
    }

    // ---- This node's participants ----

    synchronized void arrived(FeedSubscription stream, String participantId, long now) {
        Connected connected = own.get(participantId);
        if (connected == null) {
            connected = new Connected(now);
            own.put(participantId, connected);
            due = true;
        }
        connected.streams.add(stream);
        refresh();
    }

    /** A stream has ended; its participant stays for a while, or has another one. */
    synchronized void ended(FeedSubscription stream, String participantId, long until) {
        Connected connected = own.get(participantId);
        if (connected != null && connected.streams.remove(stream) && until - connected.staysUntil > 0) {
            connected.staysUntil = until;
        }
    }

    /** A seat was freed: nobody stays. */
    synchronized void seatFreed(ParticipantLeft left) {
        String id = left.identity().id();
        Connected connected = own.get(id);
        if (connected != null) {
            connected.streams.removeIf(stream -> stream.isEndedBy(left));
            if (connected.streams.isEmpty()) {
                own.remove(id);
                due = true;
            }
        }
        others.replaceAll((other, word) -> word.participants.contains(id) ? without(word, id) : word);
        refresh();
    }

    private static Word without(Word word, String id) {
        Set<String> rest = new HashSet<>(word.participants);
        rest.remove(id);
        return new Word(rest, word.heardAt);
    }

    // ---- Other nodes ----

    /** On the broadcaster's thread. */
    synchronized void heard(RoomSignal.Presence word, long now) {
        Long from = word.node();
        if (from == node || formerNodes.contains(from)) {
            return;
        }
        if (word.participants().isEmpty()) {
            others.remove(from);
        } else if (others.containsKey(from) || others.size() < MAX_NODES) {
            // A node that is new here has not heard of this one's participants.
            due |= others.put(from, new Word(word.participants(), now)) == null;
        }
        refresh();
    }

    private void refresh() {
        Set<String> all = new TreeSet<>(own.keySet());
        others.values().forEach(word -> all.addAll(word.participants));
        if (!all.equals(present)) {
            present = Set.copyOf(all);
            event = event(all);
            changed = true;
        }
    }

    // ---- By the ticker ----

    /** Whether subscribers are to be woken up; whoever asks does so. */
    synchronized boolean takeChanged() {
        boolean was = changed;
        changed = false;
        return was;
    }

    RoomFeed feed() {
        synchronized (this) {
            return feed;
        }
    }

    /** Forgets who is gone, and returns what is to be said to the other nodes. */
    synchronized List<RoomSignal.Presence> step(long now) {
        due |= own.values().removeIf(gone -> gone.streams.isEmpty() && now - gone.staysUntil >= 0);
        others.values().removeIf(word -> now - word.heardAt >= COUNTS.toNanos());
        refresh();
        if (now - pausedUntil < 0) {
            return List.of();
        }
        boolean anybody = !own.isEmpty();
        boolean sayable = anybody || absencesToTell > 0;
        boolean again = now - saidAt >= (anybody ? REPEATED : ABSENCE_PAUSE).toNanos();
        if (!sayable || !(due || again)) {
            due = false;
            return List.of();
        }
        List<RoomSignal.Presence> said = new ArrayList<>();
        said.add(new RoomSignal.Presence(room, node, Set.copyOf(own.keySet())));
        formerNodes.forEach(former -> said.add(new RoomSignal.Presence(room, former, Set.of())));
        due = false;
        formerNodes.clear();
        absencesToTell = anybody ? ABSENCE_REPEATS : absencesToTell - 1;
        known = absencesToTell > 0;
        saidAt = now;
        return said;
    }

    /** These words of the last step were not sent, and are not before some time has come. */
    synchronized void sayAgain(List<RoomSignal.Presence> unsent, long from) {
        due = true;
        pausedUntil = from;
        absencesToTell = Math.max(absencesToTell, 1);
        unsent.stream()
                .map(RoomSignal.Presence::node)
                .filter(former -> former != node)
                .forEach(formerNodes::add);
    }

    /** Whether there is nothing to remember, or the room has ended. */
    synchronized boolean isOver() {
        return feed.state.isEnded() && (feed.state.end() != null || (own.isEmpty() && !due && absencesToTell == 0));
    }
}
