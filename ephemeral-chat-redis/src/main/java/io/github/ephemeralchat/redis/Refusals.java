package io.github.ephemeralchat.redis;

import io.github.ephemeralchat.model.ForgottenException;
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
import java.time.Duration;

/** What the scripts refuse, as the SPI says it. */
final class Refusals {

    private Refusals() {}

    /** Throws if the script has refused, and returns the reply if not. */
    static Reply orThrow(Reply reply) {
        switch (reply.status()) {
            case "not_found" -> throw new RoomNotFoundException();
            case "not_member" -> throw new NotAParticipantException();
            case "not_permitted" -> throw new NotPermittedException();
            case "locked" -> throw new RoomLockedException(reply.text(0).equals("1"));
            case "waiting" -> throw new TooManyProofsException(Duration.ofMillis(reply.number(0)));
            case "wrong_proof" -> throw new WrongProofException(reply.text(0).equals("1"));
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
        return reply;
    }
}
