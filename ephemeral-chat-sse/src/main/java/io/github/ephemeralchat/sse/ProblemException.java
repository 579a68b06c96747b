package io.github.ephemeralchat.sse;

import java.util.Map;

/** Ends the handling of a call with a problem. Cheap: no stack trace is ever looked at. */
final class ProblemException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Problem problem;
    private final transient ApiResponse.Content response;

    private ProblemException(Problem problem, ApiResponse.Content response) {
        super(null, null, false, false);
        this.problem = problem;
        this.response = response;
    }

    static ProblemException of(Problem problem) {
        return new ProblemException(problem, problem.response());
    }

    static ProblemException of(Problem problem, Map<String, String> headers) {
        return new ProblemException(problem, problem.response().with(headers));
    }

    /**
     * Refuses a request whose form is wrong.
     *
     * @param rule the broken rule; a constant, never anything that somebody sent
     */
    static ProblemException invalid(String rule) {
        return new ProblemException(Problem.INVALID_REQUEST, Problem.INVALID_REQUEST.response(rule));
    }

    Problem problem() {
        return problem;
    }

    ApiResponse.Content response() {
        return response;
    }
}
