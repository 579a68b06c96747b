package io.github.ephemeralchat.sse;

import java.util.Map;

/** Ends the handling of a call with a problem. Cheap: no stack trace is ever looked at. */
final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Problem problem;
    private final transient Answer.Content answer;

    private Refusal(Problem problem, Answer.Content answer) {
        super(null, null, false, false);
        this.problem = problem;
        this.answer = answer;
    }

    static Refusal of(Problem problem) {
        return new Refusal(problem, problem.answer());
    }

    static Refusal of(Problem problem, Map<String, String> headers) {
        return new Refusal(problem, problem.answer().with(headers));
    }

    /**
     * Refuses a request whose form is wrong.
     *
     * @param rule the broken rule; a constant, never anything that somebody sent
     */
    static Refusal invalid(String rule) {
        return new Refusal(Problem.INVALID_REQUEST, Problem.INVALID_REQUEST.answer(rule));
    }

    Problem problem() {
        return problem;
    }

    Answer.Content answer() {
        return answer;
    }
}
