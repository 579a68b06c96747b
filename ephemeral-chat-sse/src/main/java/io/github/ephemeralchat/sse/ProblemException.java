package io.github.ephemeralchat.sse;

import io.github.ephemeralchat.internal.support.Failures;
import io.github.ephemeralchat.model.EphemeralChatException;
import io.github.ephemeralchat.model.ForgottenException;
import io.github.ephemeralchat.model.LimitExceededException;
import io.github.ephemeralchat.model.MessageNotFoundException;
import io.github.ephemeralchat.model.MessageRefusedException;
import io.github.ephemeralchat.model.NoSuchSeatException;
import io.github.ephemeralchat.model.NotAParticipantException;
import io.github.ephemeralchat.model.NotPermittedException;
import io.github.ephemeralchat.model.RoomFullException;
import io.github.ephemeralchat.model.RoomNotFoundException;
import io.github.ephemeralchat.model.TooLateException;
import io.github.ephemeralchat.model.TooManyProofsException;
import io.github.ephemeralchat.model.TooManyPropertiesException;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends the handling of a request with a problem. Cheap: no stack trace is ever looked at. */
final class ProblemException extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private static final Logger log = LoggerFactory.getLogger(ProblemException.class);

    /** The others of these come with a header. */
    private static final Map<Class<?>, Problem> PROBLEMS = Map.of(
            NotPermittedException.class, Problem.FORBIDDEN,
            NoSuchSeatException.class, Problem.NOT_FOUND,
            MessageNotFoundException.class, Problem.MESSAGE_NOT_FOUND,
            ForgottenException.class, Problem.FORGOTTEN,
            RoomFullException.class, Problem.ROOM_FULL,
            TooLateException.class, Problem.TOO_LATE,
            LimitExceededException.class, Problem.LIMIT_EXCEEDED);

    final Problem problem;
    final transient ApiResponse response;

    ProblemException(Problem problem) {
        this(problem, problem.response);
    }

    ProblemException(Problem problem, String header, String value) {
        this(problem, problem.response.with(Map.of(header, value)));
    }

    /** A message that the host does not take, for a reason in its own words. */
    static ProblemException refused(String reason) {
        return new ProblemException(Problem.REFUSED, Problem.refused(reason));
    }

    /** Somebody whom a room does not take in. */
    static ProblemException ofRoom(Problem problem, boolean encrypted) {
        return new ProblemException(problem, problem.ofRoom(encrypted));
    }

    private ProblemException(Problem problem, ApiResponse response) {
        super(null, null, false, false);
        this.problem = problem;
        this.response = response;
    }

    /**
     * Refuses a request whose form is wrong.
     *
     * @param rule the broken rule; a constant, never anything that somebody sent
     */
    static ProblemException invalid(String rule) {
        return new ProblemException(Problem.INVALID_REQUEST, Problem.INVALID_REQUEST.response(rule));
    }

    /** What a request has failed with, as its client is told; logged if it is a fault of ours or the host's. */
    static ProblemException of(Throwable failure) {
        if (failure instanceof ProblemException problem) {
            return problem;
        }
        if (failure instanceof NotAParticipantException || failure instanceof RoomNotFoundException) {
            // The endpoints for clients that have no token yet respond for themselves that there is no such room.
            return Credentials.unauthorized();
        }
        Problem known = PROBLEMS.get(failure.getClass());
        if (known != null) {
            return new ProblemException(known);
        }
        if (failure instanceof TooManyProofsException wait) {
            return new ProblemException(Problem.RATE_LIMITED, "Retry-After", seconds(wait.retryAfter()));
        }
        if (failure instanceof MessageRefusedException refused) {
            return refused(refused.reason());
        }
        if (failure instanceof TooManyPropertiesException) {
            return RequestBody.tooManyProperties();
        }
        if (failure instanceof EphemeralChatException) { // The store cannot be reached, or refuses the room.
            return new ProblemException(Problem.UNAVAILABLE, "Retry-After", "1");
        }
        log.error("A request failed", Failures.withoutMessages(failure));
        return new ProblemException(Problem.INTERNAL);
    }

    /** Rounded up, so that whoever waits so long is not too early. */
    private static String seconds(Duration wait) {
        return Long.toString(Math.max(1, wait.plusNanos(999_999_999).toSeconds()));
    }
}
