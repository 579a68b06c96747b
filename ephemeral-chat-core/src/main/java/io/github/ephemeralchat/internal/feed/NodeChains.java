package io.github.ephemeralchat.internal.feed;

import io.github.ephemeralchat.model.RoomEvent;
import io.github.ephemeralchat.model.RoomEvent.MessageClaimed;
import io.github.ephemeralchat.model.RoomEvent.MessageForgotten;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds and drops bodies in chains of nodes: a log, and what cursors alone still hold before it. Called under the feed's lock,
 * or on nodes that nobody else sees yet.
 */
final class NodeChains {

    private NodeChains() {}

    /**
     * Changes the life of the message that an event tells of, if it is in a chain of nodes.
     *
     * @param begin where the chain begins
     * @param event any event
     */
    static void changeLife(FeedNode begin, RoomEvent event) {
        if (event instanceof MessageForgotten forgotten) {
            FeedNode node = find(begin, forgotten.messageSequence());
            if (node != null) {
                node.changeLife(life -> life.forgotten() == null ? life.forgotten(forgotten.reason()) : life);
            }
        } else if (event instanceof MessageClaimed claimed) {
            FeedNode node = find(begin, claimed.messageSequence());
            if (node != null) {
                node.changeLife(life -> life.withClaimsLeft(claimed.left()));
            }
        }
    }

    /** Drops the bodies in a chain of nodes whose time is over. */
    static void endBodies(FeedNode begin, Instant now) {
        for (FeedNode node = begin; node != null; node = node.next) {
            node.endBody(now);
        }
    }

    /**
     * Returns where chains of nodes begin that are not in a log, but lead to it.
     *
     * @param first the first node of the log
     * @param places nodes, of which several may be in one chain; emptied
     */
    static List<FeedNode> before(FeedNode first, Set<FeedNode> places) {
        removeChain(first, places);
        List<FeedNode> chains = new ArrayList<>();
        for (FeedNode place : places.stream()
                .sorted(Comparator.comparingLong(FeedNode::sequence))
                .toList()) {
            if (places.contains(place)) {
                chains.add(place);
                removeChain(place, places);
            }
        }
        return chains;
    }

    private static void removeChain(FeedNode begin, Set<FeedNode> places) {
        for (FeedNode node = begin; node != null && !places.isEmpty(); node = node.next) {
            places.remove(node);
        }
    }

    private static @Nullable FeedNode find(FeedNode begin, long sequence) {
        FeedNode node = begin;
        while (node != null && (node.sequence() != sequence || node.isUnlogged())) {
            node = node.next;
        }
        return node;
    }
}
