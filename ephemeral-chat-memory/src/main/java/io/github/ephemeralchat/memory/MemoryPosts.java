package io.github.ephemeralchat.memory;

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
import org.jspecify.annotations.Nullable;

/** Posts into one room's log, and forgets and hands out what was posted. Not thread-safe: the room's lock guards it. */
final class MemoryPosts {

    private final MemoryLog log;

    MemoryPosts(MemoryLog log) {
        this.log = log;
    }

    Appended post(Room room, Identity by, @Nullable Member member, Draft draft, Instant now) {
        if (member != null && member.role() == Role.READER) {
            throw new NotPermittedException();
        }
        if (!draft.fits(room.encrypted())) {
            throw new IllegalArgumentException("the room's texts are opaque, or this one is");
        }
        return log.find(by.id(), draft.key())
                .map(entry -> log.appended(room, entry, EntryId.START, false))
                .orElseGet(() ->
                        log.write(room, draft.kind(), by, draft.key(), draft.body(), now, draft.lifeIn(room, now)));
    }

    Optional<Appended> forget(Room room, Identity by, @Nullable Member member, long sequence, Instant now) {
        LogEntry entry = log.posted(sequence).orElseThrow(MessageNotFoundException::new);
        if (member != null && !mayForget(member, entry)) {
            throw new NotPermittedException();
        }
        log.claims(entry).ifPresent(MemoryClaims::drop);
        if (entry.life().forgotten() != null) {
            return Optional.empty();
        }
        log.change(entry, entry.life().forgotten(Forgotten.DELETED));
        return Optional.of(
                log.write(room, LogEntry.FORGOTTEN, by, null, EntryBody.forgotten(sequence, Forgotten.DELETED), now));
    }

    private static boolean mayForget(Member member, LogEntry entry) {
        return member.role() != Role.READER && (member.owner() || isOwn(member, entry));
    }

    private static boolean isOwn(Member member, LogEntry entry) {
        return entry.sender().id().equals(member.identity().id());
    }

    // ---- Claiming ----

    Claimed claim(Room room, Member member, long sequence, Instant now) {
        Identity by = member.identity();
        LogEntry entry = log.posted(sequence).orElseThrow(MessageNotFoundException::new);
        if (member.role() == Role.READER || isOwn(member, entry)) {
            throw new NotPermittedException();
        }
        MemoryClaims claims = log.claims(entry).orElseThrow(MessageNotFoundException::new);
        return claims.hasClaimed(by.id()) ? repeat(by, entry, claims, now) : claim(room, by, entry, claims, now);
    }

    private static Claimed repeat(Identity by, LogEntry entry, MemoryClaims claims, Instant now) {
        String body = entry.life().forgotten() == null ? entry.body() : claims.kept(now);
        if (body == null || !claims.mayRepeat(by.id(), now)) {
            throw new ForgottenException();
        }
        return new Claimed(withBody(entry, body, entry.life()), null);
    }

    private Claimed claim(Room room, Identity by, LogEntry entry, MemoryClaims claims, Instant now) {
        Integer before = entry.life().claimsLeft();
        if (before == null) {
            throw new ForgottenException();
        }
        long sequence = entry.id().sequence();
        boolean isLast = before == 1;
        // The entry first: if there is no memory for it, nothing has changed.
        Appended told = isLast
                ? log.write(room, LogEntry.FORGOTTEN, by, null, EntryBody.forgotten(sequence, Forgotten.CLAIMED), now)
                : log.write(room, LogEntry.CLAIMED, by, null, EntryBody.claimed(sequence, before - 1), now);
        claims.claim(by.id(), now);
        if (isLast) {
            log.keep(entry, claims, now);
        }
        BodyLife life = isLast
                ? entry.life().forgotten(Forgotten.CLAIMED)
                : entry.life().withClaimsLeft(before - 1);
        // It may have been the oldest one, which the new entry has pushed out.
        if (log.posted(sequence).isPresent()) {
            log.change(entry, life);
        }
        return new Claimed(
                withBody(entry, entry.body(), life), log.appended(room, told.entry(), told.previous(), true));
    }

    private static LogEntry withBody(LogEntry entry, String body, BodyLife life) {
        return new LogEntry(entry.id(), entry.kind(), entry.sender(), entry.key(), body, entry.at(), life);
    }
}
