package io.github.ephemeralchat.postgresql;

import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.spi.Draft;
import io.github.ephemeralchat.spi.RoomChange;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A function for a change, with what it takes beside the actor.
 *
 * @param function its name
 * @param arguments its arguments after the actor's
 */
record ChangeCall(String function, List<@Nullable Object> arguments) {

    static ChangeCall of(RoomChange change) {
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
