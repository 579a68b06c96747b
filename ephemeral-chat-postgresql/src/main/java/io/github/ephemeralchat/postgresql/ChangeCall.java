package io.github.ephemeralchat.postgresql;

import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.spi.Actor;
import io.github.ephemeralchat.spi.Draft;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.spi.RoomStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A function that does something in an actor's name.
 *
 * @param function its name
 * @param arguments what it takes after the code and the time
 */
record ChangeCall(String function, List<@Nullable Object> arguments) {

    static ChangeCall of(LogLimits limits, Actor actor, RoomChange change) {
        if (actor instanceof Actor.Host && change instanceof RoomChange.Leave leave && leave.identityId() == null) {
            throw new IllegalArgumentException("the host has no seat");
        }
        return of(change).inNameOf(limits, actor);
    }

    static ChangeCall claim(LogLimits limits, Actor actor, long sequence) {
        if (actor instanceof Actor.Host) {
            throw new IllegalArgumentException("the host claims nothing");
        }
        return of("claim", sequence, RoomStore.CLAIM_REPEATS.toMillis()).inNameOf(limits, actor);
    }

    static ChangeCall destroy(RoomIncarnation room, Actor actor) {
        List<@Nullable Object> all = new ArrayList<>();
        all.add(room.number());
        all.addAll(actor(actor));
        return new ChangeCall("destroy_room", all);
    }

    /** Returns the function's name; never an argument. */
    @Override
    public String toString() {
        return function;
    }

    private ChangeCall inNameOf(LogLimits limits, Actor actor) {
        List<@Nullable Object> all = new ArrayList<>();
        all.add((long) limits.maxEntries());
        all.add(limits.maxTextBytes());
        all.addAll(actor(actor));
        all.addAll(arguments);
        return new ChangeCall(function, all);
    }

    private static List<String> actor(Actor actor) {
        if (actor instanceof Actor.ByToken by) {
            return List.of("token", by.token().hex());
        }
        return actor instanceof Actor.ById by
                ? List.of("id", by.identityId())
                : List.of("host", ((Actor.Host) actor).name());
    }

    private static ChangeCall of(RoomChange change) {
        if (change instanceof RoomChange.Post post) {
            return of("post", draft(post.draft()));
        }
        if (change instanceof RoomChange.Leave leave) {
            return of("leave", leave.identityId());
        }
        if (change instanceof RoomChange.Deadline deadline) {
            return of("move_deadline", deadline.expiresAt().toEpochMilli(), RoomChange.Deadline.MIN_LEFT.toMillis());
        }
        if (change instanceof RoomChange.Admission admission) {
            boolean keeps = admission.proof() instanceof RoomChange.ProofChange.Keep;
            return of("set_admission", admission.locked(), keeps, newProof(admission.proof()));
        }
        if (change instanceof RoomChange.Assign assign) {
            return of("assign", assign.identityId(), assign.role().value());
        }
        if (change instanceof RoomChange.Forget forget) {
            return of("forget", forget.sequence());
        }
        RoomChange.Property property = (RoomChange.Property) change;
        String value = property.value();
        byte[] bytes = value == null ? null : Rows.bytes(value);
        return of("set_property", property.name(), bytes, Room.MAX_PROPERTIES, Room.MAX_PROPERTY_BYTES);
    }

    private static ChangeCall of(String function, @Nullable Object... arguments) {
        return new ChangeCall(function, Arrays.asList(arguments));
    }

    private static @Nullable Object[] draft(Draft draft) {
        return new @Nullable Object[] {
            draft.kind(),
            draft.key(),
            Rows.bytes(draft.body()),
            draft.encrypted(),
            Rows.millis(draft.ttl()),
            draft.claims()
        };
    }

    private static @Nullable String newProof(RoomChange.ProofChange change) {
        return change instanceof RoomChange.ProofChange.Replace replace
                ? replace.proof().hex()
                : null;
    }
}
