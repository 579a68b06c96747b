package io.github.ephemeralchat.tck;

import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.RoomStore;
import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * What every {@link RoomStore} has to hold, rule by rule: a store's own test extends this class and says how to create
 * the store. Each test's name begins with the rules that it judges, which are also its tags.
 *
 * <p>Rule S12 is not judged here, because only the backend's own tests can cut it off from its store. S11 is judged for
 * the memory of this JVM; what lies elsewhere is asked of {@link #holdsOutsideThisJvm}.
 *
 * <p>Rooms have random codes, so that the tests can share one backend and run at once with others.
 */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
public abstract class RoomStoreContract {

    private static final Duration REAL_SHORT_LIFE = Duration.ofSeconds(1);
    private static final Duration REAL_TOLERANCE = Duration.ofMillis(100);

    /** For subclasses. */
    protected RoomStoreContract() {}

    /**
     * Creates the store under test. A test calls this once.
     *
     * @param limits how much of each log it has to keep
     * @return a store; it may hold rooms of earlier tests
     */
    protected abstract RoomStore createStore(LogLimits limits);

    /**
     * Returns a store that another node would have over the same rooms.
     *
     * @param store what {@link #createStore} returned
     * @param limits the limits of that store
     * @return another store with the same rooms; by default the same one
     */
    protected RoomStore createOtherNode(RoomStore store, LogLimits limits) {
        return store;
    }

    /**
     * Tells whether anything of a room is held elsewhere than in this JVM's memory, such as a key in a database.
     *
     * @param room a room that has ended
     * @return whether anything is held; false if the store has no such place
     */
    protected abstract boolean holdsOutsideThisJvm(RoomIncarnation room);

    /**
     * Tells whether a body is held elsewhere than in this JVM's memory, such as under a key of a database.
     *
     * @param body a body that was forgotten, unlike any other one
     * @return whether it is held; by default false, for stores that have no such place
     */
    protected boolean holdsBodyOutsideThisJvm(String body) {
        return false;
    }

    /**
     * Tells whether S11 is judged for the memory of this JVM too. A database that runs inside of the tests' JVM may keep
     * pages and caches of its own there; its test says false, and answers for them in {@link #holdsOutsideThisJvm}.
     *
     * @return whether nothing of an ended room may be reachable in this JVM; by default true
     */
    protected boolean isThisJvmJudged() {
        return true;
    }

    /**
     * Tells whether a test may let more than a minute pass: a deadline moves by no less, and only then its old one has
     * passed. A backend that runs the contract several times, and really waits, may say no in all of them but one.
     *
     * @return whether those tests run; by default true. Otherwise they are reported as skipped
     */
    protected boolean passesMinutes() {
        return true;
    }

    /**
     * Lets time pass for the store. By default it really waits; a store whose time can be set is moved
     * by a {@link SettableTime}.
     *
     * @param duration how long
     */
    protected void passTime(Duration duration) {
        Await.pause(duration);
    }

    /**
     * Returns how far {@link RoomStore#now()} may be from the time by which the store judges a deadline. Tests of
     * deadlines keep that distance from them.
     *
     * @return a duration; by default 100 milliseconds. {@link Duration#ZERO} makes the tests exact, and says that the
     *     time stands still until {@link #passTime} moves it
     */
    protected Duration timeTolerance() {
        return REAL_TOLERANCE;
    }

    /**
     * Returns how long a room lives whose end a test waits for. It has to suffice for a few calls.
     *
     * @return a duration; by default one second
     */
    protected Duration shortLife() {
        return REAL_SHORT_LIFE;
    }

    @Nested
    class MembersAndSeats extends MemberRules {
        @Override
        RoomStoreContract contract() {
            return RoomStoreContract.this;
        }
    }

    @Nested
    class Tokens extends TokenRules {
        @Override
        RoomStoreContract contract() {
            return RoomStoreContract.this;
        }
    }

    @Nested
    class Leave extends LeaveRules {
        @Override
        RoomStoreContract contract() {
            return RoomStoreContract.this;
        }
    }

    @Nested
    class Append extends AppendRules {
        @Override
        RoomStoreContract contract() {
            return RoomStoreContract.this;
        }
    }

    @Nested
    class Owner extends OwnerRules {
        @Override
        RoomStoreContract contract() {
            return RoomStoreContract.this;
        }
    }

    @Nested
    class Authority extends AuthorityRules {
        @Override
        RoomStoreContract contract() {
            return RoomStoreContract.this;
        }
    }

    @Nested
    class Destroy extends DestroyRules {
        @Override
        RoomStoreContract contract() {
            return RoomStoreContract.this;
        }
    }

    @Nested
    class Admission extends AdmissionRules {
        @Override
        RoomStoreContract contract() {
            return RoomStoreContract.this;
        }
    }

    @Nested
    class WrongProofs extends WrongProofRules {
        @Override
        RoomStoreContract contract() {
            return RoomStoreContract.this;
        }
    }

    @Nested
    @Execution(ExecutionMode.CONCURRENT) // Its tests wait for real time as a rule: others may run meanwhile.
    class MovedDeadline extends DeadlineRules {
        @Override
        RoomStoreContract contract() {
            return RoomStoreContract.this;
        }
    }

    @Nested
    class Properties extends PropertyRules {
        @Override
        RoomStoreContract contract() {
            return RoomStoreContract.this;
        }
    }

    @Nested
    class Change extends ChangeRules {
        @Override
        RoomStoreContract contract() {
            return RoomStoreContract.this;
        }
    }

    @Nested
    class Forget extends ForgetRules {
        @Override
        RoomStoreContract contract() {
            return RoomStoreContract.this;
        }
    }

    @Nested
    class BodyEnd extends BodyEndRules {
        @Override
        RoomStoreContract contract() {
            return RoomStoreContract.this;
        }
    }

    @Nested
    @Execution(ExecutionMode.CONCURRENT) // Its tests wait for real time as a rule: others may run meanwhile.
    class Claim extends ClaimRules {
        @Override
        RoomStoreContract contract() {
            return RoomStoreContract.this;
        }
    }

    @Nested
    @Execution(ExecutionMode.CONCURRENT) // Its tests wait for real time as a rule: others may run meanwhile.
    class RefusedClaim extends ClaimRefusalRules {
        @Override
        RoomStoreContract contract() {
            return RoomStoreContract.this;
        }
    }

    @Nested
    class Encrypted extends EncryptedRules {
        @Override
        RoomStoreContract contract() {
            return RoomStoreContract.this;
        }
    }

    @Nested
    class SecondNode extends NodeRules {
        @Override
        RoomStoreContract contract() {
            return RoomStoreContract.this;
        }
    }

    @Nested
    class Spelling extends SpellingRules {
        @Override
        RoomStoreContract contract() {
            return RoomStoreContract.this;
        }
    }

    @Nested
    class ReadAfter extends ReadRules {
        @Override
        RoomStoreContract contract() {
            return RoomStoreContract.this;
        }
    }

    @Nested
    class DeadlineAndDestroy extends EndRules {
        @Override
        RoomStoreContract contract() {
            return RoomStoreContract.this;
        }
    }

    @Nested
    class CallsAtOnce extends RaceRules {
        @Override
        RoomStoreContract contract() {
            return RoomStoreContract.this;
        }
    }
}
