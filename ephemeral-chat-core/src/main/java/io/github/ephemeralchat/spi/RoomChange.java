package io.github.ephemeralchat.spi;

import io.github.ephemeralchat.model.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link Actor} asks to change in a room. A change is an entry of the log with an effect, in one step. The set is
 * closed, because a store has to know what it does to its own data; {@link Post} carries kinds that a store does not know.
 *
 * <p>An entry that tells of a change has the actor as its sender, no key, and the body that {@link EntryBody} makes.
 */
public sealed interface RoomChange {

    /**
     * Appends an entry. A reader may not. The body has the life that {@link Draft#lifeIn} says.
     *
     * @param draft what to append
     */
    record Post(Draft draft) implements RoomChange {

        /** Refuses null. */
        public Post {
            Objects.requireNonNull(draft, "draft");
        }
    }

    /**
     * Frees a seat: its tokens are dead, and the entry {@link LogEntry#LEFT} has its identity as the sender. A member frees
     * its own seat; the owner any.
     *
     * @param identityId whose seat; null for the actor's own
     */
    record Leave(@Nullable String identityId) implements RoomChange {

        /** Returns nothing of the id. */
        @Override
        public String toString() {
            return "Leave[...]";
        }
    }

    /**
     * Moves the room's end; the owner may.
     *
     * @param expiresAt the new end: at least {@link #MIN_LEFT} from now by the store's time, and not after
     *     {@link io.github.ephemeralchat.model.Room#latestExpiresAt()}
     */
    record Deadline(Instant expiresAt) implements RoomChange {

        /** How much time must be left before and after the change: every node sees it within that. */
        public static final Duration MIN_LEFT = Duration.ofSeconds(60);

        /** Refuses null. */
        public Deadline {
            Objects.requireNonNull(expiresAt, "expiresAt");
        }
    }

    /**
     * Changes who may come in, and ends the row of wrong proofs; the owner may. An encrypted room always asks for a proof.
     *
     * @param locked whether the room takes nobody who has no seat; null leaves it as it is
     * @param proof what becomes of the proof
     */
    record Admission(@Nullable Boolean locked, ProofChange proof) implements RoomChange {

        /** Refuses null for the proof. */
        public Admission {
            Objects.requireNonNull(proof, "proof");
        }
    }

    /**
     * Gives a seat another role; the owner may. To name another owner makes the former owner a member. The owner's own role
     * changes in no other way.
     *
     * @param identityId whose seat
     * @param role the new role
     */
    record Assign(String identityId, Role role) implements RoomChange {

        /** Refuses null. */
        public Assign {
            Objects.requireNonNull(identityId, "identityId");
            Objects.requireNonNull(role, "role");
        }

        /** Returns the role and nothing of the id. */
        @Override
        public String toString() {
            return "Assign[" + role + "]";
        }
    }

    /**
     * Sets or removes a property; the owner may.
     *
     * @param name its name
     * @param value its value; null removes it
     */
    record Property(String name, @Nullable String value) implements RoomChange {

        /** Refuses null for the name. */
        public Property {
            Objects.requireNonNull(name, "name");
        }

        /** Returns the name; never the value. */
        @Override
        public String toString() {
            return "Property[" + name + "]";
        }
    }

    /**
     * Forgets a body, and appends {@link LogEntry#FORGOTTEN}. Whoever has posted it may, and the owner; a reader may not.
     *
     * @param sequence the place of an entry that was posted
     */
    record Forget(long sequence) implements RoomChange {}

    /** What becomes of a room's proof. */
    sealed interface ProofChange {

        /** It stays as it is. */
        record Keep() implements ProofChange {}

        /** None is needed any more. */
        record Remove() implements ProofChange {}

        /**
         * Another one is needed from now on.
         *
         * @param proof its hash
         */
        record Replace(TokenHash proof) implements ProofChange {

            /** Refuses null. */
            public Replace {
                Objects.requireNonNull(proof, "proof");
            }
        }
    }
}
