package io.github.ephemeralchat.testsupport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;

/**
 * An HTTP response that has been read.
 *
 * @param status its status
 * @param headers its headers, by their names in lower case
 * @param body its body
 */
public record Answer(int status, Map<String, List<String>> headers, String body) {

    private static final JsonMapper JSON = new JsonMapper();

    static Answer to(HttpClient http, HttpRequest request) {
        HttpResponse<String> response = send(http, request, BodyHandlers.ofString());
        return new Answer(response.statusCode(), response.headers().map(), response.body());
    }

    static <T> HttpResponse<T> send(HttpClient http, HttpRequest request, BodyHandler<T> body) {
        try {
            return http.send(request, body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /**
     * {@return a text as JSON}
     *
     * @param text the text
     */
    public static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return the body as JSON} */
    public JsonNode json() {
        return parse(body);
    }

    /**
     * {@return the value of the first member with this name, however deep it is}
     *
     * @param member the name
     */
    public String text(String member) {
        return text(body, member);
    }

    static String text(String json, String member) {
        JsonNode value = parse(json).findValue(member);
        if (value == null) {
            throw new AssertionError("there is no " + member);
        }
        return value.asText();
    }

    /**
     * {@return the first value of a header, or an empty text}
     *
     * @param name the header's name, in lower case
     */
    public String header(String name) {
        return headers.getOrDefault(name, List.of("")).get(0);
    }
}
