package io.github.ephemeralchat.sse;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.TreeSet;

/** Holds responses against the contract, and remembers which of its responses were seen. */
final class Coverage {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Set<String> seen = new TreeSet<>();

    Set<String> seen() {
        return seen;
    }

    void saw(TestRequest request, ApiResponse response) {
        if (response.stream() != null || response.poll() != null || isEvents(response)) {
            return;
        }
        String code = code(response);
        String operation = operation(request);
        if (operation.isEmpty()) {
            assertThat(code).isIn("not_found", "method_not_allowed", "rate_limited", "invalid_request", "");
            return;
        }
        seen.add(OpenApi.response(operation, response.status(), code));
        OpenApi.INSTANCE.check(operation, response);
    }

    /** Its own tests look at what is no JSON. */
    private static boolean isEvents(ApiResponse response) {
        return response.headers().getOrDefault("Content-Type", "").startsWith("text/event-stream");
    }

    /** Such as {@code POST /rooms}; empty where the contract knows no such operation. */
    private static String operation(TestRequest request) {
        try {
            Route route = Route.match(request.method(), request.path()).route();
            return route.method + " " + route.template;
        } catch (ProblemException e) {
            return "";
        }
    }

    private static String code(ApiResponse content) {
        if (!Problem.CONTENT_TYPE.equals(content.headers().get("Content-Type"))) {
            return "";
        }
        try {
            JsonNode problem = JSON.readTree(content.body());
            return problem.path("code").asText();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
