package io.github.ephemeralchat.postgresql;

import io.github.ephemeralchat.internal.support.Failures;
import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.ForgottenException;
import io.github.ephemeralchat.model.LimitExceededException;
import io.github.ephemeralchat.model.MessageNotFoundException;
import io.github.ephemeralchat.model.NoSuchSeatException;
import io.github.ephemeralchat.model.NotAParticipantException;
import io.github.ephemeralchat.model.NotPermittedException;
import io.github.ephemeralchat.model.RoomFullException;
import io.github.ephemeralchat.model.RoomLockedException;
import io.github.ephemeralchat.model.RoomNotFoundException;
import io.github.ephemeralchat.model.TooLateException;
import io.github.ephemeralchat.model.TooManyProofsException;
import io.github.ephemeralchat.model.TooManyPropertiesException;
import io.github.ephemeralchat.model.WrongProofException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;

/** What the functions refuse, and what the server does, as the SPI says it. */
final class Refusals {

    /** Neither disk nor memory is left. */
    private static final Set<String> FULL = Set.of("53100", "53200");

    private static final String ZERO_BYTE = "22021";

    private Refusals() {}

    /** Throws if the function has refused. */
    static void throwIfAny(Row answer) {
        switch (answer.text("status")) {
            case "not_found" -> throw new RoomNotFoundException();
            case "not_member" -> throw new NotAParticipantException();
            case "not_permitted" -> throw new NotPermittedException();
            case "locked" -> throw new RoomLockedException(answer.number("detail") == 1);
            case "waiting" -> throw new TooManyProofsException(Duration.ofMillis(answer.number("detail")));
            case "wrong_proof" -> throw new WrongProofException(answer.number("detail") == 1);
            case "full" -> throw new RoomFullException();
            case "no_such_seat" -> throw new NoSuchSeatException();
            case "role_of_owner" ->
                throw new IllegalArgumentException("the owner's role changes by naming another owner");
            case "too_late" -> throw new TooLateException();
            case "out_of_bounds" ->
                throw new IllegalArgumentException("a room ends 60 s from now or later, and not after its latest end");
            case "proof_needed" -> throw new IllegalArgumentException("an encrypted room asks for a proof");
            case "does_not_fit" -> throw new IllegalArgumentException("the room's texts are opaque, or this one is");
            case "no_profile" -> throw new IllegalArgumentException("a profile fits an encrypted room alone");
            case "no_message" -> throw new MessageNotFoundException();
            case "forgotten" -> throw new ForgottenException();
            case "too_many" -> throw new TooManyPropertiesException();
            default -> {}
        }
    }

    /** What a caller gets. Without the driver's own messages: what it says of a statement may quote it. */
    static RuntimeException of(SQLException failure) {
        String state = failure.getSQLState();
        if (FULL.contains(String.valueOf(state))) {
            return new LimitExceededException("PostgreSQL's disk or memory is full");
        }
        if (ZERO_BYTE.equals(state)) {
            return new IllegalArgumentException("PostgreSQL keeps no zero byte in a kind, a key or a name");
        }
        return new ChatUnavailableException(
                isRefusal(failure) ? "PostgreSQL refuses: " + state : "PostgreSQL cannot be asked",
                Failures.withoutMessages(failure));
    }

    /** Whether the server has answered, though not what it was asked for. */
    static boolean isRefusal(SQLException failure) {
        String state = failure.getSQLState();
        return state != null && state.matches("[0-9A-Z]{5}") && !state.startsWith("08");
    }
}
