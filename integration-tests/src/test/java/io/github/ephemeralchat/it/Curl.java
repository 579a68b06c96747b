package io.github.ephemeralchat.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.ephemeralchat.testsupport.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Runs the program {@code curl}, so that what is tested is what any other client sees on the wire. */
record Curl(URI base) {

    private static final int TIMEOUT_SECONDS = 30;

    /** What came back. */
    record Reply(int status, String head, String body) {

        Reply is(int expected) {
            assertThat(status).as(body).isEqualTo(expected);
            return this;
        }

        /** Asserts that it is a problem with this code, as RFC 9457 says. */
        void isProblem(int expected, String code) {
            is(expected);
            assertThat(header("content-type")).startsWith("application/problem+json");
            assertThat(json().get("code").asText()).isEqualTo(code);
            assertThat(json().get("status").asInt()).isEqualTo(expected);
        }

        JsonNode json() {
            return Answer.parse(body);
        }

        String text(String pointer) {
            return json().at(pointer).asText();
        }

        String header(String name) {
            return head.lines()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                    .map(line -> line.substring(name.length() + 1).trim())
                    .findFirst()
                    .orElse("");
        }
    }

    Reply get(String path, String... more) {
        return run("GET", path, more);
    }

    Reply delete(String path, String... more) {
        return run("DELETE", path, more);
    }

    Reply post(String path, String json, String... more) {
        return json("POST", path, json, more);
    }

    Reply put(String path, String json, String... more) {
        return json("PUT", path, json, more);
    }

    Reply json(String method, String path, String json, String... more) {
        List<String> all = new ArrayList<>(List.of("-H", "Content-Type: application/json", "--data-binary", json));
        all.addAll(List.of(more));
        return run(method, path, all.toArray(String[]::new));
    }

    /** A stream, read for one second. */
    Reply stream(String path, String... more) {
        List<String> all = new ArrayList<>(List.of("-N", "--max-time", "1"));
        all.addAll(List.of(more));
        return run("GET", path, all.toArray(String[]::new));
    }

    Reply run(String method, String path, String... more) {
        List<String> command = new ArrayList<>(List.of("curl", "-sS", "-i", "--http1.1", "-X", method));
        command.addAll(List.of(more));
        command.add(base + path);
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(false).start();
            process.getOutputStream().close();
            try (InputStream out = process.getInputStream()) {
                String answer = new String(out.readAllBytes(), StandardCharsets.UTF_8);
                assertThat(process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
                return parse(answer);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("curl has to be installed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Reply parse(String answer) {
        int end = answer.indexOf("\r\n\r\n");
        assertThat(end).as("curl's answer: %s", answer).isPositive();
        String head = answer.substring(0, end);
        if (head.startsWith("HTTP/1.1 100")) {
            return parse(answer.substring(end + 4));
        }
        return new Reply(Integer.parseInt(head.substring(9, 12)), head, answer.substring(end + 4));
    }

    static String bearer(String token) {
        return "Authorization: Bearer " + token;
    }
}
