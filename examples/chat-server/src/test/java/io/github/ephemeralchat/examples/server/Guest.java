package io.github.ephemeralchat.examples.server;

import static java.net.http.HttpResponse.BodyHandlers.ofString;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Somebody with a seat, who may ask any node. */
record Guest(HttpClient http, String room, String token) {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    static Guest creates(HttpClient http, URI node) throws IOException, InterruptedException {
        return seat(http, node.resolve("/api/rooms"));
    }

    Guest invites(URI node) throws IOException, InterruptedException {
        return seat(http, node.resolve("/api/rooms/" + room + "/participants"));
    }

    private static Guest seat(HttpClient http, URI where) throws IOException, InterruptedException {
        HttpResponse<String> seat = http.send(
                HttpRequest.newBuilder(where).POST(BodyPublishers.noBody()).build(), ofString());
        assertThat(seat.statusCode()).isEqualTo(201);
        return new Guest(http, member("id", seat.body()), member("token", seat.body()));
    }

    /** Its text is its id, so that it may be repeated. */
    HttpResponse<String> posts(URI node, String text) throws IOException, InterruptedException {
        String json = "{\"text\":\"%s\",\"id\":\"%s\"}".formatted(text, text);
        return http.send(
                at(node, "/messages")
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(json))
                        .timeout(PATIENCE)
                        .build(),
                ofString());
    }

    HttpResponse<String> destroys(URI node) throws IOException, InterruptedException {
        return http.send(at(node, "").DELETE().build(), ofString());
    }

    HttpResponse<String> looks(URI node) throws IOException, InterruptedException {
        return http.send(at(node, "").build(), ofString());
    }

    HttpRequest.Builder at(URI node, String below) {
        return HttpRequest.newBuilder(node.resolve("/api/rooms/" + room + below))
                .header("Authorization", "Bearer " + token);
    }

    /** The first member of that name, whose value may be a text or a number. */
    static String member(String name, String json) {
        Matcher matcher = Pattern.compile("\"" + name + "\":\"?([^\",}]+)").matcher(json);
        assertThat(matcher.find()).as(name).isTrue();
        return matcher.group(1);
    }
}
