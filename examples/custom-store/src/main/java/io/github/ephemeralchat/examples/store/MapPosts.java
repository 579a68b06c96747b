package io.github.ephemeralchat.examples.store;

import io.github.ephemeralchat.model.BodyLife;
import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Forgotten;
import io.github.ephemeralchat.model.ForgottenException;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.MessageNotFoundException;
import io.github.ephemeralchat.model.NotPermittedException;
import io.github.ephemeralchat.model.Role;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.Draft;
import io.github.ephemeralchat.spi.EntryBody;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.Member;
import io.github.ephemeralchat.spi.RoomStore.Claimed;
import java.time.Instant;
import java.util.Optional;

/** Posts into one room's log, and forgets and hands out what was posted. Not thread-safe: the store's monitor guards it. */
final class MapPosts {

    private final MapLog log;

    MapPosts(MapLog log) {
        this.log = log;
    }

    boolean isSender(Member member, long sequence) {
        LogEntry entry = log.posted(sequence).orElseThrow(MessageNotFoundException::new);
        return entry.sender().id().equals(member.identity().id());
    }

    Appended post(Room room, Draft draft, Identity by, Instant now) {
        if (!draft.fits(room.encrypted())) {
            throw new IllegalArgumentException("the room's texts are opaque, or this one is");
        }
        return log.find(by.id(), draft.key())
                .map(earlier -> log.appended(room, earlier, EntryId.START, false))
                .orElseGet(() ->
                        log.write(room, draft.kind(), by, draft.key(), draft.body(), now, draft.lifeIn(room, now)));
    }

    Optional<Appended> forget(Room room, long sequence, Identity by, Instant now) {
        LogEntry entry = log.posted(sequence).orElseThrow(MessageNotFoundException::new);
        log.claims(entry).ifPresent(MapClaims::drop);
        if (entry.life().forgotten() != null) {
            return Optional.empty();
        }
        log.change(entry, entry.life().forgotten(Forgotten.DELETED));
        String body = EntryBody.forgotten(sequence, Forgotten.DELETED);
        return Optional.of(log.write(room, LogEntry.FORGOTTEN, by, null, body, now));
    }

    // ---- Claiming ----

    /** Hands a body to a member (S18). */
    Claimed claim(Room room, Member member, long sequence, Instant now) {
        LogEntry entry = log.posted(sequence).orElseThrow(MessageNotFoundException::new);
        if (member.role() == Role.READER || isSender(member, sequence)) {
            throw new NotPermittedException();
        }
        MapClaims claims = log.claims(entry).orElseThrow(MessageNotFoundException::new);
        Identity by = member.identity();
        return claims.hasClaimed(by.id()) ? repeat(by, entry, claims, now) : claim(room, by, entry, claims, now);
    }

    private static Claimed repeat(Identity by, LogEntry entry, MapClaims claims, Instant now) {
        String body = entry.life().forgotten() == null ? entry.body() : claims.kept();
        if (body == null || !claims.mayRepeat(by.id(), now)) {
            throw new ForgottenException();
        }
        return new Claimed(withBody(entry, body, entry.life()), null);
    }

    private Claimed claim(Room room, Identity by, LogEntry entry, MapClaims claims, Instant now) {
        Integer before = entry.life().claimsLeft();
        if (before == null) {
            throw new ForgottenException();
        }
        int left = before - 1;
        BodyLife life = left == 0
                ? entry.life().forgotten(Forgotten.CLAIMED)
                : entry.life().withClaimsLeft(left);
        claims.claim(by.id(), now);
        if (left == 0) {
            claims.keep(entry.body(), now);
        }
        log.change(entry, life);
        long sequence = entry.id().sequence();
        Appended appended = left == 0
                ? log.write(room, LogEntry.FORGOTTEN, by, null, EntryBody.forgotten(sequence, Forgotten.CLAIMED), now)
                : log.write(room, LogEntry.CLAIMED, by, null, EntryBody.claimed(sequence, left), now);
        return new Claimed(withBody(entry, entry.body(), life), appended);
    }

    private static LogEntry withBody(LogEntry entry, String body, BodyLife life) {
        return new LogEntry(entry.id(), entry.kind(), entry.sender(), entry.key(), body, entry.at(), life);
    }
}
