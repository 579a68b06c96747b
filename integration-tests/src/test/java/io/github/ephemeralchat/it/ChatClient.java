package io.github.ephemeralchat.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;

/** A client of the HTTP API that is not a browser. */
record ChatClient(HttpClient http, URI base) {

    private static final JsonMapper JSON = new JsonMapper();

    /** An answer. */
    record Answer(int status, Map<String, List<String>> headers, String text) {

        JsonNode json() {
            return parse(text);
        }

        String header(String name) {
            return headers.getOrDefault(name, List.of("")).get(0);
        }
    }

    /** Somebody with a seat. */
    record Seat(ChatClient client, String room, String token, String id) {

        Answer post(String text) {
            return client.send(
                    "POST",
                    "/rooms/" + room + "/messages",
                    token,
                    JSON.createObjectNode().put("text", text).toString());
        }

        Answer post(String text, String id) {
            String body =
                    JSON.createObjectNode().put("text", text).put("id", id).toString();
            return client.send("POST", "/rooms/" + room + "/messages", token, body);
        }

        Answer destroy() {
            return client.send("DELETE", "/rooms/" + room, token, null);
        }

        Answer leave() {
            return client.send("DELETE", "/rooms/" + room + "/participants/me", token, null);
        }

        SseClient stream(String query, String lastEventId) {
            URI uri = URI.create(client.base + "/rooms/" + room + "/events" + query);
            return SseClient.open(client.http, uri, token, lastEventId);
        }
    }

    static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ChatClient of(URI base) {
        return new ChatClient(
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build(), base);
    }

    Answer send(String method, String path, String token, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        request.method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        try {
            HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.headers().map(), response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    Seat create(int seats) {
        return seat(send("POST", "/rooms", null, "{\"ttlMinutes\":60,\"maxParticipants\":" + seats + "}"));
    }

    Seat join(String room) {
        return seat(send("POST", "/rooms/" + room + "/participants", null, null));
    }

    private Seat seat(Answer answer) {
        if (answer.status() != 201) {
            throw new IllegalStateException("no seat: " + answer.status() + " " + answer.text());
        }
        JsonNode json = answer.json();
        return new Seat(
                this,
                json.at("/room/id").asText(),
                json.at("/token").asText(),
                json.at("/participant/id").asText());
    }
}
