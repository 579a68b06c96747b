package io.github.ephemeralchat.sse;

import java.util.Map;

/** Ends the handling of a request with a problem. Cheap: no stack trace is ever looked at. */
final class ProblemException extends RuntimeException {

    private static final long serialVersionUID = 1L;

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
}
