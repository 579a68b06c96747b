package io.github.ephemeralchat.spring;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Prints why the chat cannot start in place of a stack trace. */
final class ChatStartFailureAnalyzer extends AbstractFailureAnalyzer<ChatStartException> {

    ChatStartFailureAnalyzer() {}

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, ChatStartException cause) {
        return new FailureAnalysis(cause.getMessage(), cause.action, cause);
    }
}
